import type { Timings } from './timings.ts'
import type { Usage } from './usage.ts'

/** Who waits for an answer. */
export interface Caller {
  /** Filled in on the way. */
  readonly timings: Timings
  /** Filled in on the way, too. */
  readonly usage: Usage
  /** Whether the caller has closed the connection or cancelled. */
  readonly gone?: () => boolean
  /** Told each piece of a text that is written, as soon as it is certain. */
  readonly onPiece?: (text: string) => void
  /** A deadline of its own, where it is earlier than the server's. */
  readonly timeoutMs?: number | undefined
  /** Calls back when the answer has left, and the outputs are read no more. Without it, the garbage collector frees them later. */
  readonly whenSent?: (callback: () => void) => void
}
