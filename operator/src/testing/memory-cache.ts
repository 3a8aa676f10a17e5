import { labels } from '@gantry/contract/labels.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { ModelDeployment } from '../modeldeployment/resources.ts'
import { ModelEvaluation } from '../modelevaluation/resources.ts'
import { keyOf, keyOfObject, type ObjectStore } from './object-store.ts'

/** The cache follows what carries our label, all models and all evaluations. */
const isWatched = ({ kind, metadata }: KubernetesObject): boolean =>
  kind === ModelDeployment.kind ||
  kind === ModelEvaluation.kind ||
  metadata.labels?.[labels.managedBy] === labels.manager

export interface MemoryCache extends Cache {
  /** @param isHeard whether the watch of a kind has told what happened; those of other kinds are late */
  readonly sync: (isHeard?: (kind: string) => boolean) => void
}

/** Knows what was there at the last `sync`, and what was put since: as late as real watches may be. */
export const memoryCache = ({ objects }: ObjectStore): MemoryCache => {
  let known = new Map<string, KubernetesObject>()
  return {
    get: ({ kind }, namespace, name) => known.get(keyOf(kind, namespace, name)) as never,
    labelled: ({ kind }, namespace, label, value) =>
      [...known.values()].filter(
        (object) =>
          object.kind === kind &&
          object.metadata.namespace === namespace &&
          object.metadata.labels?.[label] === value,
      ) as never,
    all: ({ kind }) => [...known.values()].filter((object) => object.kind === kind) as never,
    put: (_, object) => void known.set(keyOfObject(object), object),
    sync: (isHeard = () => true) => {
      const late = [...known].filter(([, { kind }]) => !isHeard(kind))
      const heard = [...objects].filter(([, object]) => isHeard(object.kind) && isWatched(object))
      known = new Map([...late, ...heard]) // stored objects never change
    },
  }
}
