import { components } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { NetworkPolicy } from '@gantry/kube/resources.ts'
import { addressOf } from '../../pods/source.ts'
import { sourceEgress } from '../../pods/source-egress.ts'
import type { ReconcileConfig } from '../config.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { evaluatePods, identity } from './metadata.ts'

/** Pods that measure may call name servers and the ports of their data, and accept no connections: they call their servers within the pod. */
export const evaluatePolicy = (
  model: ModelDeployment,
  config: ReconcileConfig,
): KubernetesObject | undefined => {
  const { evaluate } = model.spec
  if (!evaluate) return undefined
  const url = addressOf(evaluate.dataset, config.imports)
  return {
    ...identity(NetworkPolicy, model, {
      name: `${model.metadata.name}.evaluate`,
      component: components.evaluate,
    }),
    spec: {
      podSelector: { matchLabels: evaluatePods(model) },
      policyTypes: ['Ingress', 'Egress'],
      ...(url ? { egress: sourceEgress([url], config) } : {}),
    },
  }
}
