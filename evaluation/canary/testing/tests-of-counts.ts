/** The tests of evidence.ts, as the simulations feed them: look by look, with the looks of one weight added up. */
import { type Look, logEvidence, logEvidenceAbove } from '../evidence.ts'
import { groupShare } from '../tally.ts'
import type { Counted, Situation } from './simulation.ts'

/** A test against "the rate of the canary is at most `margin` times that of stable". */
export const comparison = (margin: number) => () => {
  const sums = new Map<number, Look>()
  return ({ weight, canaryEvents, stableEvents }: Counted): number => {
    const before = sums.get(weight) ?? { weight, canaryEvents: 0, stableEvents: 0 }
    sums.set(weight, {
      weight,
      canaryEvents: before.canaryEvents + canaryEvents,
      stableEvents: before.stableEvents + stableEvents,
    })
    return logEvidence([...sums.values()], margin)
  }
}

/** A test against "the rate of the canary is at most `limit`". */
export const limitTest = (limit: number) => () => {
  let [events, trials] = [0, 0]
  return ({ canaryEvents, canaryRequests }: Counted): number => {
    events += canaryEvents
    trials += canaryRequests
    return logEvidenceAbove({ events, trials }, limit)
  }
}

/** Each kind of counts has its own test, and any of them may reject. */
export const anyOf =
  (...tests: readonly Situation['test'][]): Situation['test'] =>
  () => {
    const each = tests.map((test) => test())
    return ({ more = [], ...first }) =>
      Math.max(...[first, ...more].map((counted, index) => each[index]?.(counted) ?? 0))
  }

/** One test of the counts of all gateways, added up. */
export const added =
  (test: Situation['test']): Situation['test'] =>
  () => {
    const evidenceAfter = test()
    return ({ more = [], ...first }) => [first, ...more].map((counted) => evidenceAfter(counted)).at(-1) ?? 0
  }

/** A test whose evidence has the share of the how-manieth source. */
export const ofSource =
  (ordinal: number, test: Situation['test']): Situation['test'] =>
  () => {
    const evidenceAfter = test()
    return (counted) => evidenceAfter(counted) + Math.log(groupShare(ordinal))
  }
