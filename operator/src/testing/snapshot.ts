import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { ObjectStore } from './object-store.ts'

/** Differs between two runs of the same story: counters, times, how often something was tried, and why it failed before. */
const incidental = new Set([
  ...['uid', 'resourceVersion', 'generation', 'observedGeneration', 'creationTimestamp'],
  ...[
    'lastTransitionTime',
    'lastUpdateTime',
    'createdAt',
    'firstServedAt',
    'at',
    'evaluatedAt',
    'gantry.dev/attempt',
    'gantry.dev/last-failure',
    ...['podIP', 'addresses'],
  ],
])

const essential = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(essential)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !incidental.has(name))
  return Object.fromEntries(kept.map(([name, member]) => [name, essential(member)]))
}

/** All objects but Events, by kind and name, without what is incidental: two runs that end alike have equal ones. */
export const snapshot = ({ store }: { readonly store: ObjectStore }): Readonly<Record<string, unknown>> => {
  const objects = [...store.objects.values()].filter(({ kind }) => kind !== 'Event')
  // A pod's name is made from uids.
  const keyOf = ({ kind, metadata }: KubernetesObject): string =>
    kind === 'Pod' ? `Pod of ${metadata.ownerReferences?.[0]?.name}` : `${kind} ${metadata.name}`
  const withoutPodName = (object: KubernetesObject): unknown =>
    object.kind === 'Pod' ? { ...object, metadata: { ...object.metadata, name: '' } } : object
  return Object.fromEntries(
    objects.map((object) => [keyOf(object), essential(withoutPodName(object))]).sort(),
  )
}
