import { components } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { NetworkPolicy } from '@gantry/kube/resources.ts'
import { addressOf } from '../../pods/source.ts'
import { sourceEgress } from '../../pods/source-egress.ts'
import type { ReconcileConfig } from '../config.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { calibrationOf } from '../optimization/recipe.ts'
import { identity, optimizePods } from './metadata.ts'

/**
 * Pods that optimize may call name servers and the ports of their data, nothing where there are none, and accept no connections.
 * @param isExporting whether a model of another library is being read, which takes no data
 */
export const optimizePolicy = (
  model: ModelDeployment,
  config: ReconcileConfig,
  isExporting: boolean,
): KubernetesObject | undefined => {
  if (!model.spec.optimize) return undefined
  const url = isExporting ? undefined : addressOf(calibrationOf(model)?.dataset ?? {}, config.imports)
  return {
    ...identity(NetworkPolicy, model, {
      name: `${model.metadata.name}.optimize`,
      component: components.optimize,
    }),
    spec: {
      podSelector: { matchLabels: optimizePods(model) },
      policyTypes: ['Ingress', 'Egress'],
      ...(url ? { egress: sourceEgress([url], config) } : {}),
    },
  }
}
