/** The models of a release that may sleep, and the pods that may have requests. */
import { deploymentName } from '@gantry/contract/labels.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import { isEnding, isOver, isReady, type LiveDeployment, type LivePod } from '@gantry/kube/live.ts'
import { Deployment } from '@gantry/kube/resources.ts'
import type { WatchedModel } from '../sleeping/activity.ts'
import { idleInForce } from '../sleeping/sleep.ts'
import { idleSecondsOf } from './asleep.ts'
import { answeringPodsOf } from './belongings.ts'
import { isSecure } from './desired/ports.ts'
import type { ModelDeployment } from './model-deployment.ts'
import { tlsTrouble } from './path/tls.ts'
import { maySleep } from './replicas.ts'
import { ModelDeployment as modelDeployments } from './resources.ts'

const watchedPod = (pod: LivePod): WatchedModel['pods'] => {
  const { metadata, status } = pod
  if (isOver(pod) || isEnding(pod) || metadata.uid === undefined) return []
  const address = isReady(pod) && status?.podIP ? { ip: status.podIP, secure: isSecure(pod) } : undefined
  return [{ uid: metadata.uid, address }]
}

const watchedModel = (cache: Cache, model: ModelDeployment): WatchedModel => {
  const { name, namespace, uid } = model.metadata
  const deployment = cache.get<LiveDeployment>(Deployment, namespace, deploymentName(name, 'stable'))
  return {
    ...{ key: `${namespace}/${name}`, uid },
    isAsleep: deployment?.spec?.replicas === 0,
    idleSeconds: idleInForce(idleSecondsOf(model), model.status?.sleep),
    pods: answeringPodsOf(cache, model).flatMap(watchedPod),
    troubleOf: (answers) => tlsTrouble(model, answers),
  }
}

/** @param manager this release, as status.managedBy names it */
export const watchedModels = (cache: Cache, manager: string): readonly WatchedModel[] =>
  cache
    .all<ModelDeployment>(modelDeployments)
    .filter((model) => maySleep(model) && model.spec.suspend !== true)
    .filter((model) => model.status?.managedBy === manager && !isEnding(model))
    .map((model) => watchedModel(cache, model))
