/**
 * Situations in which a canary is no worse than allowed, and how often it is rejected; and some in which counting breaks a
 * rule, which show what the rule is for. docs/rollouts-verdict.md has the table.
 */
import { p95Of } from '../latency-histogram.ts'
import { histogramOf, lognormal } from './latencies.ts'
import { sessionTraffic } from './sessions.ts'
import type { Counted, Random, Rollout, Situation } from './simulation.ts'
import { comparison } from './tests-of-counts.ts'
import {
  always,
  inBlocks,
  incidents,
  type Rates,
  severalGateways,
  type Traffic,
  trafficOf,
} from './traffic.ts'

/** The chance that each of three tests may reject a version that is not worse. */
export const nominal = 0.05 / 3
export const logThreshold = Math.log(1 / nominal)

export interface Row {
  readonly name: string
  /** `valid`: at most the nominal share may be rejected. `broken`: a rule is broken, and far more are. */
  readonly kind: 'valid' | 'broken'
  readonly situation: (looks: number) => Situation
}

const row = (
  name: string,
  rollout: (looks: number) => (random: Random) => Rollout,
  { margin = 1, kind = 'valid' }: { readonly margin?: number; readonly kind?: Row['kind'] } = {},
): Row => ({
  name,
  kind,
  situation: (looks) => ({ looks, rollout: rollout(looks), test: comparison(margin), logThreshold }),
})

const traffic = (weight: number, rates: Traffic['rates']) => () => trafficOf({ weight: () => weight, rates })

const equal = [0.1, 0.5].flatMap((weight) =>
  [0.001, 0.01, 0.05].map((rate) =>
    row(`both ${100 * rate} % errors, weight ${100 * weight}`, traffic(weight, always(rate, rate))),
  ),
)

const five = [0.01, 0.05, 0.1, 0.25, 0.5]
/** Steps that divide the looks evenly. */
const steps =
  (weights: readonly number[], looks: number) =>
  (look: number): number =>
    weights[Math.floor((look * weights.length) / looks)] ?? 0.5

/** Goes up where nothing is found, and down where something seems to be: the worst that anybody does by hand. */
const byEvidence = (look: number, evidence: number): number => {
  const up = Math.min(five.length - 1, Math.floor(look / 20))
  return (evidence > 1 ? five[Math.max(0, up - 2)] : five[up]) ?? 0.1
}

/** Latencies of stable before the rollout, of which the bound of a slow answer is taken. */
const measuredBefore = 1000
/** Answers slow above stable's 95th percentile, and for the canary above as much and `latencyMargin`. */
const slowAnswers =
  (slower: number, latencyMargin: number, atTimes = 1) =>
  (random: Random) => {
    const before = Array.from({ length: measuredBefore }, () => lognormal(random, 0.5))
    const slowMs = p95Of([histogramOf(before)]) ?? Number.NaN
    // The shares above the bounds, of latencies that were drawn once for all looks: a draw for each request takes minutes.
    const drawn = Array.from({ length: 2000 }, () => lognormal(random, 0.5))
    const above = (bound: number): number => drawn.filter((latency) => latency > bound).length / drawn.length
    const rates = (factor: number): Rates => ({
      canary: above((slowMs * (1 + latencyMargin)) / (slower * factor)),
      stable: above(slowMs / factor),
    })
    const [usual, slow] = [rates(1), rates(atTimes)]
    return (look: number): Rates => (look % 40 < 10 ? slow : usual)
  }

/** The first requests of the canary have events; `isLeftOut` counts neither track meanwhile. */
const cold =
  (isLeftOut: boolean) =>
  (random: Random): Rollout => {
    const warm = trafficOf({ weight: () => 0.1, rates: always(0.05, 0.05) })(random)
    let asked = 0
    return (look, evidence): Counted => {
      const counted = warm(look, evidence)
      const isCold = asked < 20
      asked += counted.canaryRequests
      if (!isCold) return counted
      return isLeftOut
        ? { ...counted, canaryEvents: 0, stableEvents: 0 }
        : { ...counted, canaryEvents: counted.canaryRequests }
    }
  }

/** Two gateways, one of which sees the second step ten of its looks later. */
const lagging = (looks: number) => {
  const gateway = (second: number) =>
    trafficOf({
      weight: (look) => (look < second ? 0.1 : 0.5),
      rates: always(0.05, 0.05),
      assigner: inBlocks,
    })
  return severalGateways([gateway(looks / 4), gateway(looks / 4 + 20)])
}

/** The same, counted with the weight that the slower one has. */
const countedByOne =
  (looks: number) =>
  (random: Random): Rollout => {
    const rollout = lagging(looks)(random)
    return (look, evidence) => ({ ...rollout(look, evidence), weight: look < looks / 4 + 20 ? 0.1 : 0.5 })
  }

/** The weight changes after every 30 requests or so, in the middle of blocks. */
const restless = () =>
  trafficOf({
    weight: (look) => five[(look * 7) % 5] ?? 0.1,
    rates: always(0.05, 0.05),
    assigner: inBlocks,
  })

const sticky =
  (kind: 'short' | 'long', counted: 'every failure' | 'one for each track' | 'one') => (looks: number) =>
    sessionTraffic({
      weight: kind === 'short' ? () => 0.1 : steps([0.1, 0.5], looks),
      failing: kind === 'short' ? 0.01 : 0.05,
      kind,
      counted,
    })

export const rows: readonly Row[] = [
  ...equal,
  row('incidents: both ten times as many errors at times', traffic(0.1, incidents(0.01, 10))),
  row('the canary exactly at the margin of 1.5', traffic(0.1, always(0.015, 0.01)), { margin: 1.5 }),
  row('five steps from 1 to 50', (looks) =>
    trafficOf({ weight: steps(five, looks), rates: always(0.01, 0.01) }),
  ),
  row('weights chosen by the evidence so far', () =>
    trafficOf({ weight: byEvidence, rates: always(0.01, 0.01) }),
  ),
  row('blocks of 100 in random order', () =>
    trafficOf({ weight: () => 0.1, rates: always(0.01, 0.01), assigner: inBlocks }),
  ),
  row('blocks of 100, and another weight after every 50 requests', restless),
  row('two gateways, one sees the next step later', lagging),
  row('the same, counted with one weight for both', countedByOne, { kind: 'broken' }),
  row('slow answers, equal', traffic(0.1, slowAnswers(1, 0))),
  row('both 1.8 times as slow at times', traffic(0.1, slowAnswers(1, 0, 1.8))),
  row('the canary 10 % slower, latencyMargin 0.1', traffic(0.1, slowAnswers(1.1, 0.1))),
  row('a cold canary, its first 20 requests left out with those of stable', () => cold(true)),
  row('the same, counted', () => cold(false), { kind: 'broken' }),
  row('sticky sessions of 20 requests, 1 % fail throughout: one event a session', sticky('short', 'one')),
  row('the same, every failure counted', sticky('short', 'every failure'), { kind: 'broken' }),
  row('long sticky sessions over two steps, 5 % fail throughout: one event a session', sticky('long', 'one')),
  row('the same, an event for each track of a session', sticky('long', 'one for each track'), {
    kind: 'broken',
  }),
]
