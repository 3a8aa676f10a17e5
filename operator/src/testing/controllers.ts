/**
 * What the rest of a cluster does, one small step per call: garbage collector, volume binder, Job and Deployment
 * controllers, kubelet. Each answers whether it changed something.
 */
import { components, labels } from '@gantry/contract/labels.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import {
  conditionOf,
  controllerOf,
  isEnding,
  isOver,
  isOwnedBy,
  type LiveClaim,
  type LiveDeployment,
  type LiveJob,
  type LivePod,
} from '@gantry/kube/live.ts'
import { runDeployment } from './deployment-controller.ts'
import { at, type ObjectStore } from './object-store.ts'
import { podFromTemplate } from './pod-from-template.ts'
import { runServices } from './service-controller.ts'
import type { SimulatedEvaluations } from './simulated-evaluation.ts'
import type { SimulatedOptimizations } from './simulated-optimization.ts'
import type { SimulatedVolumes } from './simulated-volume.ts'

/** How a serving pod fares: `ready`, or the last line of its log before it crashes. */
export type Starts = (versionId: string, pod: LivePod) => 'ready' | { readonly crash: string }

/** The status of a pod that gets no further; undefined for one that does. */
export type Stuck = (pod: LivePod) => LivePod['status'] | undefined

export interface Surroundings {
  readonly store: ObjectStore
  /** What pods that evaluate do; absent where there are none. */
  readonly evaluations?: SimulatedEvaluations
  /** Takes what they write. */
  readonly logs?: Map<string, string>
  /** What pods that optimize do; absent where there are none. */
  readonly optimizations?: SimulatedOptimizations
  readonly volumes: SimulatedVolumes
  readonly starts: Starts
  readonly stuck: Stuck
  readonly now: () => number
}

const collectGarbage = ({ store }: Surroundings): boolean => {
  const uids = new Set([...store.objects.values()].map(({ metadata }) => metadata.uid))
  const orphan = [...store.objects.values()].find((object) => {
    const owner = controllerOf(object)
    return owner && !uids.has(owner.uid) && !isEnding(object)
  })
  if (orphan) store.erase(orphan)
  return orphan !== undefined
}

/** Binds a claim when its first consumer is there, and lets a deleted one go after its last. */
const bindVolumes = ({ store }: Surroundings): boolean => {
  const uses = ({ spec }: LivePod, name: string): boolean =>
    spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === name) ?? false
  const pods = store.all<LivePod>('Pod').filter((pod) => !isOver(pod))
  for (const claim of store.all<LiveClaim>('PersistentVolumeClaim')) {
    const isUsed = pods.some((pod) => uses(pod, claim.metadata.name))
    if (isEnding(claim) && !isUsed) {
      store.erase(claim)
      return true
    }
    if (claim.status?.phase === 'Pending' && isUsed && !isEnding(claim)) {
      store.store({ ...claim, status: { phase: 'Bound', capacity: { ...claim.spec?.resources?.requests } } })
      return true
    }
  }
  return false
}

const runJobs = ({ store, now }: Surroundings): boolean => {
  for (const job of store.all<LiveJob>('Job')) {
    const isDone = conditionOf(job, 'Complete') ?? conditionOf(job, 'Failed')
    const pod = store.all<LivePod>('Pod').find((candidate) => isOwnedBy(candidate, job.metadata.uid))
    if (isDone) continue
    if (!pod) {
      store.store(podFromTemplate(job, `${job.metadata.name}-${fingerprint(job.metadata.uid, 5)}`, {}))
      return true
    }
    if (!isOver(pod)) continue
    const type = pod.status?.phase === 'Succeeded' ? 'Complete' : 'Failed'
    const lastTransitionTime = new Date(now()).toISOString()
    store.store({ ...job, status: { conditions: [{ type, status: 'True', lastTransitionTime }] } })
    return true
  }
  return false
}

const claimOf = ({ store }: Surroundings, pod: LivePod) => {
  const claims = pod.spec?.volumes?.map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName)
  return store
    .all('PersistentVolumeClaim')
    .find((object) => !isEnding(object) && claims?.includes(object.metadata.name))
}

const optimizePod = (surroundings: Surroundings, pod: LivePod): boolean => {
  const { store, volumes, optimizations } = surroundings
  const claim = claimOf(surroundings, pod)
  if (!claim || !optimizations) return false
  if (pod.status?.phase === 'Pending') {
    const running = [{ name: 'optimize', state: { running: {} } }]
    store.store({ ...pod, status: { phase: 'Running', initContainerStatuses: running } })
    return true
  }
  store.store({ ...pod, status: optimizations.run(pod, claim.metadata.uid ?? '', volumes) })
  return true
}

/** Its claim, or a folder of its own. */
const modelVolumeOf = (surroundings: Surroundings, pod: LivePod): string | undefined => {
  const volumes = at(pod, 'spec', 'volumes') as readonly { name: string; emptyDir?: object }[]
  const isOwn = volumes.some(({ name, emptyDir }) => name === 'models' && emptyDir)
  return isOwn ? `folder of ${pod.metadata.name}` : claimOf(surroundings, pod)?.metadata.uid
}

const importPod = (surroundings: Surroundings, pod: LivePod): boolean => {
  const { store, volumes } = surroundings
  const volume = modelVolumeOf(surroundings, pod)
  if (volume === undefined) return false // the scheduler waits for it
  if (pod.status?.phase === 'Pending') {
    store.store({ ...pod, status: { phase: 'Running' } })
    return true
  }
  const args = at(pod, 'spec', 'containers', '0', 'args') as readonly string[]
  const report = volumes.run(volume, args)
  const isDone = report.outcome === 'imported'
  const terminated = { exitCode: isDone ? 0 : 1, message: JSON.stringify(report) }
  const containerStatuses = [{ name: 'import', state: { terminated } }]
  store.store({ ...pod, status: { phase: isDone ? 'Succeeded' : 'Failed', containerStatuses } })
  return true
}

const evaluatePod = ({ store, evaluations, logs }: Surroundings, pod: LivePod): boolean => {
  if (!evaluations) return false
  if (pod.status?.phase === 'Pending') {
    store.store({ ...pod, spec: { nodeName: 'node-1', ...pod.spec }, status: { phase: 'Running' } })
    return true
  }
  const { status, log } = evaluations.run(pod)
  logs?.set(pod.metadata.name, log)
  store.store({ ...pod, status })
  return true
}

const serverPod = ({ store, starts }: Surroundings, pod: LivePod): boolean => {
  const outcome = starts(pod.metadata.labels?.[labels.version] ?? '', pod)
  const ready = {
    phase: 'Running',
    podIP: `10.244.0.1#${pod.metadata.name}`,
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ name: 'server', ready: true, restartCount: 0, state: { running: {} } }],
  }
  const terminated =
    outcome === 'ready' ? undefined : { exitCode: 1, reason: 'Error', message: outcome.crash }
  const crashing = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      {
        name: 'server',
        ready: false,
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated },
      },
    ],
  }
  const before = pod.metadata.resourceVersion
  return store.store({ ...pod, status: terminated ? crashing : ready }).metadata.resourceVersion !== before
}

const runPod = (surroundings: Surroundings, pod: LivePod): boolean => {
  const status = surroundings.stuck(pod)
  if (status) {
    const stored = surroundings.store.store({ ...pod, status })
    return stored.metadata.resourceVersion !== pod.metadata.resourceVersion
  }
  switch (pod.metadata.labels?.[labels.component]) {
    case components.import:
      return importPod(surroundings, pod)
    case components.optimize:
      return optimizePod(surroundings, pod)
    case components.evaluate:
      return evaluatePod(surroundings, pod)
    default:
      return serverPod(surroundings, pod)
  }
}

const runPods = (surroundings: Surroundings): boolean =>
  surroundings.store
    .all<LivePod>('Pod')
    .filter((pod) => !isOver(pod))
    .some((pod) => runPod(surroundings, pod))

const runDeployments = ({ store, now }: Surroundings): boolean =>
  store.all<LiveDeployment>('Deployment').some((deployment) => runDeployment(store, deployment, now()))

const runEndpoints = ({ store }: Surroundings): boolean => runServices(store)

/** One step of one of them. @returns false when there is nothing left to do */
export const step = (surroundings: Surroundings): boolean =>
  [collectGarbage, bindVolumes, runJobs, runPods, runDeployments, runEndpoints].some((controller) =>
    controller(surroundings),
  )
