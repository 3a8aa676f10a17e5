/** Bounds of the bins of numbers. They are rounder than the numbers that they part, so that none of a sample stands in the reference. */

/** Bins, and the rows that each of them should have, so that chance has little share in it. */
const mostBins = 10
const rowsOfBin = 20

const powerOfTen = (number: number): number => 10 ** Math.floor(Math.log10(number))

/** The roundest number that is above `low` and not above `high`. */
const roundest = (low: number, high: number): number => {
  const step = powerOfTen(high - low)
  const round = Math.floor(high / step) * step
  if (round > low && round <= high) return round
  const middle = low / 2 + high / 2
  return middle > low && middle <= high ? middle : high // neighbours have nothing between them
}

/** A part of a number that the rounding of FP32 or of a unit does not reach. */
const marginOf = (value: number): number => Math.max(Math.abs(value), 1e-6) * 1e-6

/** Bounds beyond all of the numbers, by at most a tenth of what they span. */
export const boundsOf = (least: number, most: number): { readonly least: number; readonly most: number } => {
  if (least === most) {
    const [low, high] = [least - marginOf(least), most + marginOf(most)]
    return { least: Number.isFinite(low) ? low : least, most: Number.isFinite(high) ? high : most }
  }
  const step = powerOfTen(most - least) / 10
  const [low, high] = [Math.floor(least / step) * step, Math.ceil(most / step) * step]
  return {
    least: low <= least && Number.isFinite(low) ? low : least,
    most: high >= most && Number.isFinite(high) ? high : most,
  }
}

/** Lower bounds of the bins: quantiles of the numbers. A number that is always the same has a bin of its own. */
export const edgesOf = (sorted: readonly number[]): readonly number[] => {
  const [least, most] = [sorted[0] as number, sorted.at(-1) as number]
  if (least === most) {
    const { least: low, most: high } = boundsOf(least, most)
    return high > least ? [low, high] : [low] // nothing is above the largest number
  }
  const bins = Math.min(mostBins, Math.max(2, Math.floor(sorted.length / rowsOfBin)))
  const edges = new Set<number>()
  for (let bin = 1; bin < bins; bin++) {
    const at = sorted.indexOf(sorted[Math.floor((bin * sorted.length) / bins)] as number)
    if (at > 0) edges.add(roundest(sorted[at - 1] as number, sorted[at] as number))
  }
  // Nearly all are the least: what differs from it has the other bin.
  if (edges.size === 0) {
    const at = sorted.findIndex((value) => value > least)
    edges.add(roundest(least, sorted[at] as number))
  }
  return [...edges]
}
