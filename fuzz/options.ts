import { parseArgs } from 'node:util'
import { wholeNumber } from '../scripts/command-line.ts'

export interface FuzzOptions {
  /** Names of targets; empty: all. */
  readonly names: readonly string[]
  readonly minutes: number
  /** undefined: any. */
  readonly seed: number | undefined
}

export const fuzzUsage = (
  targets: readonly string[],
): string => `usage: npm run fuzz -- [TARGET…] [--minutes N] [--seed N]

  TARGET       ${targets.join(', ')} (default: all)
  --minutes N  how long inputs are tried (default: 5)
  --seed N     the seed that a failure printed, to try the same inputs again (default: any)`

/** @throws Error */
export const fuzzOptions = (args: readonly string[], targets: readonly string[]): FuzzOptions => {
  const { values, positionals: names } = parseArgs({
    args: [...args],
    options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' } },
    allowPositionals: true,
  })
  const unknown = names.filter((name) => !targets.includes(name))
  if (unknown.length > 0) throw new Error(`There is no target ${unknown.join(', ')}`)
  const minutes = Number(values.minutes)
  if (!(minutes > 0)) throw new Error(`--minutes must be a number above 0, not ${values.minutes}`)
  return {
    names,
    minutes,
    seed: values.seed === undefined ? undefined : wholeNumber('seed', values.seed, 0),
  }
}
