/** Progress of a long command: a bar in one line of a terminal, and a line for each step in files and pipes. */
import stringWidth from 'fast-string-width'
import { duration } from './figures.ts'
import { columnsOf, type Output } from './output.ts'

export interface Step {
  /** What is being done, such as `measuring small`. */
  readonly what: string
  readonly done?: number
  readonly of?: number
}

export interface Progress {
  readonly show: (step: Step) => void
  /** Removes the bar, so that something else can be written. */
  readonly clear: () => void
}

const eraseLine = '\r\u001b[2K'
const barWidth = 20

const bar = (share: number): string => {
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * barWidth)
  return `[${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}]`
}

/** Time left where the rest takes as long as what is done; unknown before anything is. */
export const timeLeftMs = (elapsedMs: number, done: number, of: number): number | undefined =>
  done > 0 && of > 0 ? (elapsedMs / done) * Math.max(of - done, 0) : undefined

const barLine = ({ what, done, of }: Step, elapsedMs: number): string => {
  if (done === undefined || of === undefined || of === 0) return `${what} … ${duration(elapsedMs)}`
  const left = timeLeftMs(elapsedMs, done, of)
  const rest = left === undefined || done === of ? '' : `, about ${duration(left)} left`
  return `${bar(done / of)} ${done}/${of} ${what}${rest}`
}

/** Cuts a line that would wrap: it could not be rewritten. */
const cut = (line: string, columns: number): string => {
  let text = line
  while (stringWidth(text) > columns) text = [...text].slice(0, -1).join('')
  return text
}

/** @param nowMs a clock that does not jump */
export const progressOn = (output: Output, nowMs: () => number): Progress => {
  const start = nowMs()
  let shown = ''
  if (output.isTTY !== true)
    return {
      show: ({ what, done, of }) => {
        const line = done === undefined || of === undefined ? what : `${done}/${of} ${what}`
        if (line !== shown) output.write(`${line}\n`)
        shown = line
      },
      clear: () => undefined,
    }
  return {
    show: (step) => {
      shown = cut(barLine(step, nowMs() - start), columnsOf(output) - 1)
      output.write(`${eraseLine}${shown}`)
    },
    clear: () => {
      if (shown !== '') output.write(eraseLine)
      shown = ''
    },
  }
}
