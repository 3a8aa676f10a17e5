import { deploymentName } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment, HorizontalPodAutoscaler } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { fewestReplicas, type Replicas } from '../replicas.ts'
import { identity } from './metadata.ts'

const cpuUtilization = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
}

/** Behavior that scales neither up nor down. An autoscaler ignores it where the number of pods is outside its bounds. */
const atRest = (desired: number, maxReplicas: number) => ({
  minReplicas: 1,
  maxReplicas: Math.max(maxReplicas, desired),
  behavior: { scaleUp: { selectPolicy: 'Disabled' }, scaleDown: { selectPolicy: 'Disabled' } },
})

/**
 * Undefined when spec sets a fixed number of replicas.
 * @param ceiling most pods that the budget allows
 */
export const autoscaler = (
  model: ModelDeployment,
  replicas: Replicas,
  ceiling?: number,
): KubernetesObject | undefined => {
  const { autoscaling } = model.spec
  if (!autoscaling) return undefined
  const { metrics, behavior } = autoscaling
  const minReplicas = fewestReplicas(model)
  const maxReplicas = ceiling ?? autoscaling.maxReplicas
  return {
    ...identity(HorizontalPodAutoscaler, model),
    spec: {
      scaleTargetRef: {
        apiVersion: Deployment.apiVersion,
        kind: Deployment.kind,
        name: deploymentName(model.metadata.name, 'stable'),
      },
      ...(replicas.owner === 'takeover' || replicas.owner === 'canary'
        ? atRest(replicas.desired, maxReplicas)
        : { minReplicas, maxReplicas, ...(behavior ? { behavior } : {}) }),
      metrics: metrics?.length ? metrics : [cpuUtilization],
    },
  }
}
