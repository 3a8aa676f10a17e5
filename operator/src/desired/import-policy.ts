import { components } from '@gantry/contract/labels.ts'
import type { ReconcileConfig } from '../config.ts'
import type { KubernetesObject, ModelDeployment } from '../kubernetes.ts'
import { NetworkPolicy } from '../resources.ts'
import {
  anyHost,
  dnsEgress,
  type EgressRule,
  isLocal,
  placeOf,
  portOf,
  tcp,
  toAddress,
  toNamespace,
} from './egress.ts'
import { identity, importPods } from './metadata.ts'

/** Stores redirect to where their files are, and that is https. */
const redirectPort = 443

/** The address of a source that is downloaded; undefined for one that is mounted. */
const addressOf = ({ spec }: ModelDeployment): URL | undefined => {
  const { uri = '' } = spec.model.source
  return /^https?:/i.test(uri) ? (URL.parse(uri) ?? undefined) : undefined
}

const within = (url: URL): readonly EgressRule[] => {
  const place = placeOf(url)
  // The import connects to no local address either.
  if (place.kind === 'address') return isLocal(url) ? [] : [{ to: toAddress(url), ports: [tcp(portOf(url))] }]
  return place.namespace === undefined ? [] : [toNamespace(place.namespace)]
}

const egressOf = (url: URL, { allowPrivateSources }: ReconcileConfig): readonly EgressRule[] => [
  dnsEgress,
  {
    to: anyHost(allowPrivateSources),
    ports: [...new Set([portOf(url), redirectPort])].map(tcp),
  },
  ...(allowPrivateSources ? within(url) : []),
]

/**
 * Import pods call name servers and the ports of their source, and nobody calls them. Sources that are mounted need no network. The name has a
 * dot: a policy called NAME-import would be the one of the serving pods of a model NAME-import.
 */
export const importPolicy = (model: ModelDeployment, config: ReconcileConfig): KubernetesObject => {
  const url = addressOf(model)
  return {
    ...identity(NetworkPolicy, model, {
      name: `${model.metadata.name}.import`,
      component: components.import,
    }),
    spec: {
      podSelector: { matchLabels: importPods(model) },
      policyTypes: ['Ingress', 'Egress'],
      ...(url ? { egress: egressOf(url, config) } : {}),
    },
  }
}
