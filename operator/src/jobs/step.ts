/** What to do next about a Job that is wanted. */
import { isOver, isOwnedBy, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Job } from '@gantry/kube/resources.ts'
import { attemptAnnotations, attemptOf, failureAnnotation, retryAt } from './attempt.ts'
import type { JobKind } from './kind.ts'
import { outcomeOf } from './outcome.ts'

type Start = { readonly kind: 'start'; readonly attempt: number; readonly replaces?: LiveJob }

export type Step =
  | { readonly kind: 'none' }
  /** The Job runs, or its next attempt is not due yet, or there is none. */
  | { readonly kind: 'hold'; readonly job: LiveJob }
  | Start
  /** A pod of another Job still writes to the volume. Two Jobs never write to it at the same time. */
  | { readonly kind: 'queue'; readonly behind: LivePod; readonly job: LiveJob | undefined }

/**
 * When a Job that has ended without a result is tried again, in milliseconds since the epoch; undefined where it is not. One whose result is lost
 * waits like one that failed: what removes its pod at once would remove that of the next one, too.
 */
export const nextAttemptAt = <Report, Failure extends string>(
  kind: JobKind<Report, Failure>,
  job: LiveJob,
  pods: readonly LivePod[],
): number | undefined => {
  const outcome = outcomeOf(kind, job, pods)
  const isRepeated = outcome.kind === 'lost' || (outcome.kind === 'failed' && outcome.retry === 'backoff')
  return isRepeated ? retryAt(job) : undefined
}

/** The attempt to start, if one is due. */
const due = <Report, Failure extends string>(
  kind: JobKind<Report, Failure>,
  job: LiveJob | undefined,
  pods: readonly LivePod[],
  now: number,
): Start | undefined => {
  if (!job) return { kind: 'start', attempt: 0 }
  const at = nextAttemptAt(kind, job, pods)
  return at !== undefined && now >= at
    ? { kind: 'start', attempt: attemptOf(job) + 1, replaces: job }
    : undefined
}

/**
 * @param job the one that does what is wanted
 * @param pods of all Jobs that write to the same volume
 * @param now milliseconds since the epoch
 */
export const stepOf = <Report, Failure extends string>(
  kind: JobKind<Report, Failure>,
  job: LiveJob | undefined,
  pods: readonly LivePod[],
  now: number,
): Step => {
  const start = due(kind, job, pods, now)
  if (!start) return job ? { kind: 'hold', job } : { kind: 'none' }
  const behind = pods.find((pod) => !isOver(pod) && !isOwnedBy(pod, job?.metadata.uid))
  return behind ? { kind: 'queue', behind, job } : start
}

/** A Job that follows a failed one tells why that failed, so that the status can, while it runs. */
export const withLastFailure = <Report, Failure extends string>(
  kind: JobKind<Report, Failure>,
  object: KubernetesObject,
  step: Step,
  pods: readonly LivePod[],
): KubernetesObject => {
  const { metadata } = object
  if (object.kind !== Job.kind || step.kind !== 'start' || !step.replaces) return object
  const failure = failureAnnotation(kind, step.replaces, pods)
  if (failure === undefined) return object
  const annotations = { ...metadata.annotations, [attemptAnnotations.lastFailure]: failure }
  return { ...object, metadata: { ...metadata, annotations } }
}
