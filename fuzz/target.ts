/** A fuzzer makes inputs out of random numbers, gives each to a part of Gantry, and checks what must hold for every input. */
import { seededRandom } from '../inference-server/src/testing/random.ts'

/** A number from 0 to 1. */
export type Random = () => number

export interface Fuzzer extends AsyncDisposable {
  readonly make: (random: Random) => Buffer
  /**
   * @returns how the input ended, in a word or two: `accepted`, `NotOnnx`, `422`
   * @throws Error where something does not hold
   */
  readonly check: (input: Buffer) => Promise<string>
  /** What must hold when all inputs have been tried: a server still answers. @throws Error */
  readonly afterwards?: () => Promise<void>
}

export interface Target {
  readonly name: string
  readonly open: () => Promise<Fuzzer>
  /** Inputs in each `npm test`: a few seconds of them. */
  readonly rounds: number
  /** Outcomes that have to occur in these rounds; otherwise the inputs test too little. */
  readonly reaches: readonly string[]
}

/** Random numbers of one round, which do not depend on the rounds before it. */
export const roundRandom = (seed: number, round: number): Random =>
  seededRandom(Math.imul(seed, 0x9e3779b1) + round)
