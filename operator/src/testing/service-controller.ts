/** What Kubernetes makes of Services: slices and Endpoints by their selectors, and slices mirrored from Endpoints. */
import { isDeepStrictEqual } from 'node:util'
import { isReady, type LivePod, type LiveService } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { keyOf, type ObjectStore } from './object-store.ts'

const labelsOf = ({ metadata }: KubernetesObject, writer: string) => ({
  ...metadata.labels,
  'kubernetes.io/service-name': metadata.name,
  'endpointslice.kubernetes.io/managed-by': writer,
})

const ownedBy = ({ apiVersion, kind, metadata }: KubernetesObject) => [
  { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true },
]

const sliceOf = (service: LiveService, addresses: readonly string[], writer: string): KubernetesObject => ({
  ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
  metadata: {
    name: `${service.metadata.name}-${writer.slice(0, 13)}`,
    namespace: service.metadata.namespace ?? '',
    labels: labelsOf(service, writer),
    ownerReferences: ownedBy(service),
  },
  endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
})

/** Stores it where it is another one. @returns whether it was */
const put = ({ objects, store }: ObjectStore, object: KubernetesObject): boolean => {
  const { kind, metadata } = object
  const live = objects.get(keyOf(kind, metadata.namespace, metadata.name))
  const isSame = (field: string): boolean => isDeepStrictEqual(live?.[field], object[field])
  if (live && isSame('endpoints') && isSame('addresses')) return false
  store(object)
  return true
}

const selected = (store: ObjectStore, { metadata, spec }: LiveService): readonly string[] =>
  store
    .all<LivePod>('Pod')
    .filter((pod) => pod.metadata.namespace === metadata.namespace && isReady(pod))
    .filter((pod) =>
      Object.entries(spec?.selector ?? {}).every(([key, value]) => pod.metadata.labels?.[key] === value),
    )
    .flatMap(({ status }) => status?.podIP ?? [])

/** A Service without a selector is left alone, and so is what was made for it. */
const runService = (store: ObjectStore, service: LiveService): boolean => {
  const { name, namespace = '' } = service.metadata
  const endpoints = store.objects.get(keyOf('Endpoints', namespace, name))
  const mirrored = sliceOf(service, (endpoints?.['addresses'] as string[] | undefined) ?? [], 'mirroring')
  // The API server stores no empty selector.
  if (Object.keys(service.spec?.selector ?? {}).length === 0) {
    if (endpoints) return put(store, mirrored)
    const old = store.objects.get(keyOf('EndpointSlice', namespace, mirrored.metadata.name))
    if (old) store.erase(old)
    return old !== undefined
  }
  const addresses = selected(store, service)
  const made = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace, labels: service.metadata.labels ?? {} },
  }
  const isNew = put(store, sliceOf(service, addresses, 'controller'))
  return put(store, { ...made, addresses }) || isNew
}

/** Endpoints go with their Service. */
const dropEndpoints = ({ objects, all, erase }: ObjectStore): boolean => {
  const lost = all('Endpoints').find(
    ({ metadata }) => !objects.has(keyOf('Service', metadata.namespace, metadata.name)),
  )
  if (lost) erase(lost)
  return lost !== undefined
}

export const runServices = (store: ObjectStore): boolean =>
  store
    .all<LiveService>('Service')
    .map((service) => runService(store, service))
    .some(Boolean) || dropEndpoints(store)
