/** The report of an evaluation as one HTML file: no scripts, nothing is loaded from elsewhere. */
import { type Html, html } from './html.ts'
import { type Report, reportOf } from './report.ts'
import type { Block, Section, Table } from './section.ts'
import { style } from './style.ts'
import type { EvaluationSummary } from './summary.ts'

/** Rows from which a table scrolls in a box of its own. */
const manyRows = 25

/** A browser refuses whatever else the page would load or run. */
const policy = "default-src 'none'; style-src 'unsafe-inline'"

const tableMarkup = ({ columns, rows }: Table): Html => {
  const kinds = columns.map(({ numeric }) => html`${numeric && html` class="number"`}`)
  const head = columns.map(({ name }, index) => html`<th scope="col"${kinds[index]}>${name}</th>`)
  const body = rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, index) => html`<td dir="auto"${kinds[index]}>${cell}</td>`)}</tr>\n`,
  )
  const box = rows.length > manyRows ? 'scroll long' : 'scroll'
  return html`<div class="${box}" tabindex="0" role="group" aria-label="Table"><table><thead><tr>${head}</tr></thead><tbody>\n${body}</tbody></table></div>\n`
}

const blockMarkup = (block: Block): Html => {
  switch (block.kind) {
    case 'paragraph':
      return html`<p>${block.text}</p>\n`
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li>${item}</li>`)}</ul>\n`
    case 'table':
      return tableMarkup(block)
    case 'plot':
      return html`<figure>${block.draw()}<figcaption>${block.caption}</figcaption></figure>\n`
  }
}

/** Plots that follow each other stand side by side where there is room. */
const blocksMarkup = (blocks: readonly Block[]): readonly Html[] =>
  blocks.map((block, index) => {
    const isPlot = block.kind === 'plot'
    const opens = isPlot && blocks[index - 1]?.kind !== 'plot'
    const closes = isPlot && blocks[index + 1]?.kind !== 'plot'
    return html`${opens && html`<div class="figures">`}${blockMarkup(block)}${closes && html`</div>`}`
  })

/** The first part is open, so that a page without a click shows what there is. */
const partMarkup = ({ heading, blocks }: Section, index: number): Html =>
  html`<details${index === 0 && html` open`}><summary>${heading}</summary>${blocksMarkup(blocks)}</details>\n`

const sectionMarkup = ({ heading, blocks, parts = [] }: Section): Html =>
  html`<section><h2>${heading}</h2>${blocksMarkup(blocks)}${parts.map(partMarkup)}</section>\n`

const page = ({ title, introduction, sections }: Report): Html =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
${style}
</head>
<body>
<h1>${title}</h1>
<p class="introduction">${introduction}</p>
${sections.map(sectionMarkup)}</body>
</html>
`

export const reportHtml = (summary: EvaluationSummary): string => page(reportOf(summary)).markup
