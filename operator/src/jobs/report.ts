/** The report of a Job, read from a pod's termination message: any container may write one, so each member is looked at. */
import { plainText } from '@gantry/contract/plain-text.ts'
import { isObject } from '@gantry/kube/json-object.ts'
import type { Retry } from '../runtime/errors.ts'
import type { JobKind } from './kind.ts'

export interface Failed<Failure extends string> {
  readonly kind: 'failed'
  readonly reason: Failure
  /** A sentence for the user. */
  readonly message: string
  readonly retry: Retry
}

export interface Done<Report> {
  readonly kind: 'done'
  readonly report: Report
}

/** A report is at most 4096 bytes: what is longer was not written by a kubelet. */
const mostCharacters = 4096
/** Most characters of a message within a condition, so that what to do next still follows it. */
export const longestMessage = 2048

const failedOf = <Failure extends string>(
  failures: readonly Failure[],
  { message, retry, ...report }: Readonly<Record<string, unknown>>,
): Failed<Failure> | undefined => {
  const reason = failures.find((one) => one === report['reason'])
  const isKnown = retry === 'never' || retry === 'backoff'
  return reason && isKnown && typeof message === 'string'
    ? { kind: 'failed', reason, message: plainText(message, longestMessage), retry }
    : undefined
}

/** @returns undefined for what is no report of such a Job */
export const readReport = <Report, Failure extends string>(
  { failures, read }: Pick<JobKind<Report, Failure>, 'failures' | 'read'>,
  terminationMessage: string | undefined,
): Done<Report> | Failed<Failure> | undefined => {
  if (!terminationMessage || terminationMessage.length > mostCharacters) return undefined
  try {
    const given: unknown = JSON.parse(terminationMessage)
    if (!isObject(given)) return undefined
    if (given['outcome'] === 'failed') return failedOf(failures, given)
    const report = read(given)
    return report && { kind: 'done', report }
  } catch {
    return undefined
  }
}
