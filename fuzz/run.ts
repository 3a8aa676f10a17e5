/** Rounds of one fuzzer, and the cases that former rounds left behind. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Fuzzer, roundRandom, type Target } from './target.ts'

/** Time limit for one input, generous enough for a busy machine. */
const longestMs = 20_000

/** Inputs that broke something once, in `cases/TARGET/`; each stays there and is tried in every run of the tests. */
export const casesOf = ({ name }: Target): ReadonlyMap<string, Buffer> => {
  const folder = join(import.meta.dirname, 'cases', name)
  const files = existsSync(folder) ? readdirSync(folder).sort() : []
  return new Map(files.map((file) => [file, readFileSync(join(folder, file))]))
}

/** @throws Error where the input takes too long, or something does not hold */
export const checked = async ({ check }: Fuzzer, input: Buffer): Promise<string> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${longestMs / 1000} s`)), longestMs)
  })
  try {
    return await Promise.race([check(input), late])
  } finally {
    clearTimeout(timer)
  }
}

export interface Round {
  readonly seed: number
  readonly round: number
}

/**
 * @param onInput told of each input before it is tried
 * @returns how often each way to end occurred
 * @throws Error that names seed and round, and has the input's bytes
 */
export const runRounds = async (
  fuzzer: Fuzzer,
  seed: number,
  rounds: Iterable<number>,
  onInput: (input: Buffer, round: number) => void = () => {},
): Promise<ReadonlyMap<string, number>> => {
  const ends = new Map<string, number>()
  for (const round of rounds) {
    const input = fuzzer.make(roundRandom(seed, round))
    onInput(input, round)
    try {
      const end = await checked(fuzzer, input)
      ends.set(end, (ends.get(end) ?? 0) + 1)
    } catch (error) {
      throw new FuzzFailure(error as Error, input, { seed, round })
    }
  }
  return ends
}

export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure'
  readonly input: Buffer
  readonly round: Round

  constructor(cause: Error, input: Buffer, round: Round) {
    const shown = input.length <= 600 ? input.toString('latin1') : `${input.length} bytes`
    super(`seed ${round.seed}, round ${round.round}: ${cause.stack ?? cause.message}\ninput: ${shown}`, {
      cause,
    })
    this.input = input
    this.round = round
  }
}
