/** The tests of evidence.ts, as the simulations feed them: look by look, with the looks of one weight added up. */
import { type Look, logEvidence, logEvidenceAbove } from '../evidence.ts'
import type { Counted } from './simulation.ts'

/** Against "the rate of the canary is at most `margin` times that of stable". */
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

/** Against "the rate of the canary is at most `limit`". */
export const limitTest = (limit: number) => () => {
  let [events, trials] = [0, 0]
  return ({ canaryEvents, canaryRequests }: Counted): number => {
    events += canaryEvents
    trials += canaryRequests
    return logEvidenceAbove({ events, trials }, limit)
  }
}
