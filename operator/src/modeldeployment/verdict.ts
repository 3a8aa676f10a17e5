import type { Reason } from '@gantry/contract/reasons.ts'

/** Status, reason and message of a condition, without its time and generation. */
export interface Verdict {
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: Reason
  readonly message: string
}
