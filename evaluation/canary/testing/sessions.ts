/** Traffic of sessions that stay with their track: requests of one session are not independent. */
import { type Counted, type Random, type Rollout, requestsPerLook } from './simulation.ts'

export interface Sessions {
  /** From 0 to 1. */
  readonly weight: (look: number) => number
  /** Share of sessions all of whose requests fail. */
  readonly failing: number
  /**
   * Short sessions come one after the other, of 20 requests each. Long ones are there from the beginning; a request is of
   * any of them.
   */
  readonly kind: 'short' | 'long'
  readonly counted: 'every failure' | 'one for each track' | 'one'
}

interface Session {
  /** It belongs to the canary while the weight is above this number from 0 to 1. */
  readonly place: number
  readonly isFailing: boolean
  /** What was counted of it: tracks by name, or the session as a whole. */
  readonly failures: Set<string>
}

const requestsPerSession = 20
const longSessions = 2000

/** The sessions whose requests come next. */
const nextSession = ({ failing, kind }: Sessions, random: Random): (() => Session) => {
  const begin = (): Session => ({ place: random(), isFailing: random() < failing, failures: new Set() })
  if (kind === 'long') {
    const all = Array.from({ length: longSessions }, begin)
    return () => all[Math.floor(random() * longSessions)] as Session
  }
  let [current, left] = [begin(), requestsPerSession]
  return () => {
    if (left === 0) [current, left] = [begin(), requestsPerSession]
    left -= 1
    return current
  }
}

/** Whether a failure is an event that counts. */
const isCounted = ({ counted }: Sessions, { failures }: Session, track: string): boolean => {
  if (counted === 'every failure') return true
  const key = counted === 'one' ? 'session' : track
  if (failures.has(key)) return false
  failures.add(key)
  return true
}

export const sessionTraffic =
  (sessions: Sessions) =>
  (random: Random): Rollout => {
    const next = nextSession(sessions, random)
    return (look): Counted => {
      const weight = sessions.weight(look)
      const asked = Array.from({ length: requestsPerLook }, next).map((session) => ({
        session,
        track: session.place < weight ? 'canary' : 'stable',
      }))
      const events = asked.filter(
        ({ session, track }) => session.isFailing && isCounted(sessions, session, track),
      )
      const ofCanary = ({ track }: { readonly track: string }): boolean => track === 'canary'
      const canaryEvents = events.filter(ofCanary).length
      return {
        weight,
        requests: requestsPerLook,
        canaryRequests: asked.filter(ofCanary).length,
        canaryEvents,
        stableEvents: events.length - canaryEvents,
      }
    }
  }
