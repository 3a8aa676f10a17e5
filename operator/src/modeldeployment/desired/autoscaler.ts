import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment, HorizontalPodAutoscaler } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { identity } from './metadata.ts'

const cpuUtilization = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
}

/** Undefined when spec sets a fixed number of replicas. */
export const autoscaler = (model: ModelDeployment): KubernetesObject | undefined => {
  const { autoscaling } = model.spec
  if (!autoscaling) return undefined
  const { minReplicas = 1, maxReplicas, metrics, behavior } = autoscaling
  return {
    ...identity(HorizontalPodAutoscaler, model),
    spec: {
      scaleTargetRef: {
        apiVersion: Deployment.apiVersion,
        kind: Deployment.kind,
        name: model.metadata.name,
      },
      minReplicas,
      maxReplicas,
      metrics: metrics?.length ? metrics : [cpuUtilization],
      ...(behavior ? { behavior } : {}),
    },
  }
}
