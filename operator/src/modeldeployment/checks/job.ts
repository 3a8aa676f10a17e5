/** What the checks of all Jobs of a model have in common. */
import { isOver, isOwnedBy, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import { sentence, triedAgain } from '../../jobs/said.ts'
import { podRefused } from '../../pods/refused.ts'
import type { Finding } from '../../runtime/finding.ts'
import type { Observed } from '../observe.ts'

/** The pod of a Job while it is not over. */
export const podOf = (job: LiveJob | undefined, pods: readonly LivePod[]): LivePod | undefined =>
  job && pods.find((pod) => isOwnedBy(pod, job.metadata.uid) && !isOver(pod))

/**
 * A Job that has failed: tried again by itself, or how somebody would.
 * @param change what of spec would make another Job, and sentences before it
 */
export const jobFailed = (
  { metadata: { name, namespace } }: LiveJob,
  { reason, message, retry }: Finding,
  { change, before = '' }: { readonly change: string; readonly before?: string },
): Finding => {
  if (retry === 'backoff') return triedAgain(namespace, { reason, message })
  const again = `To try again, change ${change}, or: kubectl -n ${namespace} delete job ${name}`
  const said = [sentence(message), before, again].filter((part) => part !== '').join(' ')
  return { reason, retry, message: said }
}

/**
 * A Job says nothing in its status when its pod is refused.
 * @param field of spec with the resources of its pod
 * @param known what a message means for this Job alone
 */
export const jobPodRefused = (
  job: LiveJob | undefined,
  pod: LivePod | undefined,
  { events }: Pick<Observed, 'events'>,
  field: string,
  known: (message: string) => Finding | undefined = () => undefined,
): Finding | undefined => {
  if (!job || pod) return undefined
  const event = events.findLast(
    ({ involvedObject, reason }) => involvedObject?.uid === job.metadata.uid && reason === 'FailedCreate',
  )
  const { message = '' } = event ?? {}
  return event && (known(message) ?? podRefused(message, field))
}
