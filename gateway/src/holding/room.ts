/** What the gateway keeps of a model that may sleep: the requests that wait for an endpoint, and what has come so far. */
import type { Failure } from '../failure.ts'
import { createHistogram, type Histogram } from '../observability/series.ts'

/** A request that waits. */
export interface Waiter {
  /** Size of its body in memory. */
  readonly bytes: number
  readonly start: () => void
  readonly refuse: (failure: Failure) => void
  /** Its caller has left. */
  readonly left: () => void
}

export interface Room {
  /** The first one has waited longest. */
  readonly queue: Set<Waiter>
  /** Bodies of those in the queue. */
  bytes: number
  /** Requests that have waited, and whose answer has not ended. */
  released: number
  /** Inferences that have come. */
  requests: number
  /** Inferences that an endpoint was asked for and that have no whole answer. */
  inFlight: number
  /** When the last one came or ended, milliseconds of the clock that never jumps. */
  lastMs: number | undefined
  /** The time since which requests wait without an endpoint; undefined while the model is awake. */
  heldSinceMs: number | undefined
  lastWakeMs: number | undefined
  /** Seconds from the first request that was held to the first answer. */
  readonly wakes: Histogram
}

/** Seconds. A tiny model starts within some; one that needs a new node with a GPU takes minutes. */
const bounds = [0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 300, 600]

export const newRoom = (): Room => ({
  queue: new Set(),
  ...{ bytes: 0, released: 0, requests: 0, inFlight: 0 },
  ...{ lastMs: undefined, heldSinceMs: undefined, lastWakeMs: undefined },
  wakes: createHistogram(bounds),
})
