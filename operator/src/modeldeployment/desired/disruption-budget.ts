import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { PodDisruptionBudget } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { identity, servingPods } from './metadata.ts'

/** A drained node takes the serving pods one by one; pods that do not serve never hold it up. */
export const disruptionBudget = (model: ModelDeployment): KubernetesObject => ({
  ...identity(PodDisruptionBudget, model),
  spec: {
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
    selector: { matchLabels: servingPods(model) },
  },
})
