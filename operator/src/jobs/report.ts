/** The report of a Job, read from a pod's termination message. */
import { maxReportBytes } from '@gantry/contract/importing.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { Done, Failed, JobKind } from './kind.ts'

/** Most characters of a message within a condition, so that what to do next still follows it. */
export const longestMessage = 2048

/** @param report that its schema has accepted */
export const failedOf = <Failure extends string>({
  reason,
  message,
  retry,
}: Omit<Failed<Failure>, 'kind'>): Failed<Failure> => ({
  kind: 'failed',
  reason,
  message: plainText(message, longestMessage),
  retry,
})

/** @returns undefined for what is no report of such a Job */
export const readReport = <Report, Failure extends string>(
  { read }: Pick<JobKind<Report, Failure>, 'read'>,
  terminationMessage: string | undefined,
): Done<Report> | Failed<Failure> | undefined => {
  // A longer text was not written by a kubelet.
  if (!terminationMessage || terminationMessage.length > maxReportBytes) return undefined
  try {
    return read(JSON.parse(terminationMessage))
  } catch {
    return undefined
  }
}
