import { components } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { NetworkPolicy } from '@gantry/kube/resources.ts'
import { addressOf } from '../../pods/source.ts'
import { identityEgress, sourceEgress } from '../../pods/source-egress.ts'
import type { ReconcileConfig } from '../config.ts'
import { importSource } from '../ephemeral.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { identity, importPods } from './metadata.ts'

/**
 * Import pods may call name servers and the ports of their source, and accept no connections. Sources that are mounted need no network. The name has a
 * dot: a policy called NAME-import would be the one of the serving pods of a model NAME-import.
 */
export const importPolicy = (model: ModelDeployment, config: ReconcileConfig): KubernetesObject => {
  const source = importSource(model)
  const url = addressOf(source, config.imports)
  return {
    ...identity(NetworkPolicy, model, {
      name: `${model.metadata.name}.import`,
      component: components.import,
    }),
    spec: {
      podSelector: { matchLabels: importPods(model) },
      policyTypes: ['Ingress', 'Egress'],
      ...(url ? { egress: [...sourceEgress([url], config), ...identityEgress(source)] } : {}),
    },
  }
}
