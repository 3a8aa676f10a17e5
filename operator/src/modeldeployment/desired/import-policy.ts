import { components } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { NetworkPolicy } from '@gantry/kube/resources.ts'
import type { ReconcileConfig } from '../config.ts'
import type { ModelDeployment } from '../model-deployment.ts'
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

/** The proxy connects to the source, so the pod itself needs to reach the proxy only. Its address comes from the installation, which is trusted. */
const throughProxy = (proxy: URL): readonly EgressRule[] => [
  ...(placeOf(proxy).kind === 'name' ? [{ to: anyHost(true), ports: [tcp(portOf(proxy))] }] : []),
  ...within(proxy),
]

const directly = (url: URL, { allowPrivateSources }: ReconcileConfig): readonly EgressRule[] => [
  {
    to: anyHost(allowPrivateSources),
    ports: [...new Set([portOf(url), redirectPort])].map(tcp),
  },
  ...(allowPrivateSources ? within(url) : []),
]

/** Redirects change from http to https, so both proxies are called, and with an exception also what is called without them. */
const egressOf = (url: URL, config: ReconcileConfig): readonly EgressRule[] => {
  const { https, http, noProxy } = config.imports.proxy
  const own = url.protocol === 'https:' ? https : http
  const proxies = new Set([own, https].filter((address) => address !== undefined))
  const isAlwaysProxied = proxies.size > 0 && own !== undefined && https !== undefined && noProxy.length === 0
  return [
    dnsEgress,
    ...[...proxies].flatMap((address) => throughProxy(new URL(address))),
    ...(isAlwaysProxied ? [] : directly(url, config)),
  ]
}

/**
 * Import pods may call name servers and the ports of their source, and accept no connections. Sources that are mounted need no network. The name has a
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
