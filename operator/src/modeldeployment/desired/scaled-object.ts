import { deploymentName } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment, ScaledObject } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { identity } from './metadata.ts'

/**
 * KEDA makes an autoscaler of it. Undefined where spec does not ask for KEDA.
 * @param ceiling most pods that the budget allows
 */
export const scaledObject = (model: ModelDeployment, ceiling?: number): KubernetesObject | undefined => {
  const { autoscaling } = model.spec
  if (!autoscaling?.keda) return undefined
  const { minReplicas = 1, maxReplicas, behavior, keda } = autoscaling
  const { triggers, pollingInterval, fallback } = keda
  return {
    ...identity(ScaledObject, model),
    spec: {
      scaleTargetRef: {
        apiVersion: Deployment.apiVersion,
        kind: Deployment.kind,
        name: deploymentName(model.metadata.name, 'stable'),
      },
      minReplicaCount: minReplicas,
      maxReplicaCount: ceiling ?? maxReplicas,
      ...(pollingInterval === undefined ? {} : { pollingInterval }),
      ...(fallback === undefined ? {} : { fallback }),
      ...(behavior ? { advanced: { horizontalPodAutoscalerConfig: { behavior } } } : {}),
      triggers,
    },
  }
}
