/** What conditions say of a Job that has failed. */
import { shownDuration } from '@gantry/contract/duration.ts'
import type { Finding } from '../runtime/finding.ts'
import { firstDelayMs, longestDelayMs } from './attempt.ts'

/** The message of a report with a full stop at its end, since another sentence follows it. */
export const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`)

/**
 * A failure that time may mend. The message stays the same from the first failure on: one that changed with each attempt would be a write with
 * each attempt.
 */
export const triedAgain = (
  namespace: string | undefined,
  { reason, message }: Pick<Finding, 'reason' | 'message'>,
): Finding => ({
  reason,
  message: `${sentence(message)} It is tried again by itself, after ${shownDuration(firstDelayMs)} at first and ${shownDuration(longestDelayMs)} at last (kubectl -n ${namespace} get jobs).`,
  retry: 'backoff',
})
