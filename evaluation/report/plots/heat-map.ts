/** A confusion matrix: actual classes down, predicted ones across, each row shaded by shares of its samples. */

import { type Html, html } from '../html.ts'
import { percent } from '../quantities.ts'
import { type Frame, framed, px } from './frame.ts'
import { fitting, textWidth } from './text-width.ts'

interface Matrix {
  readonly labels: readonly string[]
  /** counts[i][j] samples of class i were predicted as class j. */
  readonly counts: readonly (readonly number[])[]
}

interface Cell {
  readonly row: number
  readonly column: number
  readonly count: number
  /** Share of the samples of the row, above 0. */
  readonly share: number
}

/** Pixels of the matrix, of a cell at most, and of a label at most. */
const size = 560
const widestCell = 44
const mostLabel = 140
/** Most classes whose cells have a number, and a description of their own. */
const mostNumbers = 16
/** Steps of the shading. */
const levels = 10
/** Pixels between labels, below which some are left out. */
const labelStep = 13

const cellsOf = ({ counts }: Matrix): readonly Cell[] =>
  counts.flatMap((counted, row) => {
    const total = counted.reduce((sum, count) => sum + count, 0)
    const cells: Cell[] = []
    for (const [column, count] of counted.entries())
      if (count > 0) cells.push({ row, column, count, share: count / total })
    return cells
  })

const levelOf = ({ share }: Cell): number => Math.max(1, Math.ceil(share * levels))
const sideOf = ({ row, column }: Cell): string => (row === column ? 'right' : 'wrong')

/** Cells of one shade are one path, so that a hundred classes are no ten thousand elements. */
const paths = (cells: readonly Cell[], cell: number, frame: Frame): Html => {
  const groups = Map.groupBy(cells, (one) => `${sideOf(one)} l${levelOf(one)}`)
  return html`${[...groups].map(([name, members]) => {
    const path = members.map(
      ({ row, column }) =>
        `M${px(frame.left + column * cell)} ${px(frame.top + row * cell)}h${px(cell)}v${px(cell)}h${px(-cell)}z`,
    )
    return html`<path class="cell ${name}" d="${markup(path.join(''))}"/>`
  })}`
}

/** A path is longer than any text may be. */
const markup = (path: string): Html => ({ markup: path })

const numbers = (
  cells: readonly Cell[],
  cell: number,
  { frame, labels }: { frame: Frame; labels: readonly string[] },
): Html =>
  html`${cells.map((one) => {
    const [x, y] = [frame.left + (one.column + 0.5) * cell, frame.top + (one.row + 0.5) * cell]
    const title = `${labels[one.row]} predicted as ${labels[one.column]}: ${one.count} (${percent(one.share)})`
    return html`<text class="count${one.share > 0.55 ? ' strong' : ''}" x="${px(x)}" y="${px(y + 4)}" text-anchor="middle"><title>${title}</title>${one.count}</text>`
  })}`

const labelTexts = (labels: readonly string[], cell: number, frame: Frame): Html => {
  const every = Math.ceil(labelStep / cell)
  return html`${labels.map((label, index) => {
    if (index % every !== 0) return undefined
    const text = fitting(label, mostLabel, 11)
    const at = (index + 0.5) * cell
    return html`<text class="class" x="${px(frame.left - 6)}" y="${px(frame.top + at + 4)}" text-anchor="end">${text}<title>${label}</title></text><text class="class" transform="translate(${px(frame.left + at + 4)} ${px(frame.top - 6)}) rotate(-90)">${text}<title>${label}</title></text>`
  })}`
}

export const heatMap = (matrix: Matrix): Html => {
  const { labels } = matrix
  const cell = Math.min(widestCell, size / labels.length)
  const side = cell * labels.length
  const room = 32 + Math.max(...labels.map((label) => textWidth(fitting(label, mostLabel, 11), 11)))
  const frame: Frame = {
    left: room,
    top: room,
    right: 8,
    bottom: 8,
    width: room + side + 8,
    height: room + side + 8,
  }
  const cells = cellsOf(matrix)
  const right = cells.filter((one) => one.row === one.column).reduce((sum, { count }) => sum + count, 0)
  const all = cells.reduce((sum, { count }) => sum + count, 0)
  const description = `Confusion matrix of ${labels.length} classes: ${right} of ${all} samples are on the diagonal`
  const middle = px(room + side / 2)
  return framed(frame, description, {}, [
    html`<rect class="matrix" x="${px(room)}" y="${px(room)}" width="${px(side)}" height="${px(side)}"/>`,
    paths(cells, cell, frame),
    labels.length <= mostNumbers && numbers(cells, cell, { frame, labels }),
    labelTexts(labels, cell, frame),
    html`<text class="label" x="${middle}" y="14" text-anchor="middle">Predicted</text><text class="label" transform="translate(14 ${middle}) rotate(-90)" text-anchor="middle">Actual</text>`,
  ])
}
