import { shownDuration } from '@gantry/contract/duration.ts'
import { isOver, isOwnedBy, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import { firstDelayMs, lastFailureOf, longestDelayMs } from '../../jobs/attempt.ts'
import { podRefused } from '../../pods/refused.ts'
import type { Finding } from '../../runtime/finding.ts'
import { type ImportOutcome, importKind, importOutcome } from '../importing.ts'
import type { Observed } from '../observe.ts'
import type { Check } from './check.ts'
import { imageNotPulled, notCreated, resourcesFields, unmountable, unschedulable } from './pods.ts'
import { moreRoom } from './volume.ts'

/** Whether spec names an id that the volume does not have. */
export const versionUnknown: Check = ({ target, versions }) => {
  if (target.kind !== 'unknown') return undefined
  const known = versions.map(({ id }) => id).join(', ') || 'none'
  return {
    reason: 'VersionNotFound',
    message: `spec.model.version ${target.id} is the id of a version that is not on the volume (there are: ${known}). Set one of these, or a label of your own in order to import the source.`,
    retry: 'never',
  }
}

/** Ends a message of the report with a full stop, since another sentence follows it. */
const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`)

/**
 * The message stays the same from the first failure until the source answers. A message that changed with each attempt would be
 * a write of the status, and a line of `kubectl get -w`, without news.
 */
const triedAgain = (
  { metadata: { namespace } }: LiveJob,
  { reason, message }: Pick<Finding, 'reason' | 'message'>,
): Finding => ({
  reason,
  message: `${sentence(message)} It is tried again by itself, after ${shownDuration(firstDelayMs)} at first and ${shownDuration(longestDelayMs)} at last (kubectl -n ${namespace} get jobs).`,
  retry: 'backoff',
})

const failed = (
  { claim, growth }: Observed,
  job: LiveJob,
  outcome: Extract<ImportOutcome, { kind: 'failed' }>,
): Finding => {
  const { reason, message, retry } = outcome
  if (retry === 'backoff') return triedAgain(job, outcome)
  const { name, namespace } = job.metadata
  const again = `To try again, change spec.model.source or spec.model.version, or: kubectl -n ${namespace} delete job ${name}`
  const room = reason === 'VolumeFull' ? `${moreRoom(claim, growth)} ` : ''
  return { reason, retry, message: `${sentence(message)} ${room}${again}` }
}

/** The current Job, while what it imports is not on the volume. */
const importing = ({ job, target }: Observed): LiveJob | undefined =>
  target.kind === 'import' ? job : undefined

export const importFailed: Check = (observed) => {
  const job = importing(observed)
  if (!job) return undefined
  const outcome = importOutcome(job, observed.importPods)
  if (outcome.kind === 'failed') return failed(observed, job, outcome)
  if (outcome.kind !== 'done') return undefined
  const message = `The import reported revision ${outcome.report.version.revision}, which was not asked for.`
  return failed(observed, job, { kind: 'failed', reason: 'ImportFailed', message, retry: 'never' })
}

/** The finding while another attempt runs and no check has found a fault of its pod. */
export const importFailedBefore: Check = (observed) => {
  const job = importing(observed)
  if (!job || importOutcome(job, observed.importPods).kind !== 'running') return undefined
  const failure = lastFailureOf(importKind, job)
  return failure && triedAgain(job, failure)
}

const podOf = (observed: Observed): LivePod | undefined => {
  const job = importing(observed)
  return job && observed.importPods.find((pod) => isOwnedBy(pod, job.metadata.uid) && !isOver(pod))
}

export const importPodStuck: Check = (observed) => {
  const pod = podOf(observed)
  if (!pod) return undefined
  return (
    unschedulable(pod, observed) ??
    unmountable(pod, observed) ??
    imageNotPulled(pod, observed) ??
    notCreated(pod, observed)
  )
}

/** A Job says nothing in its status when its pod is refused. */
export const importPodRefused: Check = (observed) => {
  const job = importing(observed)
  if (!job || podOf(observed)) return undefined
  const event = observed.events.findLast(
    ({ involvedObject, reason }) => involvedObject?.uid === job.metadata.uid && reason === 'FailedCreate',
  )
  return event && podRefused(event.message ?? '', resourcesFields.import)
}
