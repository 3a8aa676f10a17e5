/** Runs the check of a volume, and reads its report. The Job is deleted whatever happens. */
import { randomBytes } from 'node:crypto'
import { isVolumeReport } from '@gantry/contract/documents.ts'
import type { VolumeReport } from '@gantry/contract/fsck.ts'
import { deploymentName, serverSelector } from '@gantry/contract/labels.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { refusal } from '@gantry/kube/call.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { pathOf, query } from '@gantry/kube/path.ts'
import { Deployment, Job, Pod } from '@gantry/kube/resources.ts'
import { podState } from '../cluster/pods.ts'
import type { Model } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import { follow } from '../cluster/watching.ts'
import { failed } from '../failure.ts'
import { checkJob, type ServingDeployment } from './check-job.ts'

/** The label that the Job controller gives to the pods of a Job. */
const jobName = 'batch.kubernetes.io/job-name'

/** A report is bounded where it is written; a longer log has something else. */
const mostLogBytes = 4 * 2 ** 20

export interface CheckRequest {
  readonly repair: boolean
  readonly seconds: number
  readonly signal: AbortSignal
  /** Told what the pod does. */
  readonly onState: (state: string) => void
}

const isOver = ({ status }: LivePod): boolean => ['Succeeded', 'Failed'].includes(status?.phase ?? '')

/** Follows the Job's pod to its end. @returns undefined where it did not end in time, or Ctrl-C came */
const endedPod = async (
  session: Session,
  job: KubernetesObject,
  { seconds, signal, onState }: CheckRequest,
): Promise<{ readonly pod: LivePod | undefined; readonly state: string }> => {
  const done = new AbortController()
  let pod: LivePod | undefined
  let state = 'no pod was made'
  const look = (live: LivePod): void => {
    state = `its pod is ${podState(live)}`
    onState(state)
    if (!isOver(live)) return
    pod = live
    done.abort()
  }
  const { name, namespace = '' } = job.metadata
  const ending = AbortSignal.any([done.signal, signal, AbortSignal.timeout(seconds * 1000)])
  await follow(
    session,
    Pod,
    { namespace, labelSelector: `${jobName}=${name}` },
    (object, isGone) => void (isGone || look(object as LivePod)),
    ending,
  )
  return { pod, state }
}

const logOf = async (session: Session, pod: LivePod, signal: AbortSignal): Promise<string> => {
  const { name, namespace } = pod.metadata
  const path = pathOf(Pod, namespace, name, 'log') + query({ limitBytes: mostLogBytes })
  const response = await session.transport.open({ method: 'GET', path }, signal)
  response.setEncoding('utf8')
  const body = (await response.toArray()).join('')
  const code = response.statusCode ?? 0
  if (code !== 200) throw refusal(`log of ${name}`, { code, headers: response.headers, body })
  return body
}

/** @throws Failure with the last words of the pod where it has left no report */
const reportIn = (log: string): VolumeReport => {
  const lines = log.trim().split('\n')
  for (const line of lines.toReversed()) {
    try {
      const value: unknown = JSON.parse(line)
      if (isVolumeReport(value)) return value
    } catch {
      // not the line of the report
    }
  }
  throw failed(`The check ended without a report: ${plainText(lines.at(-1) ?? '', 500)}.`)
}

/** Where the volume is mounted, unless several nodes may mount it. */
const nodeOf = async ({ kube }: Session, model: Model): Promise<string | undefined> => {
  const modes: readonly string[] = model.spec.storage?.accessModes ?? ['ReadWriteOnce']
  if (modes.includes('ReadWriteMany')) return undefined
  const { name, namespace = '' } = model.metadata
  const pods = await kube.list<LivePod>(Pod, { namespace, labelSelector: serverSelector(name) })
  return pods.find((pod) => !isOver(pod) && pod.spec?.nodeName)?.spec?.nodeName
}

/** @throws Failure where nothing serves yet, or the check did not come to its end */
export const runCheck = async (
  session: Session,
  model: Model,
  request: CheckRequest,
): Promise<VolumeReport> => {
  const { kube } = session
  const { name, namespace = '' } = model.metadata
  const deployment = await kube.get<ServingDeployment>(Deployment, namespace, deploymentName(name, 'stable'))
  if (!deployment)
    throw failed(
      `${name} has no Deployment yet, so no version serves.`,
      `\`gantry describe ${name}\` says what it waits for.`,
    )
  const { repair, seconds } = request
  const check = { repair, seconds, nodeName: await nodeOf(session, model) }
  const job = await kube.create(Job, checkJob(model, deployment, check, randomBytes(3).toString('hex')))
  try {
    const { pod, state } = await endedPod(session, job, request)
    if (request.signal.aborted) throw failed('The check was interrupted, and its Job is deleted.')
    if (!pod)
      throw failed(
        `The check has not ended after ${seconds} s: ${state}.`,
        'Give it more time with --timeout, or see why its pod does not start: `kubectl describe pod`.',
      )
    return reportIn(await logOf(session, pod, request.signal))
  } finally {
    await kube.remove(Job, namespace, job.metadata.name, job.metadata.uid)
  }
}
