/** Whom a pod has to call in order to download from its sources. */
import { isS3Source } from '@gantry/contract/source.ts'
import type { PodConfig } from './config.ts'
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
import type { Source } from './source.ts'

/** Stores redirect to where their files are, and that is https. */
const redirectPort = 443

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

type Config = Pick<PodConfig, 'allowPrivateSources' | 'imports'>

const directly = (url: URL, { allowPrivateSources }: Config): readonly EgressRule[] => [
  {
    to: anyHost(allowPrivateSources),
    ports: [...new Set([portOf(url), redirectPort])].map(tcp),
  },
  ...(allowPrivateSources ? within(url) : []),
]

/** Redirects change from http to https, so both proxies are called, and with an exception also what is called without them. */
const rulesOf = (url: URL, config: Config): readonly EgressRule[] => {
  const { https, http, noProxy } = config.imports.proxy
  const own = url.protocol === 'https:' ? https : http
  const proxies = new Set([own, https].filter((address) => address !== undefined))
  const isAlwaysProxied = proxies.size > 0 && own !== undefined && https !== undefined && noProxy.length === 0
  return [
    ...[...proxies].flatMap((address) => throughProxy(new URL(address))),
    ...(isAlwaysProxied ? [] : directly(url, config)),
  ]
}

/** @param addresses of sources that are downloaded @returns no rule where there is none: mounted sources need no network */
export const sourceEgress = (addresses: readonly URL[], config: Config): readonly EgressRule[] => {
  if (addresses.length === 0) return []
  const distinct = new Map(addresses.map((url) => [url.origin, url])) // no rule depends on more of an address
  return [dnsEgress, ...[...distinct.values()].flatMap((url) => rulesOf(url, config))]
}

/**
 * The agent of EKS on each node, which gives a pod the credentials of its own ServiceAccount in exchange for a token of that account. It has these
 * addresses in every cluster; the metadata service of a machine has others.
 */
const podIdentityAgent = ['169.254.170.23/32', 'fd00:ec2::23/128']

/** The address that gives the pod of an import its role, for sources of S3 whose credentials are in no Secret. */
export const identityEgress = (...sources: readonly (Source | undefined)[]): readonly EgressRule[] =>
  sources.some((source) => isS3Source(source?.uri ?? '') && !source?.secretRef)
    ? [{ to: podIdentityAgent.map((cidr) => ({ ipBlock: { cidr } })), ports: [tcp(80)] }]
    : []
