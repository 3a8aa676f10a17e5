import type { LogReason } from '@gantry/contract/reasons.ts'

/** What the controller does with a failure: nothing until the next event, or another pass after a growing wait. */
export type Retry = 'never' | 'backoff'

/** A pass that could not be finished. `reason` is told in the log. */
export class ReconcileError extends Error {
  readonly reason: LogReason
  readonly retry: Retry
  constructor(reason: LogReason, retry: Retry, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ReconcileError'
    this.reason = reason
    this.retry = retry
  }
}
