import type { Reason } from '@gantry/contract/reasons.ts'
import type { Retry } from './errors.ts'

/** A reason why an object does not meet its spec. */
export interface Finding {
  /** The reason of the condition and of the Event. */
  readonly reason: Reason
  /** A sentence for the user, and what to do next. */
  readonly message: string
  /** `never`: a person must act (Stalled). `backoff`: it may pass by itself (Reconciling). */
  readonly retry: Retry
  /** Set where nothing else depends on it. It is reported by Degraded alone. */
  readonly isNonBlocking?: true
  /** Set where everything goes on by itself as soon as a person has acted, such as for a pod that waits. */
  readonly goesOn?: true
  /** Milliseconds until the next pass, where no watch would show that the fault is gone. */
  readonly afterMs?: number
}
