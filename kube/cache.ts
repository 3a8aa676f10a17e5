import type { KubernetesObject, Resource } from './objects.ts'

/** What a program has seen of the cluster. Reading it costs no request; it may be a moment old. */
export interface Cache {
  readonly get: <T extends KubernetesObject>(
    resource: Resource,
    namespace: string,
    name: string,
  ) => T | undefined
  /** The objects of a kind whose `label` has the value. */
  readonly labelled: <T extends KubernetesObject>(
    resource: Resource,
    namespace: string,
    label: string,
    value: string,
  ) => readonly T[]
  /** Every object of a kind that the operator follows. */
  readonly all: <T extends KubernetesObject>(resource: Resource) => readonly T[]
  /** Remembers what an apply answered, so that the next read sees our own write; an older version changes nothing. */
  readonly put: (resource: Resource, object: KubernetesObject) => void
}
