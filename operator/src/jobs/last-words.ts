/** What a container said before it ended, for a message: its termination message is a report or the end of its log. */
import type { LogLine } from '@gantry/contract/log.ts'
import { quoted } from '@gantry/contract/plain-text.ts'

interface Line {
  readonly level?: string
  readonly text: string
}

/** A line as our programs write it, or of another program, such as a sidecar. */
type Entry = Partial<Readonly<Record<keyof LogLine | 'error', unknown>>>

const textOf = ({ message, error }: Entry): string | undefined =>
  [message, error].find((text) => typeof text === 'string')

/** The message of a JSON line of the log, or the line itself where it is no JSON. */
const parseLine = (line: string): Line => {
  try {
    const entry = JSON.parse(line) as Entry
    const { level } = entry
    return { text: textOf(entry) ?? line, ...(typeof level === 'string' ? { level } : {}) }
  } catch {
    return { text: line }
  }
}

/** The last line at level error, or else the last line; undefined when nothing was said. */
export const lastWords = (terminationMessage: string | undefined): string | undefined => {
  const lines = (terminationMessage ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const parsed = lines.map(parseLine)
  const words = parsed.findLast(({ level }) => level === 'error')?.text ?? parsed.at(-1)?.text
  return words === undefined ? undefined : quoted(words)
}
