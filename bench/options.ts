/** Options of the command line of `npm run bench`. */
import { parseArgs } from 'node:util'

/** How much to measure; where something is undefined, each benchmark has its own measure. */
export interface Effort {
  readonly rounds: number | undefined
  /** Duration of the load, for each server in each round. */
  readonly seconds: number | undefined
  /** Names of models; empty: all that the benchmark knows. */
  readonly models: readonly string[]
  /** Another checkout of this repository, whose server is measured in turns with this one's. */
  readonly baseline?: string
}

export interface Options {
  /** Names of benchmarks, in the order of the list. */
  readonly names: readonly string[]
  readonly effort: Effort
  readonly help: boolean
}

interface KnownBench {
  /** Models that may be chosen; undefined where there is no choice. */
  readonly models?: readonly string[]
  /** Whether the server of another checkout can be measured beside. */
  readonly compares?: boolean
}

/** Benchmarks by name. */
type Known = Readonly<Record<string, KnownBench>>

/** Error of the command line; its message lists the options. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const count = (flag: string, value: string | undefined): number | undefined => {
  if (value === undefined) return undefined
  const number = Number(value)
  if (Number.isInteger(number) && number >= 1) return number
  throw new UsageError(`--${flag} must be a whole number from 1, not ${value}`)
}

const parse = (args: readonly string[]) => {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      options: { rounds: text, seconds: text, baseline: text, help: { type: 'boolean' } },
      allowPositionals: true,
    })
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(/\.\s/)[0]}; see --help`)
  }
}

/** @throws UsageError */
export const parseOptions = (args: readonly string[], known: Known): Options => {
  const { values, positionals } = parse(args)
  const benches = Object.keys(known)
  const named = benches.filter((name) => positionals.includes(name))
  const names = named.length > 0 ? named : benches
  const models = positionals.filter((name) => !benches.includes(name))
  const there = named.flatMap((name) => known[name]?.models ?? [])
  const unknown = models.filter((name) => !there.includes(name))
  if (unknown.length > 0) {
    const choice = there.length > 0 ? `the models ${there.join(', ')} and ` : ''
    throw new UsageError(
      `unknown: ${unknown.join(', ')}; there are ${choice}the benchmarks ${benches.join(', ')}`,
    )
  }
  const effort = {
    rounds: count('rounds', values.rounds),
    seconds: count('seconds', values.seconds),
    models,
    ...(values.baseline !== undefined && { baseline: values.baseline }),
  }
  const without = names.filter((name) => known[name]?.models === undefined)
  if (without.length > 0 && (effort.rounds ?? effort.seconds) !== undefined)
    throw new UsageError(
      `${without.join(', ')} cannot be made longer or shorter; leave out --rounds and --seconds`,
    )
  const incomparable = names.filter((name) => !known[name]?.compares)
  if (effort.baseline !== undefined && incomparable.length > 0)
    throw new UsageError(`${incomparable.join(', ')} cannot be compared; leave out --baseline`)
  return { names, effort, help: values.help ?? false }
}

/** The models that are wanted out of those that a benchmark knows. */
export const chosen = <Name extends string>(models: readonly Name[], effort: Effort): readonly Name[] =>
  effort.models.length === 0 ? models : models.filter((name) => effort.models.includes(name))
