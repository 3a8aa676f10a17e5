/** The report of an evaluation as Markdown with tables, as GitHub and GitLab show it. Plots are left out. */
import { plainText } from '@gantry/contract/plain-text.ts'
import { type Report, reportOf } from './report.ts'
import type { Block, Section, Table } from './section.ts'
import type { EvaluationSummary } from './summary.ts'

/** What would begin markup; `_` within a word does not. Entities stand where a backslash does not help within a table. */
const markup = /[\\`*[\]~#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu
const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '|': '&#124;' }
/** What would begin a list or underline a heading where it begins a line. */
const lineStart = /^[-+=]/
/** Addresses become links by themselves on many sites; the text is foreign. */
const links = /:\/\/|www\.|@/gi

const escaped = (text: string): string =>
  plainText(text)
    .replaceAll(markup, String.raw`\$&`)
    .replaceAll(/[<>&|]/g, (character) => entities[character] ?? '')
    .replace(lineStart, String.raw`\$&`)
    .replaceAll(links, (start) => start.replace(/[:.@]/, (mark) => `&#${mark.charCodeAt(0)};`))

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const tableText = ({ columns, rows }: Table): string =>
  [
    row(columns.map(({ name }) => escaped(name))),
    row(columns.map(({ numeric }) => (numeric ? '---:' : '---'))),
    ...rows.map((cells) => row(cells.map(escaped))),
  ].join('\n')

const blockText = (block: Block): string | undefined => {
  switch (block.kind) {
    case 'paragraph':
      return escaped(block.text)
    case 'list':
      return block.items.map((item) => `- ${escaped(item)}`).join('\n')
    case 'table':
      return tableText(block)
    case 'plot':
      return undefined
  }
}

const sectionText = ({ heading, blocks, parts = [] }: Section, level: number): string =>
  [
    `${'#'.repeat(level)} ${escaped(heading)}`,
    ...blocks.map(blockText).filter((text) => text !== undefined && text !== ''),
    ...parts.map((part) => sectionText(part, level + 1)),
  ].join('\n\n')

const text = ({ title, introduction, sections }: Report): string =>
  `${[
    `# ${escaped(title)}`,
    escaped(introduction),
    ...sections.map((section) => sectionText(section, 2)),
  ].join('\n\n')}\n`

export const reportMarkdown = (summary: EvaluationSummary): string => text(reportOf(summary))
