/** Where an import stands, read from its Job and that Job's pods alone: nothing of it is remembered elsewhere. */
import { shownDuration } from '@gantry/contract/duration.ts'
import { type ImportFailure, type ImportReport, importFailures } from '@gantry/contract/importing.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { shownSource } from '@gantry/contract/source.ts'
import {
  conditionOf,
  isOver,
  isOwnedBy,
  type LiveJob,
  type LivePod,
  type Terminated,
} from '@gantry/kube/live.ts'
import { annotations } from '../modeldeployment/desired/metadata.ts'
import { longestMessage, readReport } from '../modeldeployment/import-report.ts'
import type { Version } from '../modeldeployment/model-deployment.ts'
import type { Retry } from '../runtime/errors.ts'
import { lastWords } from './last-words.ts'

export type Outcome =
  | { readonly kind: 'running' }
  | { readonly kind: 'imported'; readonly version: ReportedVersion; readonly pruned: readonly string[] }
  | {
      readonly kind: 'failed'
      readonly reason: ImportFailure
      readonly message: string
      readonly retry: Retry
    }
  /** Done, but nobody can tell what came out: the pod is gone. */
  | { readonly kind: 'lost' }

type ReportedVersion = Extract<ImportReport, { outcome: 'imported' }>['version']

/** Ended by a signal or by its node, not by its own decision: the next attempt may go better. */
const wasCutOff = (terminated: Terminated | undefined): boolean => !terminated || terminated.exitCode >= 128

const outOfMemory = ({ spec }: LiveJob): string => {
  const limit = spec?.template?.spec?.containers?.[0]?.resources?.limits?.['memory']
  const most = limit === undefined ? 'than its node had' : `than its limit of ${limit}`
  return `The import needed more memory ${most} and was killed (OOMKilled). Raise spec.storage.import.resources.limits.memory, and it starts again by itself.`
}

/** The Job says which deadline it had. */
const deadlineExceeded = ({ spec }: LiveJob): string => {
  const seconds = spec?.activeDeadlineSeconds
  const deadline = seconds === undefined ? 'its deadline' : shownDuration(seconds * 1000)
  return `The import took longer than ${deadline} and was ended.`
}

/** By the kubelet: the node ran short of something, or the pod used more of the node's disk than it may. */
const evicted = (message: string): string => {
  const isOwn = /ephemeral local storage usage exceeds/i.test(message)
  const field = 'spec.storage.import.resources.limits.ephemeral-storage'
  return `The import did not finish: ${quoted(message)}${isOwn ? ` Raise ${field}.` : ''}`
}

/** An import that ended without its report. */
const unreported = (job: LiveJob, pod: LivePod | undefined, terminated: Terminated | undefined): Outcome => {
  const failed = (message: string, retry: Retry): Outcome => ({
    kind: 'failed',
    reason: 'ImportFailed',
    message,
    retry,
  })
  if (terminated?.reason === 'OOMKilled') {
    return failed(outOfMemory(job), 'never')
  }
  if (pod?.status?.reason === 'Evicted') return failed(evicted(pod.status.message ?? ''), 'backoff')
  const why = quoted(pod?.status?.message ?? pod?.status?.reason ?? 'its pod is gone')
  const words = lastWords(terminated?.message)
  const said = words ? ` Its last words: ${words}` : ''
  const ended = terminated ? `it ended with exit code ${terminated.exitCode}` : why
  return failed(`The import did not finish: ${ended}.${said}`, wasCutOff(terminated) ? 'backoff' : 'never')
}

const unreadable: Outcome = {
  kind: 'failed',
  reason: 'ImportFailed',
  message: 'The import ended well, but what it reported cannot be read.',
  retry: 'never',
}

const terminationOf = (pod: LivePod | undefined): Terminated | undefined =>
  pod?.status?.containerStatuses?.[0]?.state?.terminated

export const outcomeOf = (job: LiveJob, pods: readonly LivePod[]): Outcome => {
  const isComplete = conditionOf(job, 'Complete')?.status === 'True'
  const failure = conditionOf(job, 'Failed')
  if (!isComplete && failure?.status !== 'True') return { kind: 'running' }
  if (failure?.reason === 'DeadlineExceeded') {
    return { kind: 'failed', reason: 'ImportFailed', message: deadlineExceeded(job), retry: 'never' }
  }
  const pod = pods.find((candidate) => isOwnedBy(candidate, job.metadata.uid))
  if (pod && !isOver(pod)) return { kind: 'running' } // Job and pod are watched apart: the pod's end is on its way
  const terminated = terminationOf(pod)
  const report = readReport(terminated?.message)
  if (report?.outcome === 'failed') {
    return { kind: 'failed', reason: report.reason, message: report.message, retry: report.retry }
  }
  if (report) return { kind: 'imported', version: report.version, pruned: report.pruned }
  if (!isComplete) return unreported(job, pod, terminated)
  // A report that is there and says nothing must not start the same import over and over.
  return terminated?.message ? unreadable : { kind: 'lost' }
}

/** Named one by one: a field that the CRD does not know would be refused. */
const versionOf = ({
  id,
  label,
  revision,
  source,
  digest,
  sizeBytes,
  createdAt,
}: ReportedVersion): Version => ({
  ...{ id, revision, source, digest, sizeBytes, createdAt, phase: 'Imported' as const },
  ...(label ? { label } : {}),
})

/** The versions on the volume: those known before, and what finished imports report, newest last. */
export const versionsOf = (
  known: readonly Version[],
  jobs: readonly LiveJob[],
  pods: readonly LivePod[],
): readonly Version[] => {
  const outcomes = jobs.map((job) => outcomeOf(job, pods)).filter((outcome) => outcome.kind === 'imported')
  const pruned = new Set(outcomes.flatMap((outcome) => outcome.pruned))
  const reported = outcomes.map(({ version }) => versionOf(version))
  const unknown = reported.filter(({ id }) => !known.some((version) => version.id === id))
  return [...known, ...unknown]
    .filter(({ id }) => !pruned.has(id))
    .map((version) => ({ ...version, source: shownSource(version.source) }))
    .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
}

export const firstDelayMs = 10_000
export const longestDelayMs = 5 * 60_000

export const attemptOf = (job: LiveJob): number =>
  Number(job.metadata.annotations?.[annotations.attempt] ?? 0) || 0

interface LastFailure {
  readonly reason: ImportFailure
  readonly message: string
}

/** Why the attempt before this Job failed, as its annotation tells; anybody may have written that. */
export const lastFailureOf = ({ metadata }: LiveJob): LastFailure | undefined => {
  try {
    const { reason, message } = JSON.parse(metadata.annotations?.[annotations.lastFailure] ?? '{}')
    const isKnown = importFailures.includes(reason) && typeof message === 'string'
    return isKnown ? { reason, message: message.slice(0, longestMessage) } : undefined
  } catch {
    return undefined
  }
}

/** For the annotation of a Job that follows `job`. */
export const failureAnnotation = (job: LiveJob, pods: readonly LivePod[]): string | undefined => {
  const outcome = outcomeOf(job, pods)
  if (outcome.kind !== 'failed') return job.metadata.annotations?.[annotations.lastFailure]
  const { reason, message } = outcome
  return JSON.stringify({ reason, message })
}

/** When a failed import may be tried again, in milliseconds since the epoch. */
export const retryAt = (job: LiveJob): number => {
  const finishedAt = Date.parse(conditionOf(job, 'Failed')?.lastTransitionTime ?? '') || 0
  return finishedAt + Math.min(firstDelayMs * 2 ** attemptOf(job), longestDelayMs)
}
