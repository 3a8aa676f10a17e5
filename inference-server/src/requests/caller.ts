import type { Timings } from './timings.ts'
import type { Usage } from './usage.ts'

/** The request that a prediction belongs to: its timings, its usage, its deadline and whether it was cancelled. */
export interface Caller {
  /** Filled in on the way. */
  readonly timings: Timings
  /** Filled in on the way, too. */
  readonly usage: Usage
  /** Whether the caller has closed the connection or cancelled. */
  readonly gone?: () => boolean
  /** Called with each piece of generated text, as soon as it is certain. */
  readonly onPiece?: (text: string) => void
  /** A deadline of its own, where it is earlier than the server's. */
  readonly timeoutMs?: number | undefined
  /** Whether it is work beside predictions, which has waited until they leave room and counts as none. */
  readonly isBeside?: boolean
  /** Calls back when the answer has left, and the outputs are read no more. Without it, the garbage collector frees them later. */
  readonly whenSent?: (callback: () => void) => void
}
