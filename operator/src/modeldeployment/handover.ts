import type { LiveDeployment } from '@gantry/kube/live.ts'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment } from '@gantry/kube/resources.ts'
import { annotations } from './desired/metadata.ts'
import type { ModelDeployment } from './model-deployment.ts'

const fieldManager = 'gantry-handover'

const isScaledByAutoscaler = ({ metadata }: KubernetesObject): boolean =>
  metadata.annotations?.[annotations.scaledBy] === 'autoscaler'

/** An autoscaler leaves a Deployment of no pods alone, so that would stay as it is. */
export const needsHandover = (desired: KubernetesObject, live: KubernetesObject | undefined): boolean =>
  live?.kind === Deployment.kind &&
  isScaledByAutoscaler(desired) &&
  (!isScaledByAutoscaler(live) || (live as LiveDeployment).spec?.replicas === 0)

/**
 * Leaves the replicas to the autoscaler. A field that only we have set falls back to its default when we stop to set
 * it: a Deployment of five pods would shrink to one. So another field manager takes over the present number first.
 */
export const handOverReplicas = async (kube: Kube, model: ModelDeployment): Promise<void> => {
  const { name, namespace } = model.metadata
  const live = await kube.get<LiveDeployment>(Deployment, namespace, name)
  if (!live) return
  const { uid = '' } = live.metadata // so that a Deployment which is gone by now is not half made again
  const replicas = Math.max(live.spec?.replicas ?? 0, model.spec.autoscaling?.minReplicas ?? 1)
  const { apiVersion, kind } = Deployment
  const wish = { apiVersion, kind, metadata: { name, namespace, uid }, spec: { replicas } }
  await kube.apply(Deployment, wish, fieldManager)
}
