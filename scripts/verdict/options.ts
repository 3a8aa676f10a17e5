import { parseArgs } from 'node:util'
import { wholeNumber } from '../command-line.ts'

export const verdictUsage = `usage: npm run verdict [-- --rollouts N] [--looks N] [--write]

  --rollouts N  simulated rollouts of each situation (default: 10000)
  --looks N     looks at the counts, one after every 50 requests (default: 400)
  --write       puts the tables into docs/rollouts-verdict.md`

export interface VerdictOptions {
  readonly rollouts: number
  readonly looks: number
  readonly write: boolean
}

/** @throws Error */
export const verdictOptions = (args: readonly string[]): VerdictOptions => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      rollouts: { ...text, default: '10000' },
      looks: { ...text, default: '400' },
      write: { type: 'boolean', default: false },
    },
  })
  return {
    rollouts: wholeNumber('rollouts', values.rollouts, 1),
    looks: wholeNumber('looks', values.looks, 1),
    write: values.write,
  }
}
