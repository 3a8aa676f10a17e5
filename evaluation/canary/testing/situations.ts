/**
 * Situations in which a canary is no worse than allowed, and how often it is rejected; and some in which counting breaks a
 * rule, which show what the rule is for. docs/rollouts-verdict.md has the table.
 */
import { p95Of } from '../latency-histogram.ts'
import { chanceAbove, histogramOf, lognormal } from './latencies.ts'
import { type Sessions, sessionTraffic } from './sessions.ts'
import type { Counted, Random, Rollout, Situation } from './simulation.ts'
import { added, anyOf, comparison, limitTest, ofSource } from './tests-of-counts.ts'
import {
  always,
  inBlocks,
  incidents,
  type Rates,
  severalGateways,
  type Traffic,
  trafficOf,
} from './traffic.ts'

/** The chance with which any of three tests may reject a version that is not worse, and that of each. */
const ofAll = 0.05
const nominal = ofAll / 3
export const logThreshold = Math.log(1 / nominal)

export interface Row {
  readonly name: string
  /** The share of rollouts that may be rejected. */
  readonly nominal: number
  /** `valid`: at most the nominal share may be rejected. `broken`: a rule is broken, and far more are. */
  readonly kind: 'valid' | 'broken'
  readonly situation: (looks: number) => Situation
}

interface Options {
  readonly test?: Situation['test']
  readonly kind?: Row['kind']
  readonly nominal?: number
}

const row = (
  name: string,
  rollout: (looks: number) => (random: Random) => Rollout,
  { test = comparison(1), kind = 'valid', nominal: share = nominal }: Options = {},
): Row => ({
  name,
  kind,
  nominal: share,
  situation: (looks) => ({ looks, rollout: rollout(looks), test, logThreshold }),
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
const measuredBefore = 300
/** Standard deviation of the logarithm of a latency. */
const sigma = 0.5
/** Answers slow above stable's 95th percentile, and for the canary above as much and `latencyMargin`. */
const slowAnswers =
  (slower: number, latencyMargin: number, atTimes = 1) =>
  (random: Random) => {
    const before = Array.from({ length: measuredBefore }, () => lognormal(random, sigma))
    const slowMs = p95Of([histogramOf(before)]) ?? Number.NaN
    const rates = (factor: number): Rates => ({
      canary: chanceAbove((slowMs * (1 + latencyMargin)) / (slower * factor), sigma),
      stable: chanceAbove(slowMs / factor, sigma),
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

/** Several kinds of events of the same requests. */
const allKinds =
  (...kinds: readonly ((random: Random) => Rollout)[]) =>
  (random: Random): Rollout => {
    const each = kinds.map((kind) => kind(random))
    return (look, evidence): Counted => {
      const [first, ...more] = each.map((rollout) => rollout(look, evidence))
      return { ...(first as Counted), more }
    }
  }

const stays = (rate: number) => trafficOf({ weight: () => 0.1, rates: always(rate, rate) })

const shortSessions = (counted: Sessions['counted']) => () =>
  sessionTraffic({ weight: () => 0.1, failing: 0.01, kind: 'short', counted })

const sharedSessions = () =>
  sessionTraffic({ weight: () => 0.5, failing: 0.1, kind: 'short', counted: 'one', gateways: 3 })

const longSessions = (counted: Sessions['counted']) => (looks: number) =>
  sessionTraffic({ weight: steps([0.1, 0.5], looks), failing: 0.05, kind: 'long', counted })

const blocks = 'weights drawn in blocks of 100'
const two = 'two gateways, one of which sees the next step later'
const coldCanary = 'the first 20 requests of the canary are slow'
const short = 'sticky sessions of 20 requests, 1 % of which fail throughout'
const long = 'long sticky sessions over two steps, 5 % of which fail throughout'
const shared = 'sticky sessions of 20 requests over three gateways, 10 % of which fail throughout'

/** The evidence of each gateway by itself, as a tally has it. */
const byGateway = anyOf(...[1, 2, 3].map((ordinal) => ofSource(ordinal, comparison(1))))

export const rows: readonly Row[] = [
  ...equal,
  row('incidents: at times both have ten times as many errors', traffic(0.1, incidents(0.01, 10))),
  row('the canary has 1.5 times as many errors, errorMargin 1.5', traffic(0.1, always(0.015, 0.01)), {
    test: comparison(1.5),
  }),
  row('five steps from 1 to 50', (looks) =>
    trafficOf({ weight: steps(five, looks), rates: always(0.01, 0.01) }),
  ),
  row('weights chosen by the evidence so far', () =>
    trafficOf({ weight: byEvidence, rates: always(0.01, 0.01) }),
  ),
  row(blocks, () => trafficOf({ weight: () => 0.1, rates: always(0.01, 0.01), assigner: inBlocks })),
  row(`${blocks}, with another weight after every 50 requests`, restless),
  row(two, lagging),
  row(`${two}, counted with one weight for both`, countedByOne, { kind: 'broken' }),
  row('latencies are equal', traffic(0.1, slowAnswers(1, 0))),
  row('at times both are 1.8 times as slow', traffic(0.1, slowAnswers(1, 0, 1.8))),
  row('the canary is 10 % slower, latencyMargin 0.1', traffic(0.1, slowAnswers(1.1, 0.1))),
  row(
    'errors, slow answers and disagreements, none more than allowed',
    () => allKinds(stays(0.01), stays(0.05), stays(0.02)),
    { test: anyOf(comparison(1), comparison(1), limitTest(0.02)), nominal: ofAll },
  ),
  row(`${coldCanary}, left out with those of stable`, () => cold(true)),
  row(`${coldCanary}, counted`, () => cold(false), { kind: 'broken' }),
  row(`${short}, one event for each`, shortSessions('one')),
  row(`${short}, every failure counted`, shortSessions('every failure'), { kind: 'broken' }),
  row(`${shared}, evidence by gateway`, sharedSessions, { test: byGateway }),
  row(`${shared}, counts added up`, sharedSessions, {
    test: added(comparison(1)),
    kind: 'broken',
  }),
  row(`${long}, one event for each`, longSessions('one')),
  row(`${long}, one event for each track`, longSessions('one for each track'), { kind: 'broken' }),
]
