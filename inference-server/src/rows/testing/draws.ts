import { seededRandom } from '../../testing/random.ts'

/** Choices that a seed repeats. */
export interface Draws {
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly number: () => number
  readonly chance: (probability: number) => boolean
  /** A whole number, both ends included. */
  readonly between: (least: number, most: number) => number
  readonly pick: <T>(from: readonly [T, ...T[]] | readonly T[]) => T
  readonly shuffled: <T>(list: readonly T[]) => T[]
}

export const drawsOf = (seed: number): Draws => {
  const number = seededRandom(Math.imul(seed + 1, 0x9e3779b1))
  const between = (least: number, most: number): number => least + Math.floor(number() * (most - least + 1))
  const pick = <T>(from: readonly T[]): T => from[between(0, from.length - 1)] as T
  const shuffled = <T>(list: readonly T[]): T[] => {
    const rest = [...list]
    return list.map(() => rest.splice(between(0, rest.length - 1), 1)[0] as T)
  }
  return { number, chance: (probability) => number() < probability, between, pick, shuffled }
}
