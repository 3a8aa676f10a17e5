/**
 * Batches that were given to a runner ahead of their turn. Each begins when another one ends; until then its requests count as
 * waiting.
 */
import type { Share } from './submission.ts'

export interface Ahead {
  /** Adds a batch that was given to a runner. @param begins whether it runs at once */
  readonly give: (shares: readonly Share[], begins: boolean) => void
  /** A batch has run, or failed: the next one begins, unless this one was itself taken for one that waits. */
  readonly ran: (shares: readonly Share[], inferMs: number) => void
  /** Requests that wait in these batches with all their rows. */
  readonly requests: () => number
}

const begin = (shares: readonly Share[], atMs: number): void => {
  for (const { entry, from } of shares) if (from === 0) entry.queueMs = atMs - entry.submittedMs
}

const isWhole = ({ entry }: Share): boolean => !entry.answered && entry.taken === entry.rows

export const createAhead = (nowMs: () => number): Ahead => {
  /** Batches in the order in which they begin. */
  const given: (readonly Share[])[] = []
  return {
    give: (shares, begins) => {
      if (begins) begin(shares, nowMs())
      else given.push(shares)
    },
    ran: (shares, inferMs) => {
      const place = given.indexOf(shares)
      const atMs = nowMs()
      if (place >= 0) {
        given.splice(place, 1)
        begin(shares, atMs - inferMs)
        return
      }
      const next = given.shift()
      if (next) begin(next, atMs)
    },
    requests: () => {
      let count = 0
      for (const shares of given) count += shares.filter(isWhole).length
      return count
    },
  }
}
