/** Traffic of sessions that stay with their track: requests of one session are not independent. */
import { type Counted, type Random, type Rollout, requestsPerLook } from './simulation.ts'

export interface Sessions {
  /** A share from 0 to 1. */
  readonly weight: (look: number) => number
  /** Share of sessions all of whose requests fail. */
  readonly failing: number
  /**
   * Short sessions come one after the other, of 20 requests each. Long ones are there from the beginning; a request is of
   * any of them.
   */
  readonly kind: 'short' | 'long'
  readonly counted: 'every failure' | 'one for each track' | 'one'
  /** A request of a session goes to any of them, and each counts by itself. */
  readonly gateways?: number
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

/** A request of a failing session, and where it goes. */
interface Failure {
  readonly session: Session
  readonly track: 'canary' | 'stable'
  readonly gateway: number
}

/** Whether the failure of a session is an event that counts. */
const isCounted = ({ counted }: Sessions, { session, track, gateway }: Failure): boolean => {
  if (counted === 'every failure') return true
  const key = counted === 'one' ? `${gateway}` : `${gateway} ${track}`
  if (session.failures.has(key)) return false
  session.failures.add(key)
  return true
}

export const sessionTraffic =
  (sessions: Sessions) =>
  (random: Random): Rollout => {
    const next = nextSession(sessions, random)
    const { gateways = 1 } = sessions
    return (look): Counted => {
      const weight = sessions.weight(look)
      let canaryRequests = 0
      const failures: Failure[] = []
      for (let request = 0; request < requestsPerLook; request += 1) {
        const session = next()
        const track = session.place < weight ? 'canary' : 'stable'
        if (track === 'canary') canaryRequests += 1
        if (session.isFailing) failures.push({ session, track, gateway: Math.floor(random() * gateways) })
      }
      const events = failures.filter((failure) => isCounted(sessions, failure))
      const eventsOf = (track: Failure['track'], at: number): number =>
        events.filter((event) => event.track === track && event.gateway === at).length
      const [first, ...more] = Array.from({ length: gateways }, (_, at) => ({
        weight,
        requests: at === 0 ? requestsPerLook : 0,
        canaryRequests: at === 0 ? canaryRequests : 0,
        canaryEvents: eventsOf('canary', at),
        stableEvents: eventsOf('stable', at),
      }))
      return { ...(first as Counted), more }
    }
  }
