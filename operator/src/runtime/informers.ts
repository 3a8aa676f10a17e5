import { labels } from '@gantry/contract/labels.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import type { KubeClient } from '@gantry/kube/client.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import { createReflector, type Reflector, type ReflectorTiming } from '@gantry/kube/reflector.ts'
import { createStore } from '@gantry/kube/store.ts'
import { isSignificant, keyOf } from './changes.ts'
import { kept } from './kept.ts'
import type { Kind } from './kind.ts'
import type { OptionalKind } from './optional-kind.ts'

/** What is watched for a kind. */
export type Watched = Pick<Kind, 'resource' | 'label' | 'owned' | 'optional' | 'watched' | 'related'>

export interface InformerOptions<K extends Watched> {
  readonly kinds: readonly K[]
  readonly kube: Pick<KubeClient, 'listAll' | 'watch'>
  readonly clock: Clock
  readonly log: Log
  /** The namespace that is watched; undefined for all. */
  readonly namespace: string | undefined
  /** Receives the key of an object of a kind whenever something about it changed. */
  readonly onKey: (kind: K, key: string) => void
  readonly onRestart?: (resource: Resource, how: 'resume' | 'relist') => void
  readonly timing?: Partial<ReflectorTiming>
  /** The optional kinds that this installation uses. Of others the cache has no objects. */
  readonly optional?: readonly OptionalKind[]
}

/** The cache, and the reflectors that keep it up to date. */
export interface Informers {
  readonly cache: Cache
  /** All objects of a watched resource. */
  readonly all: (resource: Resource) => readonly KubernetesObject[]
  /** Resolves when the signal has fired. */
  readonly run: (signal: AbortSignal) => Promise<void>
  /** Resolves when every kind has been listed. */
  readonly synced: Promise<void>
  /** Kinds that have not been listed yet. */
  readonly unsynced: () => readonly string[]
  /** Milliseconds since the last answer of the API server, by kind. */
  readonly contactAgesMs: () => ReadonlyMap<string, number>
}

const ours = `${labels.managedBy}=${labels.manager}`

/** Each resource once, in the order in which it is first named. */
const resourcesOf = (kinds: readonly Watched[]): readonly Resource[] => [
  ...new Set(
    kinds.flatMap(({ resource, owned, optional, watched }) => [resource, ...owned, ...optional, ...watched]),
  ),
]

/** The objects of a kind that a change of one of another kind concerns. */
const keysOfRelated = ({ related }: Watched, cache: Cache, object: KubernetesObject): readonly string[] =>
  related
    .filter(({ resource }) => object.kind === resource.kind && object.apiVersion === resource.apiVersion)
    .flatMap(({ keysOf }) => keysOf(cache, object))

export const createInformers = <K extends Watched>(options: InformerOptions<K>): Informers => {
  const { kinds, kube, clock, log, namespace, onKey, onRestart, timing, optional = [] } = options

  const onChange = (before: KubernetesObject | undefined, after: KubernetesObject | undefined): void => {
    if (!isSignificant(before, after)) return
    for (const kind of kinds) {
      const objects = [before, after].filter((object) => object !== undefined)
      const keys = objects.flatMap((object) => [
        ...[keyOf(kind, object) ?? []].flat(),
        ...keysOfRelated(kind, cache, object),
      ])
      for (const key of new Set(keys)) onKey(kind, key)
    }
  }
  const subjects = new Set(kinds.map(({ resource }) => resource))
  const indexed = kinds.map(({ label }) => label)
  const maybe = new Set(kinds.flatMap(({ optional }) => optional))
  const stores = resourcesOf(kinds).map((resource) => {
    const store = createStore({ onChange, kept, indexed })
    const selector = {
      ...(namespace ? { namespace } : {}),
      ...(subjects.has(resource) ? {} : { labelSelector: ours }),
    }
    const reflector = (): Reflector =>
      createReflector({
        ...{ kube, resource, selector, store, clock, log },
        onRestart: (how) => onRestart?.(resource, how),
        ...(timing ? { timing } : {}),
      })
    return { resource, store, reflector }
  })
  const informers = stores
    .filter(({ resource }) => !maybe.has(resource))
    .map(({ resource, reflector }) => ({ resource, reflector: reflector() }))
  const followers = optional.flatMap((kind) =>
    stores.filter(({ resource }) => resource === kind.resource).map((parts) => ({ kind, parts })),
  )
  const byKind = new Map(stores.map(({ resource, store }) => [resource.kind, store]))
  const storeOf = ({ kind }: Resource) => {
    const store = byKind.get(kind)
    if (!store) throw new Error(`${kind} is not watched: ask the API server instead of the cache`)
    return store
  }
  const cache: Cache = {
    get: (resource, inNamespace, name) => storeOf(resource).get(inNamespace, name) as never,
    labelled: (resource, inNamespace, label, value) =>
      storeOf(resource).labelled(inNamespace, label, value) as never,
    all: (resource) => storeOf(resource).all() as never,
    put: (resource, object) => storeOf(resource).put(object),
  }
  return {
    cache,
    all: (resource) => storeOf(resource).all(),
    run: async (signal) => {
      const following = followers.map(({ kind, parts }) => kind.follow({ ...parts, clock }, signal))
      await Promise.all([...informers.map(({ reflector }) => reflector.run(signal)), ...following])
    },
    synced: Promise.all([
      ...informers.map(({ reflector }) => reflector.synced),
      ...followers.map(({ kind }) => kind.known),
    ]).then(() => {}),
    unsynced: () => [
      ...informers.filter(({ reflector }) => !reflector.isSynced()).map(({ resource }) => resource.plural),
      ...followers
        .filter(({ kind }) => kind.presence() === 'unknown')
        .map(({ kind }) => kind.resource.plural),
    ],
    contactAgesMs: () =>
      new Map([
        ...informers.map(({ resource, reflector }) => [resource.plural, reflector.contactAgeMs()] as const),
        ...followers.flatMap(({ kind }) => {
          const ageMs = kind.contactAgeMs()
          return ageMs === undefined ? [] : [[kind.resource.plural, ageMs] as const]
        }),
      ]),
  }
}
