/** Calls whose message is on its way. One that takes too long is ended, since half a message holds memory. */

import { Failure } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'

/** Longest time for a message; a whole request over HTTP has as long. */
const messageMs = 120_000
/** How often the receivers are checked, milliseconds. */
const lookMs = 1000

export interface Receiver {
  /** Whether the server reads at present. While it does not, the delay is not the caller's. */
  readonly reads: () => boolean
  readonly giveUp: (failure: Failure) => void
}

export interface Receiving {
  /** Starts the time of a receiver; without effect where it runs already. */
  readonly begin: (receiver: Receiver) => void
  readonly end: (receiver: Receiver) => void
}

const tooSlow = (): Failure =>
  new Failure(
    'timeout',
    `the message has not arrived within ${messageMs / 1000} seconds; send it faster, or less at a time`,
  )

export const createReceiving = ({ nowMs, after }: Clock): Receiving => {
  /** Start of the wait of each receiver. */
  const waiting = new Map<Receiver, number>()
  let looks = false
  const look = (): void => {
    const now = nowMs()
    for (const [receiver, sinceMs] of waiting) {
      if (!receiver.reads()) waiting.set(receiver, now)
      else if (now - sinceMs > messageMs) {
        waiting.delete(receiver)
        receiver.giveUp(tooSlow())
      }
    }
    looks = waiting.size > 0
    if (looks) after(lookMs, look)
  }
  return {
    begin: (receiver) => {
      if (waiting.has(receiver)) return
      waiting.set(receiver, nowMs())
      if (!looks) after(lookMs, look)
      looks = true
    },
    end: (receiver) => void waiting.delete(receiver),
  }
}
