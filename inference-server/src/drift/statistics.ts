/** How far counts of requests are from those of a reference, and how far chance alone takes them. */

/** Added to each bin, so that an empty one has a logarithm (Jeffreys' prior). */
const pseudoCount = 0.5

/** Of the standard normal distribution: chance is beyond it once in 100,000 looks. */
const rareDeviations = 4.265

/** 1 - 1e-5 quantile of chi-square, by the approximation of Wilson and Hilferty. */
export const rareChiSquare = (degrees: number): number => {
  const share = 2 / (9 * degrees)
  return degrees * (1 - share + rareDeviations * Math.sqrt(share)) ** 3
}

const sum = (counts: ArrayLike<number>): number => {
  let all = 0
  for (let bin = 0; bin < counts.length; bin++) all += counts[bin] as number
  return all
}

/** A statistic, and what chance adds to it. */
export interface Distance {
  /** Less the mean of what chance alone gives; at least 0. */
  readonly value: number
  /** Whether chance alone is that far once in 100,000 looks, or never. */
  readonly isBeyondChance: boolean
}

/** Population stability index: the sum of (p - q) ln(p / q) over the bins, each with half a row more. */
export const populationStability = (reference: ArrayLike<number>, counts: ArrayLike<number>): number => {
  const bins = reference.length
  const [all, now] = [sum(reference) + bins * pseudoCount, sum(counts) + bins * pseudoCount]
  let index = 0
  for (let bin = 0; bin < bins; bin++) {
    const q = ((reference[bin] as number) + pseudoCount) / all
    const p = ((counts[bin] as number) + pseudoCount) / now
    index += (p - q) * Math.log(p / q)
  }
  return index
}

/**
 * The index of two samples of one distribution is about (1/n + 1/N) chi-square, with one degree of freedom less than bins.
 * @param reference rows in each bin @param counts the same of requests; at least one row each
 */
export const stabilityDistance = (reference: ArrayLike<number>, counts: ArrayLike<number>): Distance => {
  let used = 0
  for (let bin = 0; bin < reference.length; bin++)
    if ((reference[bin] as number) + (counts[bin] as number) > 0) used += 1
  const degrees = Math.max(1, used - 1)
  const scale = 1 / sum(reference) + 1 / sum(counts)
  const index = populationStability(reference, counts)
  return {
    value: Math.max(0, index - degrees * scale),
    isBeyondChance: index > scale * rareChiSquare(degrees),
  }
}

/** Kolmogorov-Smirnov statistic of binned numbers: the largest distance of the two cumulative shares at an edge. */
export const kolmogorovSmirnov = (reference: ArrayLike<number>, counts: ArrayLike<number>): number => {
  const [all, now] = [sum(reference), sum(counts)]
  let [q, p, largest] = [0, 0, 0]
  for (let bin = 0; bin < reference.length; bin++) {
    q += (reference[bin] as number) / all
    p += (counts[bin] as number) / now
    largest = Math.max(largest, Math.abs(p - q))
  }
  return largest
}

/** The mean of a reference, and the variances of its members together. */
export interface MeanVector {
  readonly samples: number
  readonly mean: ArrayLike<number>
  readonly variance: number
}

/** What is not above this part of the squared mean is the rounding of FP32, and no variance. */
const roundingShare = 1e-12
/** Vectors that were all alike have no variance to measure by, and JSON no infinite number. */
const mostDistance = 1e6

/** Squared distance of two means, as a share of the variance. Chance alone gives 1/n + 1/N. */
export const meanDistance = (
  { samples, mean, variance }: MeanVector,
  now: Pick<MeanVector, 'samples' | 'mean'>,
): Distance => {
  let [squared, length] = [0, 0]
  for (let at = 0; at < mean.length; at++) {
    squared += ((mean[at] as number) - (now.mean[at] as number)) ** 2
    length += (mean[at] as number) ** 2
  }
  const scale = 1 / samples + 1 / now.samples
  const measured = squared / Math.max(variance, length * roundingShare, Number.MIN_VALUE)
  // Sums of huge members may be no number.
  const share = Number.isNaN(measured) ? mostDistance : Math.min(measured, mostDistance)
  return {
    value: Math.max(0, share - scale),
    // Members that move together leave one degree of freedom, which strays the furthest.
    isBeyondChance: share > scale * rareChiSquare(1),
  }
}
