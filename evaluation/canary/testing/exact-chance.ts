import type { Rise, Sensitivity, Stretch } from '../detection.ts'
import { logEvidence } from '../evidence.ts'

/**
 * The chance of finding a rise by requests of one weight, by summing over all ways: the number of events is binomial,
 * each is the canary's by itself, and evidence is looked at after each.
 */
export const exactChance = (
  { weight, requests }: Stretch,
  { stable, canary }: Rise,
  { margin, logThreshold }: Sensitivity,
): number => {
  const rate = weight * canary + (1 - weight) * stable
  const ofCanary = (weight * canary) / rate
  // alive[k]: chance of k canary events and no rejection, after the events so far.
  let alive = [1]
  let chanceOfEvents = (1 - rate) ** requests
  let missed = chanceOfEvents
  for (let events = 1; events <= requests; events += 1) {
    const next = Array.from({ length: events + 1 }, (_, k) => {
      const chance = (alive[k] ?? 0) * (1 - ofCanary) + (alive[k - 1] ?? 0) * ofCanary
      const look = { weight, canaryEvents: k, stableEvents: events - k }
      return chance === 0 || logEvidence([look], margin) >= logThreshold ? 0 : chance
    })
    alive = next
    chanceOfEvents *= ((requests - events + 1) / events) * (rate / (1 - rate))
    missed += chanceOfEvents * next.reduce((sum, chance) => sum + chance, 0)
    if (events > requests * rate && chanceOfEvents < 1e-12) break
  }
  return 1 - missed
}
