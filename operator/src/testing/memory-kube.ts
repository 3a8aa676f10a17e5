import { ApiError } from '@gantry/kube/errors.ts'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { checkClaim } from './claim-rules.ts'
import { at, keyOf, keyOfObject, type ObjectStore } from './object-store.ts'
import { mergeApplied, pathsOf, without } from './server-side-apply.ts'

export interface Write {
  readonly verb: 'create' | 'apply' | 'applyStatus' | 'remove'
  readonly kind: string
  readonly name: string
}

/** Called around each write; what they throw is what the caller sees. */
export interface Faults {
  before?: ((write: Write) => void) | undefined
  after?: ((write: Write) => void) | undefined
  /** What the containers of pods have written, by the pod's name; a pod without an entry has no log any more. */
  logs?: ReadonlyMap<string, string>
  /** The StorageClass has no allowVolumeExpansion. */
  isFixedSize?: boolean
}

const checkPreconditions = (live: KubernetesObject | undefined, { metadata }: KubernetesObject): void => {
  const { uid, resourceVersion } = metadata
  if (uid && live?.metadata.uid !== uid) throw new ApiError(409, 'Conflict', 'Precondition failed: UID')
  if (resourceVersion && live?.metadata.resourceVersion !== resourceVersion) {
    throw new ApiError(409, 'Conflict', 'the object has been modified; please apply to the latest version')
  }
}

/** Merges applies; remembers what each field manager has set, so that it can take it back by leaving it out. */
const applier = ({ objects, store }: ObjectStore, faults: Faults) => {
  const managed = new Map<string, Map<string, readonly string[]>>() // object uid -> manager -> paths
  return (manager: string, applied: KubernetesObject): KubernetesObject => {
    const live = objects.get(keyOfObject(applied))
    checkPreconditions(live, applied)
    checkClaim(live, applied, !faults.isFixedSize)
    const paths = pathsOf(applied)
    const managers = managed.get(live?.metadata.uid ?? '') ?? new Map<string, readonly string[]>()
    const others = [...managers].filter(([name]) => name !== manager).flatMap(([, theirs]) => theirs)
    const held = new Set([...paths, ...others])
    const dropped = new Set((managers.get(manager) ?? []).filter((path) => !held.has(path)))
    const stored = store(mergeApplied(without(live ?? {}, dropped), applied) as KubernetesObject)
    managed.set(stored.metadata.uid ?? '', managers.set(manager, paths))
    return stored
  }
}

const selects = (object: KubernetesObject, fieldSelector = ''): boolean => {
  const uid = /^involvedObject\.uid=(.*)$/.exec(fieldSelector)?.[1]
  return uid === undefined || at(object, 'involvedObject', 'uid') === uid
}

/** The verbs of the operator on objects in memory. `writes` lists every write that was asked for. */
export const memoryKube = (objectsInMemory: ObjectStore, faults: Faults, writes: Write[]): Kube => {
  const { objects, store, all, erase } = objectsInMemory
  const apply = applier(objectsInMemory, faults)

  const write = async (verb: Write['verb'], object: KubernetesObject, action: () => unknown) => {
    const asked = { verb, kind: object.kind, name: object.metadata.name }
    writes.push(asked)
    faults.before?.(asked)
    const answer = action()
    faults.after?.(asked)
    return answer as never
  }
  return {
    get: async ({ kind }, namespace, name) => objects.get(keyOf(kind, namespace, name)) as never,
    list: async ({ kind }, { namespace, fieldSelector }) =>
      all(kind).filter(
        (item) => item.metadata.namespace === namespace && selects(item, fieldSelector),
      ) as never,
    log: async (_namespace, pod) => {
      const log = faults.logs?.get(pod)
      if (log === undefined) throw new ApiError(404, 'NotFound', `pods "${pod}" not found`)
      return log
    },
    create: (_, object) =>
      write('create', object, () => {
        if (!objects.has(keyOfObject(object))) return store(object)
        throw new ApiError(409, 'AlreadyExists', `${object.kind} "${object.metadata.name}" already exists`)
      }),
    apply: (_, object, manager = 'gantry') => write('apply', object, () => apply(manager, object)),
    tryApply: async (_, object) => checkClaim(objects.get(keyOfObject(object)), object, !faults.isFixedSize),
    applyStatus: (_, object) =>
      write('applyStatus', object, () => {
        const live = objects.get(keyOfObject(object))
        if (!live) throw new ApiError(404, 'NotFound', `${object.kind} "${object.metadata.name}" not found`)
        checkPreconditions(live, object)
        return store({ ...live, status: object['status'] })
      }),
    remove: ({ apiVersion, kind }, namespace = '', name, uid, propagation) => {
      const named = { apiVersion, kind, metadata: { name, namespace } }
      return write('remove', named, () => {
        const live = objects.get(keyOfObject(named))
        if (!live || (uid && live.metadata.uid !== uid)) return
        if (propagation !== 'Foreground') erase(live)
        // It is there until whoever owns what it has made lets it go.
        else store({ ...live, metadata: { ...live.metadata, deletionTimestamp: '2026-11-23T10:00:00Z' } })
      })
    },
  }
}
