/** Tables for people: aligned columns of one line each. */
import { plainText } from '@gantry/contract/plain-text.ts'
import stringWidth from 'fast-string-width'
import { type Colour, plain, type Style } from './style.ts'

export interface Cell {
  readonly text: string
  readonly colour?: Colour
}

export interface Column {
  readonly title: string
  /** Numbers stand below each other by their last digit. */
  readonly isNumber?: boolean
}

/** A cell is text, or text with a colour. Absent ones are shown as `-`. */
export type Row = readonly (string | Cell | undefined)[]

const gap = '   '
/** Most characters of a cell; longer texts belong into `describe`. */
const mostOfCell = 120

const cellOf = (given: Row[number]): Cell => {
  const cell = typeof given === 'object' ? given : { text: given ?? '' }
  return { ...cell, text: plainText(cell.text, mostOfCell) || '-' }
}

const padded = (cell: Cell, width: number, isNumber: boolean, isLast: boolean, style: Style): string => {
  const space = ' '.repeat(Math.max(width - stringWidth(cell.text), 0))
  const text = cell.colour ? style(cell.colour, cell.text) : cell.text
  if (isNumber) return space + text
  return isLast ? text : text + space
}

/** @returns lines, the titles first. Wide characters count for two columns. */
export const table = (
  columns: readonly Column[],
  rows: readonly Row[],
  style: Style = plain,
): readonly string[] => {
  const cells = rows.map((row) => columns.map((_, index) => cellOf(row[index])))
  const titles = columns.map(({ title }): Cell => ({ text: title, colour: 'bold' }))
  const widths = columns.map((_, index) =>
    Math.max(...[titles, ...cells].map((row) => stringWidth(row[index]?.text ?? ''))),
  )
  const line = (row: readonly Cell[]): string =>
    row
      .map((cell, index) => {
        const isLast = index === columns.length - 1
        return padded(cell, widths[index] ?? 0, columns[index]?.isNumber ?? false, isLast, style)
      })
      .join(gap)
      .trimEnd()
  return [titles, ...cells].map(line)
}

/** Names and values below each other, as `describe` shows them. */
export const fields = (
  pairs: readonly (readonly [name: string, value: string | Cell | undefined])[],
  style: Style = plain,
): readonly string[] => {
  const shown = pairs.filter(([, value]) => value !== undefined && value !== '')
  const width = Math.max(0, ...shown.map(([name]) => stringWidth(name)))
  return shown.map(([name, value]) => {
    const cell: Cell = typeof value === 'object' ? value : { text: value ?? '' }
    const text = plainText(cell.text)
    const space = ' '.repeat(width - stringWidth(name))
    return `${style('dim', name)}${space}  ${cell.colour ? style(cell.colour, text) : text}`
  })
}

/** Lines of at most `width` columns, cut between words. A longer word keeps a line of its own. */
export const wrapped = (text: string, width: number): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of plainText(text).split(' ')) {
    if (line !== '' && stringWidth(line) + 1 + stringWidth(word) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}
