/**
 * What was counted of each session of a rollout. Requests of one session fail together, so that the verdict takes its first error
 * and its first slow answer in the whole rollout, on whichever track.
 */
import type { Track } from '@gantry/contract/gateway.ts'

/** Kinds of events, as bits. */
export const events = { error: 1, slow: 2, overLimit: 4 } as const

/** What of a request counts. */
export interface Noted {
  /** Whether it is the session's first one on its track at the step. */
  readonly isFirst: boolean
  /** Bits of events. */
  readonly events: number
}

/** Room for sessions of all models together. */
export interface SessionRoom {
  /** @returns false where there is none */
  readonly take: () => boolean
  readonly giveBack: (sessions: number) => void
}

/** So many take about 20 MB. */
const mostSessions = 200_000

export const createSessionRoom = (most = mostSessions): SessionRoom => {
  let taken = 0
  return {
    take: () => {
      if (taken >= most) return false
      taken += 1
      return true
    },
    giveBack: (sessions) => {
      taken -= sessions
    },
  }
}

/** Sessions of one rollout at one gateway. */
export interface SessionBook {
  readonly run: string
  /**
   * @param cell number of the step and weight in this book, from 0 @param happened bits of events
   * @returns what counts; undefined where the session cannot be remembered, so that nothing of it may count
   */
  readonly note: (id: string, cell: number, track: Track, happened: number) => Noted | undefined
  readonly close: () => void
}

const eventBits = 3
/** A number of 31 bits has a bit for each kind of event, and one for each cell and track: ten steps and a few more. */
const mostCells = 14

export const createSessionBook = (run: string, room: SessionRoom): SessionBook => {
  /** Bits by session. */
  const known = new Map<string, number>()
  return {
    run,
    note: (id, cell, track, happened) => {
      if (cell >= mostCells) return undefined
      const before = known.get(id)
      // Who comes while there is no room does not depend on the track, so that the verdict stays valid without them.
      if (before === undefined && !room.take()) return undefined
      const bits = before ?? 0
      const seen = 1 << (eventBits + 2 * cell + (track === 'canary' ? 1 : 0))
      known.set(id, bits | seen | happened)
      return { isFirst: (bits & seen) === 0, events: happened & ~bits }
    },
    close: () => {
      room.giveBack(known.size)
      known.clear()
    },
  }
}
