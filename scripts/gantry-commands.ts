/** The tables of commands in docs/gantry.md, from what each command says of itself. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Option } from '../cli/src/command-line/command.ts'
import { commands } from '../cli/src/commands/index.ts'

const manual = 'docs/gantry.md'
const begin =
  '<!-- Generated from cli/src/commands by scripts/generate.ts; change the commands, not this section. -->'
const end = '<!-- End of the generated section. -->'

/** A `|` within a cell would end it. */
const cell = (text: string): string => text.replaceAll('|', '\\|')

const optionName = (name: string, { short, type, value }: Option): string => {
  const dashed = `${short ? `-${short}, ` : ''}--${name}`
  return `\`${type === 'string' ? `${dashed} ${value ?? 'TEXT'}` : dashed}\``
}

/** Indented lines are commands. */
const prose = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line.startsWith('  ') ? `- \`${line.trim().replace(/ {2,}/g, ': ')}\`` : line))
    .join('\n')

const rowsOf = (command: Command): readonly string[] => [
  ...command.arguments.map(
    ({ name, about, required }) => `| \`${name}\` | ${cell(about)}${required ? '' : ' (optional)'} |`,
  ),
  ...Object.entries(command.options).map(
    ([name, option]) => `| ${cell(optionName(name, option))} | ${cell(option.about)} |`,
  ),
]

const sectionOf = (command: Command): string => {
  const synopsis = command.arguments.map(({ name, required }) => ` ${required ? name : `[${name}]`}`).join('')
  const rows = rowsOf(command)
  const examples = (command.examples ?? []).map(([line, what]) => `gantry ${line}   # ${what}`)
  return [
    `### ${command.name}`,
    `\`gantry ${command.name}${synopsis}\` ${command.summary}.`,
    ...(command.about ? [prose(command.about)] : []),
    ...(rows.length > 0 ? [['| argument or option | |', '| --- | --- |', ...rows].join('\n')] : []),
    ...(examples.length > 0 ? [`\`\`\`sh\n${examples.join('\n')}\n\`\`\``] : []),
  ].join('\n\n')
}

/** The page with its section made anew, by its path. */
export const commandFiles = (root: string): ReadonlyMap<string, string> => {
  const [before, rest] = readFileSync(join(root, manual), 'utf8').split(begin)
  const [, after] = rest?.split(end) ?? []
  if (before === undefined || after === undefined)
    throw new Error(`${manual} has no longer both lines between which the commands stand`)
  const sections = commands.filter(({ isHidden }) => !isHidden).map(sectionOf)
  return new Map([[manual, `${before}${begin}\n\n${sections.join('\n\n')}\n\n${end}${after}`]])
}
