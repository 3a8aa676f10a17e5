import { labels } from '@gantry/contract/labels.ts'
import { grpcPort, httpPort } from '@gantry/contract/server.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { NetworkPolicy } from '@gantry/kube/resources.ts'
import type { ReconcileConfig } from '../config.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { identity, servingPods } from './metadata.ts'
import { tracingEgress } from './tracing.ts'

/**
 * Serving pods may call the collector of their traces only. They accept connections from pods of their own namespace, from the operator
 * (which asks them what they serve) and from namespaces that carry the label for it.
 */
export const networkPolicy = (model: ModelDeployment, config: ReconcileConfig): KubernetesObject => ({
  ...identity(NetworkPolicy, model),
  spec: {
    podSelector: { matchLabels: servingPods(model) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      {
        from: [
          { podSelector: {} },
          {
            namespaceSelector: {
              matchLabels: { 'kubernetes.io/metadata.name': config.operatorNamespace },
            },
          },
          { namespaceSelector: { matchLabels: { [labels.client]: 'true' } } },
        ],
        ports: [httpPort, grpcPort].map((port) => ({ port, protocol: 'TCP' })),
      },
    ],
    ...(config.tracing ? { egress: tracingEgress(config) } : {}),
  },
})
