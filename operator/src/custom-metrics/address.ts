/** What a request for custom.metrics.k8s.io asks for. Pure. */

export const group = 'custom.metrics.k8s.io'

/** The newest first: autoscalers of all supported releases of Kubernetes take it; the other one is what people and older tools ask. */
export const versions = ['v1beta2', 'v1beta1'] as const
export type Version = (typeof versions)[number]

/** The metric of pods of one namespace. */
export interface MetricAddress {
  readonly kind: 'metric'
  readonly version: Version
  readonly namespace: string
  /** Name of a pod; `*` for those that the selector names. */
  readonly pod: string
  readonly metric: string
  readonly labelSelector: string
  readonly metricLabelSelector: string
}

export type Address =
  | { readonly kind: 'groups' }
  | { readonly kind: 'group' }
  | { readonly kind: 'resources'; readonly version: Version }
  | { readonly kind: 'openapi'; readonly version: 'v2' | 'v3' }
  | MetricAddress
  | { readonly kind: 'unknown' }

const unknown: Address = { kind: 'unknown' }

const decoded = (segments: readonly string[]): readonly string[] | undefined => {
  try {
    return segments.map(decodeURIComponent)
  } catch {
    return undefined
  }
}

const metricOf = (version: Version, rest: readonly string[], query: URLSearchParams): Address => {
  const [scope, namespace = '', resource, pod = '', metric = '', ...more] = rest
  const isOfPods = scope === 'namespaces' && resource === 'pods' && more.length === 0
  if (!isOfPods || [namespace, pod, metric].includes('')) return unknown
  return {
    ...{ kind: 'metric', version, namespace, pod, metric },
    labelSelector: query.get('labelSelector') ?? '',
    metricLabelSelector: query.get('metricLabelSelector') ?? '',
  }
}

/** @param url path and query of the request */
export const addressOf = (url: string): Address => {
  const [path = '', query = ''] = url.split('?', 2)
  const segments = decoded(path.replace(/\/$/, '').split('/').slice(1))
  if (!segments) return unknown
  const [root, second, third, ...rest] = segments
  if (root === 'openapi' && (second === 'v2' || second === 'v3') && third === undefined)
    return { kind: 'openapi', version: second }
  if (root !== 'apis') return unknown
  if (second === undefined) return { kind: 'groups' }
  if (second !== group) return unknown
  if (third === undefined) return { kind: 'group' }
  const version = versions.find((one) => one === third)
  if (!version) return unknown
  return rest.length === 0
    ? { kind: 'resources', version }
    : metricOf(version, rest, new URLSearchParams(query))
}
