/**
 * Evidence that a canary is worse, as e-values: under the hypothesis that it is not worse, evidence ever reaches 1/alpha
 * with a chance of at most alpha, however often it is looked at. Conditional tests of counts after Lindon et al. (Netflix,
 * "Anytime-valid inference for multinomial count data"), with a grid of alternatives: docs/rollouts-verdict.md.
 * All functions give natural logarithms, since evidence of a long rollout has no place in a double.
 */

/** The alternatives that evidence is collected for: how many times as frequent events are as the hypothesis allows. */
const ratios = [1.25, 1.5, 2, 3, 5, 10, 30]

/** Events (errors, or slow answers) of the requests that were drawn with one weight. Order and number of looks do not matter. */
export interface Look {
  /** The chance with which a request went to the canary, from 0 to 1. At 0 and at 1 there is nothing to compare. */
  readonly weight: number
  readonly canaryEvents: number
  readonly stableEvents: number
}

const logMean = (logs: readonly number[]): number => {
  const top = Math.max(...logs)
  if (!Number.isFinite(top)) return top
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / logs.length)
}

/**
 * Log evidence against "the rate of events of the canary is at most `margin` times that of stable". An event is the
 * canary's with the chance w r / (w r + 1 - w) where r is the ratio of the rates, whatever the rates are.
 * @param margin above 0
 */
export const logEvidence = (looks: readonly Look[], margin = 1): number => {
  const compared = looks.filter(({ weight }) => weight > 0 && weight < 1)
  const logOf = (ratio: number): number =>
    compared.reduce((sum, { weight, canaryEvents, stableEvents }) => {
      const [allowed, alternative] = [weight * margin + 1 - weight, weight * margin * ratio + 1 - weight]
      const each = Math.log(allowed / alternative)
      return sum + canaryEvents * (Math.log(ratio) + each) + stableEvents * each
    }, 0)
  return logMean(ratios.map(logOf))
}

/** The events among the trials of one arm: failed requests, answers over a limit, copies with another answer. */
export interface Trials {
  readonly events: number
  readonly trials: number
}

/** Log evidence against "the rate of events is at most `limit`". @param limit from 0 to 1 */
export const logEvidenceAbove = ({ events, trials }: Trials, limit: number): number => {
  if (limit >= 1) return 0
  if (limit <= 0) return events > 0 ? Number.POSITIVE_INFINITY : 0
  const logOf = (ratio: number): number => {
    const rate = Math.min(limit * ratio, (1 + limit) / 2)
    return events * Math.log(rate / limit) + (trials - events) * Math.log((1 - rate) / (1 - limit))
  }
  return logMean(ratios.map(logOf))
}

/** Halvings of an interval: the bound is right to more digits than a sentence has. */
const halvings = 50
/** Factors beyond these are not told apart. */
const [leastFactor, mostFactor] = [1e-3, 1e3]

/** The largest value that is still refuted, between two of which the lower one is; evidence falls as the value rises. */
const largestRefuted = (low: number, high: number, isRefuted: (value: number) => boolean): number => {
  if (isRefuted(high)) return high
  let [refuted, allowed] = [low, high]
  for (let halving = 0; halving < halvings; halving += 1) {
    const middle = (refuted + allowed) / 2
    if (isRefuted(middle)) refuted = middle
    else allowed = middle
  }
  return refuted
}

/**
 * The largest factor that is still refuted: the canary has at least so many times the events of stable. 0 where none is.
 * @param logThreshold the logarithm of 1/alpha
 */
export const atLeast = (looks: readonly Look[], logThreshold: number): number => {
  const isRefuted = (factor: number): boolean => logEvidence(looks, factor) >= logThreshold
  return isRefuted(leastFactor) ? largestRefuted(leastFactor, mostFactor, isRefuted) : 0
}

/** The largest rate that is still refuted: at least this share of the trials are events. 0 where none is. */
export const rateAtLeast = (counts: Trials, logThreshold: number): number => {
  const isRefuted = (rate: number): boolean => logEvidenceAbove(counts, rate) >= logThreshold
  return isRefuted(0) ? largestRefuted(0, 1, isRefuted) : 0
}

/** Log evidence against "the rate of events is at least `limit`". @param limit from 0 to 1 */
export const logEvidenceBelow = ({ events, trials }: Trials, limit: number): number => {
  if (limit <= 0) return 0
  if (limit >= 1) return trials > events ? Number.POSITIVE_INFINITY : 0
  const logOf = (ratio: number): number =>
    (trials - events) * Math.log((1 - limit / ratio) / (1 - limit)) - events * Math.log(ratio)
  return logMean(ratios.map(logOf))
}

/** The smallest rate that is still refuted from above: at most this share of the trials are events. 1 where none is. */
export const rateAtMost = (counts: Trials, logThreshold: number): number =>
  1 - largestRefuted(0, 1, (rest) => logEvidenceBelow(counts, 1 - rest) >= logThreshold)
