import { fingerprint } from '@gantry/kube/fingerprint.ts'
import { conditionOf, isOwnedBy, isReady, type LiveDeployment, type LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { revisionAnnotation } from '../runtime/kept.ts'
import { at, type ObjectStore } from './object-store.ts'
import { podFromTemplate } from './pod-from-template.ts'

const templateHash = 'pod-template-hash'

interface Pods {
  readonly fresh: readonly LivePod[]
  readonly old: readonly LivePod[]
}

const replicaSetsOf = (store: ObjectStore, { metadata }: LiveDeployment): readonly KubernetesObject[] =>
  store.all('ReplicaSet').filter((replicaSet) => isOwnedBy(replicaSet, metadata.uid))

const podsOf = (store: ObjectStore, deployment: LiveDeployment, hash: string): Pods => {
  const replicaSets = replicaSetsOf(store, deployment)
  const isOurs = (pod: LivePod): boolean => replicaSets.some(({ metadata }) => isOwnedBy(pod, metadata.uid))
  const pods = store.all<LivePod>('Pod').filter(isOurs)
  const isFresh = (pod: LivePod): boolean => pod.metadata.labels?.[templateHash] === hash
  return { fresh: pods.filter(isFresh), old: pods.filter((pod) => !isFresh(pod)) }
}

/** What may be missing or more during a rollout: maxUnavailable 1 and maxSurge 0, or the other way round. */
const roomOf = ({ spec }: LiveDeployment): { readonly surge: number; readonly unavailable: number } =>
  at(spec ?? {}, 'strategy', 'rollingUpdate', 'maxSurge') === 0
    ? { surge: 0, unavailable: 1 }
    : { surge: 1, unavailable: 0 }

/** An old pod that is ready goes only when there are enough others. */
const surplusPod = ({ fresh, old }: Pods, desired: number, unavailable: number): LivePod | undefined => {
  const unready = old.find((pod) => !isReady(pod))
  if (unready) return unready
  const readyCount = [...fresh, ...old].filter(isReady).length
  if (old.length > 0 && readyCount > desired - unavailable) return old[0]
  return fresh.length > desired ? fresh.at(-1) : undefined
}

/** The ReplicaSet of the present template, made where there is none yet. */
const replicaSetFor = (store: ObjectStore, deployment: LiveDeployment, hash: string): KubernetesObject => {
  const { apiVersion, kind, metadata, spec } = deployment
  const name = `${metadata.name}-${hash}`
  const known = replicaSetsOf(store, deployment).find((replicaSet) => replicaSet.metadata.name === name)
  if (known) return known
  const owner = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true }
  const { namespace = '' } = metadata
  const labels = { ...spec?.template?.metadata?.labels, [templateHash]: hash }
  return store.store({
    ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet' },
    metadata: {
      name,
      namespace,
      labels,
      annotations: { [revisionAnnotation]: hash },
      ownerReferences: [owner],
    },
    spec: { template: spec?.template },
  })
}

/** An old ReplicaSet without pods; more of them are kept by a real controller, which changes nothing here. */
const emptyReplicaSet = (
  store: ObjectStore,
  deployment: LiveDeployment,
  hash: string,
): KubernetesObject | undefined =>
  replicaSetsOf(store, deployment).find(
    ({ metadata }) =>
      metadata.name !== `${deployment.metadata.name}-${hash}` &&
      !store.all<LivePod>('Pod').some((pod) => isOwnedBy(pod, metadata.uid)),
  )

/** Adds a pod, within maxSurge. */
const addPod = (
  store: ObjectStore,
  deployment: LiveDeployment,
  { fresh, old }: Pods,
  hash: string,
): boolean => {
  const desired = deployment.spec?.replicas ?? 1
  if (fresh.length >= desired || fresh.length + old.length >= desired + roomOf(deployment).surge) return false
  const taken = new Set(fresh.map(({ metadata }) => metadata.name))
  const replicaSet = replicaSetFor(store, deployment, hash)
  const names = fresh
    .map((_, index) => index)
    .concat(fresh.length)
    .map((index) => `${replicaSet.metadata.name}-${index}`)
  const name = names.find((candidate) => !taken.has(candidate)) ?? hash
  store.store(podFromTemplate(replicaSet, name, { [templateHash]: hash }))
  return true
}

/** The Progressing condition. It is False once nothing has moved for progressDeadlineSeconds, until something does. */
const progressing = (
  deployment: LiveDeployment,
  counts: { readonly updatedReplicas: number; readonly readyReplicas: number },
  isDone: boolean,
  now: number,
) => {
  const { spec, status } = deployment
  const last = conditionOf(deployment, 'Progressing')
  const time = new Date(now).toISOString()
  if (isDone) {
    const lastUpdateTime = last?.reason === 'NewReplicaSetAvailable' ? last.lastUpdateTime : time
    return { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', lastUpdateTime }
  }
  const isStill =
    last !== undefined &&
    last.reason !== 'NewReplicaSetAvailable' &&
    status?.observedGeneration === deployment.metadata.generation &&
    status?.updatedReplicas === counts.updatedReplicas &&
    status?.readyReplicas === counts.readyReplicas
  if (!isStill)
    return { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', lastUpdateTime: time }
  const deadlineMs = Number(at(spec ?? {}, 'progressDeadlineSeconds') ?? 600) * 1000
  const isLate = now - Date.parse(last.lastUpdateTime ?? time) > deadlineMs
  return isLate ? { ...last, status: 'False', reason: 'ProgressDeadlineExceeded' } : last
}

const statusOf = (deployment: LiveDeployment, { fresh, old }: Pods, now: number) => {
  const { metadata, spec } = deployment
  const readyReplicas = [...fresh, ...old].filter(isReady).length
  const counts = { updatedReplicas: fresh.length, readyReplicas }
  const isDone = old.length === 0 && readyReplicas === spec?.replicas
  return {
    observedGeneration: metadata.generation ?? 1,
    replicas: fresh.length + old.length,
    ...counts,
    availableReplicas: readyReplicas,
    conditions: [progressing(deployment, counts, isDone, now)],
  }
}

/** Its pods stay as they are (a real one may still be scaled), and it says so. */
const pause = (store: ObjectStore, deployment: LiveDeployment, now: number): boolean => {
  const { metadata, status } = deployment
  const lastUpdateTime = conditionOf(deployment, 'Progressing')?.lastUpdateTime ?? new Date(now).toISOString()
  const condition = { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', lastUpdateTime }
  const next = {
    ...status,
    observedGeneration: metadata.generation ?? 1,
    updatedReplicas: 0,
    conditions: [condition],
  }
  const stored = store.store({ ...deployment, status: next })
  return stored.metadata.resourceVersion !== metadata.resourceVersion
}

/** One pod more or less, or else the status that says how far it is. */
export const runDeployment = (store: ObjectStore, deployment: LiveDeployment, now: number): boolean => {
  if (deployment.spec?.paused) return pause(store, deployment, now)
  const hash = fingerprint(deployment.spec?.template, 8)
  const pods = podsOf(store, deployment, hash)
  const { unavailable } = roomOf(deployment)
  const surplus =
    surplusPod(pods, deployment.spec?.replicas ?? 1, unavailable) ?? emptyReplicaSet(store, deployment, hash)
  if (surplus) {
    store.erase(surplus)
    return true
  }
  if (addPod(store, deployment, pods, hash)) return true
  const { metadata } = deployment
  const annotations = { ...metadata.annotations, [revisionAnnotation]: hash } // a number in truth, which only has to be the same
  const stored = store.store({
    ...deployment,
    metadata: { ...metadata, annotations },
    status: statusOf(deployment, pods, now),
  })
  return stored.metadata.resourceVersion !== deployment.metadata.resourceVersion
}
