/** Limits of the queue and of batches. */
export interface BatcherLimits {
  /** Most rows of different requests in one batch; 1 turns batching off. */
  readonly maxRows: number
  readonly maxDelayMs: number
  /** Most requests that wait. */
  readonly maxQueue: number
  readonly timeoutMs: number
}
