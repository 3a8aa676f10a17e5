import type { Trace } from './traceparent.ts'

/** What a request carries with it until it has ended, for its line in the request log and its spans. */
export interface Exchange {
  readonly trace: Trace
  /** Time at which the request arrived, on the server's clock. */
  readonly startedMs: number
  /** Whether a line will be written. */
  readonly logged: boolean
  /** Whether the line will hold what was asked and answered. */
  readonly contents: boolean
  /** Name of the API key of the request. */
  caller?: string | undefined
}
