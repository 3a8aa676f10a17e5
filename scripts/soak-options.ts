import { parseArgs } from 'node:util'
import { wholeNumber } from './command-line.ts'

export const soakUsage = `usage: npm run soak [-- --rounds N] [--per-second N] [--write]

  --rounds N      how often each event is repeated (default: 3)
  --per-second N  requests a second of each kind to each model (default: 100)
  --write         puts the table into docs/availability.md`

export interface SoakOptions {
  readonly rounds: number
  readonly perSecond: number
  readonly write: boolean
}

/** @throws Error */
export const soakOptions = (args: readonly string[]): SoakOptions => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { ...text, default: '3' },
      'per-second': { ...text, default: '100' },
      write: { type: 'boolean', default: false },
    },
  })
  return {
    rounds: wholeNumber('rounds', values.rounds, 1),
    perSecond: wholeNumber('per-second', values['per-second'], 1),
    write: values.write,
  }
}
