/**
 * What a rollout could have seen: with which chance a rise of the error rate is found by as many requests. Rollouts are
 * drawn from a fixed seed, so the same question has the same answer; the chance is right to about two percent points.
 */
import { randomOf } from '../random.ts'
import { type Look, logEvidence } from './evidence.ts'

/** Requests of both tracks that were drawn with one weight. */
export interface Stretch {
  /** A share from 0 to 1. */
  readonly weight: number
  readonly requests: number
}

/** The rates of a version that is worse, and of stable. */
export interface Rise {
  readonly stable: number
  readonly canary: number
}

export interface Sensitivity {
  readonly margin: number
  readonly logThreshold: number
}

const drawn = 1000
const seed = 1
/** Events of a rollout, at most: the question takes a second at worst. A rise that needs more counts as not found. */
const mostEvents = 1000

/** How many requests there are from one event to the next, at least 1. @param logMissed log of 1 less the rate of events */
const gap = (random: () => number, logMissed: number): number =>
  Math.max(1, Math.ceil(Math.log(1 - random()) / logMissed))

/** The looks after each event of the canary, which are those that a test may reject at. */
function* looksAfterEvents(stretches: readonly Stretch[], { stable, canary }: Rise, random: () => number) {
  const before: Look[] = []
  let left = mostEvents
  for (const { weight, requests } of stretches) {
    const rate = weight * canary + (1 - weight) * stable
    const logMissed = rate >= 1 ? Number.NEGATIVE_INFINITY : Math.log1p(-rate)
    const events = { canary: 0, stable: 0 }
    const look = (): Look => ({ weight, canaryEvents: events.canary, stableEvents: events.stable })
    for (let at = gap(random, logMissed); at <= requests && left > 0; at += gap(random, logMissed)) {
      const isCanary = random() * rate < weight * canary
      events[isCanary ? 'canary' : 'stable'] += 1
      left -= 1
      if (isCanary) yield [...before, look()]
    }
    before.push(look())
  }
}

const isFound = (
  stretches: readonly Stretch[],
  rise: Rise,
  { margin, logThreshold }: Sensitivity,
  random: () => number,
): boolean => {
  for (const looks of looksAfterEvents(stretches, rise, random))
    if (logEvidence(looks, margin) >= logThreshold) return true
  return false
}

/** The share of rollouts with this traffic in which such a rise is found. */
export const chanceOfFinding = (
  stretches: readonly Stretch[],
  rise: Rise,
  sensitivity: Sensitivity,
): number => {
  const random = randomOf(seed)
  let found = 0
  for (let rollout = 0; rollout < drawn; rollout += 1)
    if (isFound(stretches, rise, sensitivity, random)) found += 1
  return found / drawn
}
