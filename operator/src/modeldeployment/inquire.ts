import type { ServedModel } from '@gantry/contract/server.ts'
import { isEnding, isOwnedBy, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { PersistentVolumeClaim } from '@gantry/kube/resources.ts'
import { eventsOf } from '../runtime/object-events.ts'
import { refusalOf } from '../runtime/refusals.ts'
import { isSecure } from './desired/ports.ts'
import { largerVolume } from './desired/volume.ts'
import { importOutcome } from './importing.ts'
import type { Growth, Observed } from './observe.ts'
import { optimizationOutcome } from './optimization/record.ts'
import { readyPods } from './rollout.ts'
import type { World } from './world.ts'

/** Most pods that one pass asks: more pods of one Deployment show nothing new, and a pass must end. */
const mostAsked = 8

/** Whether a pod is scheduled but its containers do not exist yet. Only Events report a volume that cannot be mounted. */
const isBeingCreated = (pod: LivePod): boolean => {
  const { phase, containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {}
  const [first] = [...initContainerStatuses, ...containerStatuses]
  // The kubelet reports PodInitializing instead where a pod has sidecars.
  const isCreating = /^(ContainerCreating|PodInitializing)$/.test(first?.state?.waiting?.reason ?? '')
  return phase === 'Pending' && !isEnding(pod) && isCreating
}

const firstBeingCreated = (pods: readonly LivePod[]): LivePod | undefined => pods.find(isBeingCreated)

/** A Job that has no pod yet, or the pod that is being created for it. */
const waitingOf = (
  job: LiveJob | undefined,
  all: readonly LivePod[],
): readonly (KubernetesObject | undefined)[] => {
  if (!job) return []
  const pods = all.filter((pod) => isOwnedBy(pod, job.metadata.uid))
  const isFinished = job.status?.conditions?.some(({ status }) => status === 'True') ?? false
  return [isFinished || pods.length > 0 ? undefined : job, firstBeingCreated(pods)]
}

/** Objects that may wait for a reason that only their Events show. */
export const waitingObjects = (observed: Observed): readonly KubernetesObject[] => {
  const { claim, job, importPods, optimizeJob, optimizePods, servingPods, target } = observed
  const { evaluateJob, evaluatePods, asked } = observed
  const isWaiting = claim !== undefined && claim.status?.phase !== 'Bound'
  const isMeasuring = asked !== undefined && !asked.isAnswered
  return [
    isWaiting ? claim : undefined,
    ...waitingOf(target.kind === 'import' ? job : undefined, importPods),
    ...waitingOf(optimizeJob, optimizePods),
    ...waitingOf(isMeasuring ? evaluateJob : undefined, evaluatePods),
    firstBeingCreated(servingPods),
  ].filter((object) => object !== undefined)
}

/** The pod that imports what spec asks for. */
export const runningImport = ({ target, job, importPods }: Observed): LivePod | undefined =>
  target.kind === 'import' && job
    ? importPods.find(
        (pod) => isOwnedBy(pod, job.metadata.uid) && pod.status?.phase === 'Running' && !isEnding(pod),
      )
    : undefined

/** The ready pods that a pass asks, of all versions. */
export const askedPods = (observed: Observed): readonly LivePod[] => readyPods(observed).slice(0, mostAsked)

const answerOf = async (
  { served }: World,
  { model }: Observed,
  pod: LivePod,
  signal: AbortSignal,
): Promise<readonly [string, ServedModel] | undefined> => {
  const { podIP } = pod.status ?? {}
  const address = podIP ? { ip: podIP, secure: isSecure(pod) } : undefined
  const answer = address && (await served(address, model.metadata.name, signal))
  return answer && [pod.metadata.name, answer]
}

/** Whether the Job that writes to the volume found it full. */
const isVolumeFull = ({ target, job, importPods, optimizeJob, optimizePods }: Observed): boolean => {
  const outcomes = [
    target.kind === 'import' && job ? importOutcome(job, importPods) : undefined,
    optimizeJob && optimizationOutcome(optimizeJob, optimizePods),
  ]
  return outcomes.some((outcome) => outcome?.kind === 'failed' && outcome.reason === 'VolumeFull')
}

/** Whether a volume that is full may grow. The API server is asked by a dry run, so that StorageClasses need not be read. */
const growthOf = async ({ kube }: World, observed: Observed): Promise<Growth | undefined> => {
  const { model, claim } = observed
  if (claim?.status?.phase !== 'Bound' || !isVolumeFull(observed)) return undefined
  const larger = largerVolume(model, claim)
  try {
    await kube.tryApply(PersistentVolumeClaim, larger)
    return { kind: 'possible' }
  } catch (error) {
    refusalOf(larger, claim, error) // throws for what is no refusal
    return { kind: 'refused', message: (error as Error).message }
  }
}

/** Reads what the cache does not have: Events of waiting objects, and the answers of ready pods. */
export const inquire = async (world: World, observed: Observed, signal: AbortSignal): Promise<Observed> => {
  const asked = askedPods(observed)
  const importing = runningImport(observed)
  const [events, answers, growth, imported] = await Promise.all([
    Promise.all(waitingObjects(observed).map((object) => eventsOf(world, object))),
    Promise.all(asked.map((pod) => answerOf(world, observed, pod, signal))),
    growthOf(world, observed),
    importing && world.imports.of(world.kube, importing),
  ])
  return {
    ...observed,
    imported,
    growth,
    events: events.flat(),
    answers: new Map(answers.filter((answer) => answer !== undefined)),
  }
}
