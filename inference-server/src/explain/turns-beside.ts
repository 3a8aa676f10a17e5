/**
 * When work beside predictions may ask the model for a run.
 *
 * A model of which nobody has asked a prediction for a second is free. Otherwise a run begins only while no prediction waits or
 * runs, and after it such work rests for 24 times as long as it took: so fewer than one prediction in twenty can meet it on
 * its way, which leaves the 95th percentile of their latency as it is.
 */
import { setImmediate as others, setTimeout as pause } from 'node:timers/promises'
import type { Spare } from '../batching/beside.ts'

/** Nobody asked for a prediction in so long. */
const quietMs = 1000
/** Share of the time that the work has while predictions come. */
const share = 0.04
/** How often a busy model is looked at. */
const lookMs = 2

export interface TurnsBeside {
  /** Waits until a run may begin. @param check called while it waits; what it throws ends the wait */
  readonly next: (spare: Spare, check: () => void) => Promise<void>
  /** Notes how long the run took. */
  readonly took: (ms: number) => void
}

/** @param nowMs of the clock of the model's requests */
export const createTurnsBeside = (nowMs: () => number): TurnsBeside => {
  let restsUntilMs = Number.NEGATIVE_INFINITY
  const mayBegin = ({ isFree, submittedMs }: Spare): boolean => {
    const now = nowMs()
    return isFree() && (now >= restsUntilMs || now - submittedMs() >= quietMs)
  }
  return {
    next: async (spare, check) => {
      await others()
      check()
      while (!mayBegin(spare)) {
        await pause(lookMs)
        check()
      }
    },
    took: (ms) => {
      restsUntilMs = nowMs() + ms * (1 / share - 1)
    },
  }
}
