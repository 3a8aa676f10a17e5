/** Whom pods may call, as NetworkPolicies say it: by port, network and namespace, since they know no names of hosts. */
import { listOf, localNetworks, loopbackNetworks, privateNetworks } from '@gantry/contract/networks.ts'

interface Peer {
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] }
  readonly namespaceSelector?: { readonly matchLabels?: Readonly<Record<string, string>> }
  readonly podSelector?: Readonly<Record<string, never>>
}

interface Port {
  readonly port: number
  readonly protocol: 'TCP' | 'UDP'
}

export interface EgressRule {
  readonly to: readonly Peer[]
  /** Every port where it is absent. */
  readonly ports?: readonly Port[]
}

export const tcp = (port: number): Port => ({ port, protocol: 'TCP' })

export const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80)

const isIPv6 = (network: string): boolean => network.includes(':')
const block = (cidr: string): Peer => ({ ipBlock: { cidr } })

/** @param includesPrivate whether private networks are among them */
export const anyHost = (includesPrivate: boolean): readonly Peer[] => {
  const except = [...loopbackNetworks, ...localNetworks, ...(includesPrivate ? [] : privateNetworks)]
  return [
    { ipBlock: { cidr: '0.0.0.0/0', except: except.filter((network) => !isIPv6(network)) } },
    { ipBlock: { cidr: '::/0', except: except.filter(isIPv6) } },
  ]
}

/** Pods of every namespace: some network plugins know those by their labels only, and not by an address. */
const anyPod: Peer = { namespaceSelector: {} }

/** Caches of names on the nodes have link-local addresses, and nothing else answers there on these ports. */
const nameServers: readonly Peer[] = [anyPod, ...privateNetworks.map(block), block('169.254.0.0/16')]
/** 5353 is where the name service of OpenShift listens behind its Service. */
const dnsPorts = [53, 5353]

/** Name servers of the cluster or of a private network. A name server on the internet would be a way out for data. */
export const dnsEgress: EgressRule = {
  to: nameServers,
  ports: dnsPorts.flatMap((port) => (['UDP', 'TCP'] as const).map((protocol) => ({ port, protocol }))),
}

/** Namespace of pods that a Service stands for; '' for the pods' own. Their port may be another than the Service's. */
export const toNamespace = (namespace: string): EgressRule => ({
  to: [
    namespace === ''
      ? { podSelector: {} }
      : { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
  ],
})

/** What a host is, as far as its name tells. */
export type Place =
  | { readonly kind: 'address' }
  /** NAME.NAMESPACE.svc: a Service of the cluster. */
  | { readonly kind: 'service'; readonly namespace: string }
  /** A name that may be a Service in `namespace`, or a host anywhere. */
  | { readonly kind: 'name'; readonly namespace?: string }

const namespacePattern = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

export const placeOf = ({ hostname }: URL): Place => {
  if (hostname.startsWith('[') || /^[\d.]+$/.test(hostname)) return { kind: 'address' }
  const [, namespace = '', domain] = hostname.replace(/\.$/, '').split('.')
  if (namespace !== '' && !namespacePattern.test(namespace)) return { kind: 'name' }
  if (domain === 'svc') return { kind: 'service', namespace }
  return domain === undefined ? { kind: 'name', namespace } : { kind: 'name' }
}

const privates = listOf(privateNetworks)

const local = listOf([...loopbackNetworks, ...localNetworks])

/** The IP address that stands in place of a host name. */
const literalOf = ({ hostname }: URL): readonly [address: string, family: 'ipv4' | 'ipv6'] => {
  const address = hostname.replace(/^\[|\]$/g, '')
  return [address, isIPv6(address) ? 'ipv6' : 'ipv4']
}

/** Whether the host is an address of the machine itself, or of its cloud. */
export const isLocal = (url: URL): boolean => local.check(...literalOf(url))

/** An address of a private network may be that of a Service, which stands for any pod. */
export const toAddress = (url: URL): readonly Peer[] => {
  const [address, family] = literalOf(url)
  const isPrivate = privates.check(address, family)
  return [block(`${address}/${family === 'ipv6' ? 128 : 32}`), ...(isPrivate ? [anyPod] : [])]
}
