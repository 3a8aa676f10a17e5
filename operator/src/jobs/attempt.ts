/** How often a Job was tried, why it failed, and when it is tried again: all of it stands on the Job. */
import { conditionOf, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import type { Failed, JobKind } from './kind.ts'
import { outcomeOf } from './outcome.ts'
import { longestMessage } from './report.ts'

/** Annotations of a Job. */
export const attemptAnnotations = {
  /** How often what the Job does failed before. */
  attempt: 'gantry.dev/attempt',
  /** Why the attempt before it failed, as JSON. */
  lastFailure: 'gantry.dev/last-failure',
} as const

export const firstDelayMs = 10_000
export const longestDelayMs = 5 * 60_000

export const attemptOf = (job: LiveJob): number =>
  Number(job.metadata.annotations?.[attemptAnnotations.attempt] ?? 0) || 0

/** When a Job that has ended may be tried again, in milliseconds since the epoch. */
export const retryAt = (job: LiveJob): number => {
  const end = conditionOf(job, 'Failed') ?? conditionOf(job, 'Complete')
  const finishedAt = Date.parse(end?.lastTransitionTime ?? '') || 0
  return finishedAt + Math.min(firstDelayMs * 2 ** attemptOf(job), longestDelayMs)
}

/** Why the attempt before this Job failed, as its annotation tells; anybody may have written that. */
export const lastFailureOf = <Failure extends string>(
  { failures }: Pick<JobKind<unknown, Failure>, 'failures'>,
  { metadata }: LiveJob,
): Pick<Failed<Failure>, 'reason' | 'message'> | undefined => {
  try {
    const { reason, message } = JSON.parse(metadata.annotations?.[attemptAnnotations.lastFailure] ?? '{}')
    const isKnown = failures.includes(reason) && typeof message === 'string'
    return isKnown ? { reason, message: message.slice(0, longestMessage) } : undefined
  } catch {
    return undefined
  }
}

/** The last failure, as an annotation of the Job that follows `job`. */
export const failureAnnotation = <Report, Failure extends string>(
  kind: JobKind<Report, Failure>,
  job: LiveJob,
  pods: readonly LivePod[],
): string | undefined => {
  const outcome = outcomeOf(kind, job, pods)
  if (outcome.kind !== 'failed') return job.metadata.annotations?.[attemptAnnotations.lastFailure]
  const { reason, message } = outcome
  return JSON.stringify({ reason, message })
}
