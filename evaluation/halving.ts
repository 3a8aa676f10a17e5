/**
 * Successive halving: all variants are measured with few samples and little time, the worse half is dropped, and the others are measured
 * again with twice as much, until few are left that are measured in full.
 */

/** One round of a search. */
export interface Rung {
  /** Most variants that are measured, without those that others are compared with. */
  readonly width: number
  /** Share of the samples, above 0 and at most 1. */
  readonly share: number
}

/** So many are measured in full: their differences are what a winner is chosen by. */
const finalists = 4
/** Fewer samples say little of an accuracy, and cost next to nothing. */
const leastSamples = 32

/** What starting and warming up a server takes, as a share of the time of a measurement in full. */
const startShare = 0.5

/** The last round has all samples, and each before it half of those of the next. */
export const rungsOf = (variants: number): readonly [Rung, ...Rung[]] => {
  const widths: number[] = [variants]
  for (let width = variants; width > finalists; ) {
    width = Math.max(finalists, Math.ceil(width / 2))
    widths.push(width)
  }
  const rungs = widths.map((width, index) => ({ width, share: 2 ** (index + 1 - widths.length) }))
  return rungs as [Rung, ...Rung[]]
}

/** The part of the time of all rounds that a round has: a variant needs less for fewer samples, but not for its start. */
export const timeShare = (rung: Rung, rungs: readonly Rung[]): number => {
  const needs = ({ width, share }: Rung): number => width * (startShare + share)
  return needs(rung) / rungs.reduce((sum, one) => sum + needs(one), 0)
}

/** Samples of a round. @param total of the data set, at least 1 */
export const samplesOf = ({ share }: Rung, total: number): number =>
  Math.min(total, Math.max(leastSamples, Math.ceil(share * total)))

/**
 * The best go on, and what they are compared with, however it did itself.
 * @param order names, best first
 */
export const advancing = (
  order: readonly string[],
  { width }: Rung,
  baseOf: (name: string) => string | undefined,
): ReadonlySet<string> => {
  const best = order.slice(0, width)
  return new Set([...best, ...best.flatMap((name) => baseOf(name) ?? [])])
}
