import type { Reason } from '@gantry/contract/reasons.ts'
import type { Retry } from './errors.ts'

/** Something that keeps a model from being served as wished. */
export interface Finding {
  /** The reason of the condition and of the Event. */
  readonly reason: Reason
  /** A sentence for the user, and what to do next. */
  readonly message: string
  /** `never`: a person must act (Stalled). `backoff`: it may pass by itself (Reconciling). */
  readonly retry: Retry
  /** Everything goes on without it: told by Degraded alone. */
  readonly isAside?: true
  /** Look again after that many milliseconds, where no watch would tell that it is mended. */
  readonly afterMs?: number
}
