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

/** Knows what was there at the last `sync`, and what was put since: as late as real watches may be. */
export const memoryCache = ({ objects }: ObjectStore): Cache & { readonly sync: () => void } => {
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
    sync: () => {
      known = new Map([...objects].filter(([, object]) => isWatched(object))) // stored objects never change
    },
  }
}
