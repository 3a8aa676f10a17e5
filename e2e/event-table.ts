/** What each event cost, as a table in Markdown. */
import { addTallies, emptyTallies, type Tallies, type Tally } from './traffic.ts'

export interface Row {
  readonly event: string
  /** What is not promised says so. */
  readonly promise: 'none lost' | 'not promised'
  readonly seconds: number
  readonly tallies: Tallies
}

/** `0`, or the number with its kinds: `17 (12 refused, 5 reset)`. */
const lossesOf = ({ lost }: Tally): string => {
  const kinds = Object.entries(lost).map(([why, count]) => `${count} ${why}`)
  const total = Object.values(lost).reduce((sum, count) => sum + count, 0)
  return kinds.length > 0 ? `${total} (${kinds.join(', ')})` : '0'
}

const answeredOf = ({ answered }: Tally): number =>
  Object.values(answered).reduce((sum, count) => sum + count, 0)

const cellsOf = (tally: Tally): readonly string[] => [
  String(tally.sent),
  String(answeredOf(tally)),
  lossesOf(tally),
]

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const rowOf = ({ event, promise, seconds, tallies: { kept, fresh } }: Row): string =>
  line([
    event,
    promise,
    `${Math.round(seconds)} s`,
    ...cellsOf(kept),
    ...cellsOf(fresh),
    `${Math.round(Math.max(kept.slowestMs, fresh.slowestMs))} ms`,
  ])

/** Rows of the same event, such as those of several rounds, as one. */
const merged = (rows: readonly Row[]): readonly Row[] =>
  [...Map.groupBy(rows, ({ event }) => event).values()].map((same) => ({
    ...(same[0] as Row),
    seconds: same.reduce((sum, { seconds }) => sum + seconds, 0) / same.length,
    tallies: addTallies([emptyTallies(), ...same.map(({ tallies }) => tallies)]),
  }))

export const eventTable = (rows: readonly Row[]): string =>
  [
    line([
      'event',
      'promise',
      'took',
      'kept: sent',
      'answered',
      'lost',
      'new: sent',
      'answered',
      'lost',
      'slowest',
    ]),
    line(['---', '---', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '--:']),
    ...merged(rows).map(rowOf),
  ].join('\n')
