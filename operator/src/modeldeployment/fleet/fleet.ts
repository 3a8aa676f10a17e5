/** The models that wait for a change of the operator's own settings, or roll by one, in one process of the operator. */
import type { Cache } from '@gantry/kube/cache.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { ReconcileConfig } from '../config.ts'
import { modelOf } from '../observe.ts'
import type { Fleet } from '../world.ts'
import { type Announcement, pausedAnnouncement, resumedAnnouncement } from './announcement.ts'
import { settingsHash } from './change.ts'
import { failures, freePlaces, type Hold, isPaused, type Sight, verdictFor } from './gate.ts'
import { rollsIn } from './rolls.ts'

export interface FleetOptions {
  readonly config: ReconcileConfig
  /** This release, as NAMESPACE/RELEASE. */
  readonly manager: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly log: Log
  /** Writes an Event about the operator. */
  readonly announce: (announcement: Announcement) => Promise<void>
}

/** What was asked of the API server may have been done though no answer came: the watch tells within this time. */
const unansweredMs = 60_000

export const createFleet = ({ config, manager, now, log, announce }: FleetOptions): Fleet => {
  const settings = settingsHash(config)
  /** The time at which each permit ends, which is set when the pass that it was given to has failed. */
  const permits = new Map<string, number>()
  const lookedAt = new Set<string>()
  /** Models that wait, each with what its last pass was told. */
  const waiting = new Map<string, Hold>()
  const asked = new Set<string>()
  let paused = false

  const isLookedAt = (key: string): boolean => lookedAt.has(key)
  const look = (cache: Cache): Sight => {
    for (const [key, untilMs] of permits) if (untilMs <= now()) permits.delete(key)
    const rolls = rollsIn(cache, manager, { now: now(), isLookedAt })
    return { permits: new Set(permits.keys()), settings, limits: config.fleet, rolls }
  }
  const turn = (isNow: boolean, sight: Sight): void => {
    paused = isNow
    const told = isNow ? pausedAnnouncement(failures(sight), waiting.size) : resumedAnnouncement(waiting.size)
    log[isNow ? 'warn' : 'info'](told.message, { reason: told.reason, settings })
    void announce(told)
  }
  /** A model that is woken asks again, and takes a free place if there is one. */
  const review = (cache: Cache, wake: (key: string) => void): void => {
    if (waiting.size === 0 && !paused) return
    const sight = look(cache)
    const isNow = waiting.size > 0 && isPaused(sight)
    if (isNow !== paused) {
      turn(isNow, sight)
      for (const key of waiting.keys()) wake(key)
      return
    }
    const next = [...waiting].filter(([, hold]) => !isNow || hold === 'wait').map(([key]) => key)
    for (const key of next.slice(0, freePlaces(sight))) wake(key)
  }
  return {
    settings,
    ask: (cache, key, isBroken) => {
      const verdict = verdictFor(look(cache), key, isBroken)
      asked.add(key)
      if (verdict === 'go') {
        waiting.delete(key)
        permits.set(key, Number.POSITIVE_INFINITY)
      } else waiting.set(key, verdict)
      return verdict
    },
    conclude: (cache, key, { wake, hasFailed }) => {
      if (hasFailed && permits.has(key)) permits.set(key, now() + unansweredMs)
      else permits.delete(key)
      if (modelOf(cache, key)) lookedAt.add(key)
      else lookedAt.delete(key) // the set would grow with every model that was ever deleted
      if (!asked.delete(key)) waiting.delete(key)
      review(cache, wake)
    },
    counts: () => ({ waiting: waiting.size, paused }),
  }
}
