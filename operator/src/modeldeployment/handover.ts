import type { LiveDeployment } from '@gantry/kube/live.ts'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment } from '@gantry/kube/resources.ts'
import { annotations } from './desired/metadata.ts'
import type { ModelDeployment } from './model-deployment.ts'
import { fewestReplicas, maySleep } from './replicas.ts'

/** Field manager of replica counts that are set apart from the applied object. */
export const scaleManager = 'gantry-handover'

const isScaledByAutoscaler = ({ metadata }: KubernetesObject): boolean =>
  metadata.annotations?.[annotations.scaledBy] === 'autoscaler'

/** An autoscaler does not act on a Deployment with zero replicas, so it would stay at zero. One that sleeps is to stay there. */
export const needsHandover = (
  model: ModelDeployment,
  desired: KubernetesObject,
  live: KubernetesObject | undefined,
): boolean => {
  if (live?.kind !== Deployment.kind || !isScaledByAutoscaler(desired)) return false
  if (!isScaledByAutoscaler(live)) return true
  return (live as LiveDeployment).spec?.replicas === 0 && !maySleep(model)
}

/** An apply of the replica count alone, as `scaleManager`. The uid keeps it from creating a Deployment that is gone by now. */
export const scaled = ({ metadata }: KubernetesObject, replicas: number): KubernetesObject => {
  const { name, namespace = '', uid = '' } = metadata
  const { apiVersion, kind } = Deployment
  return { apiVersion, kind, metadata: { name, namespace, uid }, spec: { replicas } }
}

/**
 * Leaves the replicas to the autoscaler. A field that only we have set falls back to its default when we stop to set
 * it: a Deployment of five pods would shrink to one. So another field manager takes over the present number first.
 */
export const handOverReplicas = async (
  kube: Kube,
  model: ModelDeployment,
  { metadata: { name } }: KubernetesObject,
): Promise<void> => {
  const { namespace } = model.metadata
  const live = await kube.get<LiveDeployment>(Deployment, namespace, name)
  if (!live) return
  const replicas = Math.max(live.spec?.replicas ?? 0, fewestReplicas(model))
  await kube.apply(Deployment, scaled(live, replicas), scaleManager)
}
