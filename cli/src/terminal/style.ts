/** Colours, on a terminal only. */
import { plainLine } from '@gantry/contract/plain-text.ts'
import type { Output } from './output.ts'

/** SGR codes of ECMA-48: on, and off. */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const

export type Colour = keyof typeof codes
export type Style = (colour: Colour, text: string) => string

const esc = '\u001b'

export const plain: Style = (_colour, text) => text

const coloured: Style = (colour, text) => {
  const [on, off] = codes[colour]
  return text === '' ? text : `${esc}[${on}m${text}${esc}[${off}m`
}

/** The marks that `coloured` makes, and no other. */
const marks = new RegExp(
  `(${[...new Set(Object.values(codes).flat())].map((code) => `${esc}\\[${code}m`).join('|')})`,
)

/** A line in which nothing but colours of this program drives the terminal: the last guard before the output. */
export const guarded = (line: string, style: Style): string =>
  line
    .split(marks) // every second part is a mark
    .map((part, index) => (index % 2 === 0 ? plainLine(part) : style === plain ? '' : part))
    .join('')

/** NO_COLOR with any value but the empty one means none (https://no-color.org), as does TERM=dumb. */
export const styleFor = (output: Output, env: NodeJS.ProcessEnv): Style =>
  output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? coloured : plain
