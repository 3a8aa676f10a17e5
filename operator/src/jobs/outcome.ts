/** The outcome of a Job, read from it and its pods alone: no other state is kept. */
import { shownDuration } from '@gantry/contract/duration.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import {
  conditionOf,
  isOver,
  isOwnedBy,
  type LiveJob,
  type LivePod,
  type Terminated,
} from '@gantry/kube/live.ts'
import type { Retry } from '../runtime/errors.ts'
import type { Done, Failed, JobKind } from './kind.ts'
import { lastWords } from './last-words.ts'
import { readReport } from './report.ts'

export type Outcome<Report, Failure extends string> =
  | { readonly kind: 'running' }
  | Done<Report>
  | Failed<Failure>
  /** The Job has ended, but its result is unknown, since its pod is gone. */
  | { readonly kind: 'lost' }

/** Whether a signal or the node ended the container, rather than the program itself: the next attempt may succeed. */
const wasCutOff = (terminated: Terminated | undefined): boolean => !terminated || terminated.exitCode >= 128

type Told = Pick<JobKind<never, string>, 'noun' | 'resourcesField' | 'scratchField'>

/** @param container name of the one that was killed */
const outOfMemory = ({ noun, resourcesField }: Told, { spec }: LiveJob, container: string): string => {
  const { initContainers = [], containers = [] } = spec?.template?.spec ?? {}
  const killed = initContainers.find(({ name }) => name === container) ?? containers[0]
  const limit = killed?.resources?.limits?.['memory']
  const most = limit === undefined ? 'than its node had' : `than its limit of ${limit}`
  return `The ${noun} needed more memory ${most} and was killed (OOMKilled). Raise ${resourcesField}.limits.memory, and it starts again by itself.`
}

const ownVolume = /^Usage of EmptyDir volume .* exceeds/i
const ownLimit = /ephemeral local storage usage exceeds|exceeded its local ephemeral storage limit/i
const nodeDisk = /low on resource: (ephemeral-storage|imagefs|nodefs)/i

/**
 * Explains an eviction by the kubelet: the pod exceeded its own disk, which the next one would, too, or the node ran short of something, which
 * time or another node may have.
 */
const evicted = (
  { noun, resourcesField, scratchField = `${resourcesField}.limits.ephemeral-storage` }: Told,
  message: string,
): { readonly message: string; readonly retry: Retry } => {
  const said = `The ${noun} did not finish: ${quoted(message)}`
  const raise = (field: string) => `${said} Raise ${field}, and it starts again by itself.`
  if (ownVolume.test(message)) return { message: raise(scratchField), retry: 'never' }
  if (ownLimit.test(message))
    return { message: raise(`${resourcesField}.limits.ephemeral-storage`), retry: 'never' }
  const advice = `${said} A larger ${resourcesField}.requests.ephemeral-storage finds a node with more disk.`
  return { message: nodeDisk.test(message) ? advice : said, retry: 'backoff' }
}

interface Ended {
  /** Name of the container. */
  readonly name: string
  readonly isMain: boolean
  readonly terminated: Terminated | undefined
}

/** A Job that ended without its report. */
const withoutReport = (
  told: Told,
  job: LiveJob,
  pod: LivePod | undefined,
  { name, terminated }: Ended,
): { readonly message: string; readonly retry: Retry } => {
  if (terminated?.reason === 'OOMKilled') return { message: outOfMemory(told, job, name), retry: 'never' }
  if (pod?.status?.reason === 'Evicted') return evicted(told, pod.status.message ?? '')
  const why = quoted(pod?.status?.message ?? pod?.status?.reason ?? 'its pod is gone')
  const words = lastWords(terminated?.message)
  const said = words ? ` Its last words: ${words}` : ''
  const ended = terminated ? `it ended with exit code ${terminated.exitCode}` : why
  const message = `The ${told.noun} did not finish: ${ended}.${said}`
  return { message, retry: wasCutOff(terminated) ? 'backoff' : 'never' }
}

/** What the Job controller says of a Job, and the kubelet of a pod, that took longer than it may. */
const deadlineExceeded = 'DeadlineExceeded'

const deadlineOf = ({ spec }: LiveJob): number | undefined =>
  spec?.activeDeadlineSeconds ?? spec?.template?.spec?.activeDeadlineSeconds

/** The container that decides how the pod has ended: the first init container that failed, else the main one. */
const endOf = (pod: LivePod | undefined): Ended => {
  const { initContainerStatuses = [], containerStatuses = [] } = pod?.status ?? {}
  const failed = initContainerStatuses.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0)
  const deciding = failed ?? containerStatuses[0]
  return { name: deciding?.name ?? '', isMain: !failed, terminated: deciding?.state?.terminated }
}

/** @param pods of Jobs of this kind */
export const outcomeOf = <Report, Failure extends string>(
  kind: JobKind<Report, Failure>,
  job: LiveJob,
  pods: readonly LivePod[],
): Outcome<Report, Failure> => {
  const { noun, unreported: reason, deadlineSeconds } = kind
  const isComplete = conditionOf(job, 'Complete')?.status === 'True'
  const failure = conditionOf(job, 'Failed')
  if (!isComplete && failure?.status !== 'True') return { kind: 'running' }
  const pod = pods.find((candidate) => isOwnedBy(candidate, job.metadata.uid))
  if (failure?.reason === deadlineExceeded || pod?.status?.reason === deadlineExceeded) {
    const seconds = deadlineOf(job) ?? deadlineSeconds
    const message = `The ${noun} took longer than ${shownDuration(seconds * 1000)} and was ended.`
    return { kind: 'failed', reason, message, retry: 'never' }
  }
  if (pod && !isOver(pod)) return { kind: 'running' } // Job and pod are watched apart: the pod's end is on its way
  const end = endOf(pod)
  const { terminated } = end
  const report = readReport(kind, terminated?.message)
  // An init container that reads a stranger's file could claim what only the main one does.
  if (report && (end.isMain || report.kind === 'failed')) return report
  if (!isComplete) return { kind: 'failed', reason, ...withoutReport(kind, job, pod, end) }
  if (!terminated?.message) return { kind: 'lost' }
  // A report that cannot be read must not start the same Job again and again.
  const message = `The ${noun} ended well, but what it reported cannot be read.`
  return { kind: 'failed', reason, message, retry: 'never' }
}
