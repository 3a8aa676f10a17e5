/** The models whose costs a release measures, and the pods that cost something. */
import type { Cache } from '@gantry/kube/cache.ts'
import { conditionOf, isEnding, isOver, isOwnedBy, type LiveClaim, type LivePod } from '@gantry/kube/live.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import { PersistentVolumeClaim } from '@gantry/kube/resources.ts'
import { podRequests } from '../cost/pod-requests.ts'
import type { CostedModel, CostedPod } from '../cost/world.ts'
import { answeringPodsOf } from './belongings.ts'
import { addressOf } from './desired/ports.ts'
import type { ModelDeployment } from './model-deployment.ts'
import { versionIdOf } from './observe.ts'
import { boundsOf, budgetOf } from './over-budget.ts'
import { ModelDeployment as modelDeployments } from './resources.ts'

/** A pod holds capacity from the moment it has a node until its containers have ended. */
const costedPod = (pod: LivePod): readonly CostedPod[] => {
  const { metadata, spec } = pod
  if (!spec?.nodeName || isOver(pod) || metadata.uid === undefined) return []
  const address = addressOf(pod)
  const version = versionIdOf(pod) ?? ''
  return [{ uid: metadata.uid, version, nodeName: spec.nodeName, requests: podRequests(spec), address }]
}

/** 10^9 bytes of what the volume has, or is asked to have. */
const volumesOf = (cache: Cache, { metadata }: ModelDeployment): CostedModel['volumes'] => {
  const claim = cache.get<LiveClaim>(PersistentVolumeClaim, metadata.namespace, metadata.name)
  if (!claim || !isOwnedBy(claim, metadata.uid) || claim.status?.phase !== 'Bound') return []
  const bytes = parseQuantity(claim.status.capacity?.storage ?? claim.spec?.resources?.requests?.storage) ?? 0
  return [{ gb: bytes / 1e9, storageClass: claim.spec?.storageClassName }]
}

const costedModel = (cache: Cache, model: ModelDeployment): CostedModel => {
  const { name, namespace, uid } = model.metadata
  const over = model.status && conditionOf({ status: model.status }, 'OverBudget')?.status
  return {
    ...{ key: `${namespace}/${name}`, namespace, name, uid },
    pods: answeringPodsOf(cache, model).flatMap(costedPod),
    volumes: volumesOf(cache, model),
    budget: budgetOf(model),
    bounds: boundsOf(model),
    shown: model.status?.cost,
    wasOver: over === 'True' ? true : over === 'False' ? false : undefined,
  }
}

/** @param manager this release, as status.managedBy names it */
export const costedModels = (cache: Cache, manager: string): readonly CostedModel[] =>
  cache
    .all<ModelDeployment>(modelDeployments)
    .filter((model) => model.status?.managedBy === manager && !isEnding(model))
    .map((model) => costedModel(cache, model))
