import type { LiveJob } from '@gantry/kube/live.ts'
import { lastFailureOf } from '../../jobs/attempt.ts'
import { triedAgain } from '../../jobs/said.ts'
import type { Finding } from '../../runtime/finding.ts'
import { isRewrapDue } from '../desired/import-job.ts'
import { type ImportOutcome, importKind, importOutcome } from '../importing.ts'
import type { Observed } from '../observe.ts'
import { missingAccount } from './account.ts'
import type { Check } from './check.ts'
import { jobFailed, jobPodRefused, podOf } from './job.ts'
import { mountedImageStuck } from './mounted-image.ts'
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

/** Whether spec.model.keep names ids that the volume does not have. What serves is as it should be, so Degraded alone tells. */
export const keptUnknown = ({
  model,
  versions,
}: Pick<Observed, 'model' | 'versions'>): Finding | undefined => {
  const ids = versions.map(({ id }) => id)
  const unknown = model.spec.model.keep?.filter((id) => !ids.includes(id)) ?? []
  if (unknown.length === 0 || ids.length === 0) return undefined
  return {
    reason: 'VersionNotFound',
    message: `spec.model.keep names ${unknown.join(', ')}, which ${unknown.length === 1 ? 'is' : 'are'} not on the volume (there are: ${ids.join(', ')}). Take ${unknown.length === 1 ? 'it' : 'them'} out; a version that is gone has to be imported again.`,
    ...{ retry: 'never', isNonBlocking: true },
  }
}

const failed = (
  { claim, growth, target }: Observed,
  job: LiveJob,
  outcome: Extract<ImportOutcome, { kind: 'failed' }>,
): Finding => {
  const before = outcome.reason === 'VolumeFull' ? moreRoom(claim, growth) : ''
  const change =
    target.kind === 'import'
      ? 'spec.model.source or spec.model.version'
      : 'the key of spec.storage.encryptionKeySecretRef'
  return jobFailed(job, outcome, { change, before })
}

/** The current Job, while what it imports is not on the volume, or versions are wrapped by another key than spec names. */
const importing = ({ job, target, model, versions }: Observed): LiveJob | undefined =>
  target.kind === 'import' || isRewrapDue(model, versions) ? job : undefined

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
  return failure && triedAgain(job.metadata.namespace, failure)
}

export const importPodStuck: Check = (observed) => {
  const pod = podOf(importing(observed), observed.importPods)
  if (!pod) return undefined
  return (
    unschedulable(pod, observed) ??
    unmountable(pod, observed) ??
    mountedImageStuck(pod, pod.status?.containerStatuses?.[0], observed.model) ??
    imageNotPulled(pod, observed) ??
    notCreated(pod, observed)
  )
}

export const importPodRefused: Check = (observed) => {
  const job = importing(observed)
  const { metadata, spec } = observed.model
  const account = {
    ...{ name: spec.storage?.import?.serviceAccountName, namespace: metadata.namespace },
    field: 'spec.storage.import.serviceAccountName',
  }
  const pod = podOf(job, observed.importPods)
  return jobPodRefused(job, pod, observed, resourcesFields.import, (message) =>
    missingAccount(message, account),
  )
}
