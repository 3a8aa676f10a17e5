/**
 * Whether a version is worse than the serving one by more than a limit. The drop is that of paired answers to the same
 * samples, and the limit is compared with the drop that was observed: docs/decisions/0052-what-measurements-mean.md.
 */
import { type Comparison, isError, type Metric } from '@gantry/contract/evaluation.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { isUnknown, type Unknown } from './evaluation.ts'
import { failed, type Judgement, met } from './judgement.ts'
import { figure, figureBeside } from './numbers.ts'

interface Limit {
  readonly metric: Metric
  readonly maxAccuracyDrop?: number
}

/** Metrics that average a share from 0 to 1 over the samples. */
const averages: readonly Metric[] = [
  'accuracy',
  'topK',
  'exactMatch',
  'tokenF1',
  'recallAtK',
  'meanReciprocalRank',
]

/**
 * The rule of three: what was seen in none of n samples has a share of less than 3 / n, at 95 % confidence. A bootstrap
 * cannot draw differences that no sample has.
 */
export const unseenShare = (samples: number): number => Math.min(1, 3 / samples)

/** The difference of two decimals such as 0.9 and 0.89 is off by less; no sample weighs as little. */
const rounding = 1e-9

/** How much worse, with its 95 % interval: a rise of an error, a fall of any other metric. */
interface Drop {
  readonly observed: number
  readonly low: number
  readonly high: number
}

const dropOf = ({ metric, difference, interval }: Comparison): Drop => {
  const [low = Number.NaN, high = Number.NaN] = interval
  return isError(metric)
    ? { observed: difference, low, high }
    : { observed: -difference, low: -high, high: -low }
}

/** The largest drop that the samples do not exclude. */
const mostPlausible = ({ metric, samples }: Comparison, { high }: Drop): number =>
  averages.includes(metric) ? Math.max(high, unseenShare(samples)) : high

/** Samples that would tell the drop from the limit, as intervals shrink with the square root of their number. */
const samplesNeeded = ({ samples }: Comparison, { observed, low, high }: Drop, limit: number): number => {
  const exact = samples * ((high - low) / 2 / Math.abs(observed - limit)) ** 2
  const needed = Number(exact.toPrecision(6)) // so that 450 is not rounded up for its last bit
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(needed)) - 1)
  return Math.ceil(needed / unit) * unit
}

/**
 * @param comparison undefined where no version serves: there is nothing to drop from
 * @param other what sentences call the version that it is compared with
 */
export const judgeDrop = (
  { metric, maxAccuracyDrop: limit }: Limit,
  comparison: Comparison | Unknown | undefined,
  other = 'the serving version',
): Judgement | undefined => {
  if (limit === undefined) return undefined
  if (comparison === undefined) return met('no version serves that it could be compared with')
  if (isUnknown(comparison)) return notComparable(limit, quoted(comparison.unknown))
  if (comparison.metric !== metric)
    return notComparable(limit, `the versions were compared by ${comparison.metric}, not by ${metric}`)
  const drop = dropOf(comparison)
  if (comparison.samples < 1 || !Object.values(drop).every(Number.isFinite))
    return notComparable(limit, 'there is no sample that both versions answered')
  return drop.observed > limit + rounding
    ? tooLarge(comparison, drop, { limit, other })
    : withinLimit(comparison, drop, { limit, other })
}

interface Beside {
  readonly limit: number
  readonly other: string
}

const notComparable = (limit: number, why: string): Judgement =>
  failed('NotComparable', `maxAccuracyDrop ${limit} cannot be judged: ${why}`)

const interval = ({ low, high }: Drop): string => `95 % interval ${figure(low)} to ${figure(high)}`

const onSamples = (samples: number): string =>
  samples === 1 ? 'the same sample' : `the same ${samples} samples`

const tooLarge = (comparison: Comparison, drop: Drop, { limit, other }: Beside): Judgement => {
  const { metric, samples } = comparison
  const sentence = `${metric} is ${difference(metric, drop, limit)} that of ${other} on ${onSamples(samples)}, more than maxAccuracyDrop ${limit} (${interval(drop)})`
  if (drop.low > limit) return failed('AccuracyDropped', sentence)
  const doubt = `these samples do not exclude a drop within the limit; about ${samplesNeeded(comparison, drop, limit)} could tell`
  return failed('AccuracyDropped', `${sentence}; ${doubt}`)
}

/** How the metric stands to that of the serving version. */
const difference = (metric: Metric, { observed }: Drop, limit: number): string => {
  if (observed === 0) return 'the same as'
  const side = isError(metric) === observed > 0 ? 'above' : 'below'
  return `${figureBeside(Math.abs(observed), limit)} ${side}`
}

const withinLimit = (comparison: Comparison, drop: Drop, { limit, other }: Beside): Judgement => {
  const { metric, samples } = comparison
  const sentence = `${metric} is ${difference(metric, drop, limit)} that of ${other} on ${onSamples(samples)} (maxAccuracyDrop ${limit}, ${interval(drop)})`
  const most = mostPlausible(comparison, drop)
  return met(most > limit ? `${sentence}; these samples do not exclude a drop of ${figure(most)}` : sentence)
}
