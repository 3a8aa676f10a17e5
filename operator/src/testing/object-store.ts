import { isDeepStrictEqual } from 'node:util'
import { ApiError } from '@gantry/kube/errors.ts'
import { isOver, type LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { mergeApplied } from './server-side-apply.ts'

/** The member at `path`, or undefined where there is none. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((member, name) => (member as Record<string, unknown> | undefined)?.[name], value)

export const keyOf = (kind: string, namespace: string | undefined, name: string): string =>
  `${kind}/${namespace ?? ''}/${name}`
export const keyOfObject = ({ kind, metadata }: KubernetesObject): string =>
  keyOf(kind, metadata.namespace, metadata.name)

/** What the API server fills in where nothing is given, so that nothing comes back as it was sent. */
const defaults: Readonly<Record<string, object>> = {
  Deployment: {
    spec: { minReadySeconds: 0, replicas: 1, template: { spec: { dnsPolicy: 'ClusterFirst' } } },
  },
  Service: { spec: { clusterIP: '10.96.0.7', type: 'ClusterIP', sessionAffinity: 'None' } },
  PersistentVolumeClaim: { spec: { volumeMode: 'Filesystem' }, status: { phase: 'Pending' } },
}

const unchangeable: Readonly<Record<string, readonly string[]>> = {
  Job: ['spec', 'template'],
  Deployment: ['spec', 'selector'],
  ConfigMap: ['data'],
}

const checkUnchangeable = (live: KubernetesObject, next: KubernetesObject): void => {
  const path = live.kind === 'ConfigMap' && !live['immutable'] ? undefined : unchangeable[live.kind]
  if (!path || isDeepStrictEqual(at(live, ...path), at(next, ...path))) return
  const message = `${live.kind} "${live.metadata.name}" is invalid: ${path.join('.')}: field is immutable`
  throw new ApiError(422, 'Invalid', message)
}

const withoutVersion = (object: KubernetesObject): unknown => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: undefined, generation: undefined },
})

/** Objects with uid, resourceVersion and generation as an API server gives them. */
export const objectStore = (now: () => number) => {
  const objects = new Map<string, KubernetesObject>()
  let counter = 1000

  const metadataOf = (live: KubernetesObject | undefined, next: KubernetesObject) => {
    const isOtherSpec = live !== undefined && !isDeepStrictEqual(live['spec'], next['spec'])
    const generation = live?.metadata.generation ?? next.metadata.generation ?? 1
    return {
      creationTimestamp: new Date(now()).toISOString(),
      uid: `uid-${counter}`,
      ...next.metadata,
      resourceVersion: `${counter}`,
      generation: isOtherSpec ? generation + 1 : generation,
    }
  }
  /** Creates or overwrites; an object that says the same as before stays as it is. */
  const store = (object: KubernetesObject): KubernetesObject => {
    const live = objects.get(keyOfObject(object))
    const next = mergeApplied(defaults[object.kind] ?? {}, object) as KubernetesObject
    if (live && isDeepStrictEqual(withoutVersion(live), withoutVersion(next))) return live
    if (live) checkUnchangeable(live, next)
    counter += 1
    const stored = { ...next, metadata: metadataOf(live, next) }
    objects.set(keyOfObject(object), stored)
    return stored
  }
  const all = <T extends KubernetesObject>(kind: string): readonly T[] =>
    [...objects.values()].filter((object): object is T => object.kind === kind)

  const isMounted = (claim: string): boolean =>
    all<LivePod>('Pod').some(
      (pod) =>
        !isOver(pod) &&
        pod.spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim),
    )
  /** A claim that a pod uses is only marked, as its protection finalizer does. */
  const erase = ({ kind, metadata }: KubernetesObject): void => {
    const key = keyOf(kind, metadata.namespace, metadata.name)
    const live = objects.get(key)
    if (live && kind === 'PersistentVolumeClaim' && isMounted(metadata.name)) {
      const deletionTimestamp = live.metadata.deletionTimestamp ?? new Date(now()).toISOString()
      store({ ...live, metadata: { ...live.metadata, deletionTimestamp } })
    } else objects.delete(key)
  }
  return { objects, store, all, erase, version: (): number => counter }
}
export type ObjectStore = ReturnType<typeof objectStore>
