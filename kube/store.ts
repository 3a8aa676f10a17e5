import type { KubernetesObject, Metadata } from './objects.ts'
import type { WatchEvent } from './watch.ts'

/** Called after the store changed: `before` is undefined for what appeared, `after` for what vanished. */
export type OnChange = (before: KubernetesObject | undefined, after: KubernetesObject | undefined) => void

/** The objects of one kind, as far as list, watch and our own writes have told. */
export interface Store {
  readonly get: (namespace: string | undefined, name: string) => KubernetesObject | undefined
  /** Those whose `label` has the value; only labels that the store was made to index. */
  readonly labelled: (namespace: string, label: string, value: string) => readonly KubernetesObject[]
  readonly all: () => readonly KubernetesObject[]
  /** Takes a whole list, which also shows what was deleted while no watch was open. */
  readonly replace: (items: readonly KubernetesObject[], resourceVersion: string) => void
  readonly follow: (event: WatchEvent) => void
  /** Our own write, seen before the watch tells of it; not a change to react to. */
  readonly put: (object: KubernetesObject) => void
  /** What is kept of an object, so that a list need not be held whole. */
  readonly kept: (object: KubernetesObject) => KubernetesObject
}

/** Versions are decimal numbers without leading zeros, too large for doubles in principle. */
const isNewer = (a: string, b: string): boolean => (a.length === b.length ? a > b : a.length > b.length)

const versionOf = (object: KubernetesObject): string => object.metadata.resourceVersion ?? ''
const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`

/** Keys of objects by the value of a label. */
const indexBy = (label: string) => {
  const keys = new Map<string, Set<string>>()
  const groupOf = ({ metadata }: KubernetesObject): string =>
    keyOf(metadata.namespace, metadata.labels?.[label] ?? '')
  const add = (key: string, object: KubernetesObject): void => {
    const group = groupOf(object)
    const known = keys.get(group) ?? new Set()
    keys.set(group, known.add(key))
  }
  const remove = (key: string, object: KubernetesObject): void => {
    const group = groupOf(object)
    const known = keys.get(group)
    known?.delete(key)
    if (known?.size === 0) keys.delete(group)
  }
  return {
    add,
    remove,
    of: (namespace: string, value: string) => [...(keys.get(keyOf(namespace, value)) ?? [])],
  }
}

/** Objects by their key, and by the values of the indexed labels. */
const indexedObjects = (indexed: readonly string[]) => {
  const objects = new Map<string, KubernetesObject>()
  const indexes = new Map(indexed.map((label) => [label, indexBy(label)]))

  /** @returns what was there before */
  const set = (key: string, after: KubernetesObject | undefined): KubernetesObject | undefined => {
    const before = objects.get(key)
    if (before) for (const index of indexes.values()) index.remove(key, before)
    if (after) {
      objects.set(key, after)
      for (const index of indexes.values()) index.add(key, after)
    } else objects.delete(key)
    return before
  }
  const labelled: Store['labelled'] = (namespace, label, value) => {
    const index = indexes.get(label)
    if (!index) throw new Error(`objects are not indexed by ${label}`)
    return index.of(namespace, value).flatMap((key) => objects.get(key) ?? [])
  }
  return {
    get: (key: string) => objects.get(key),
    entries: () => [...objects],
    all: () => [...objects.values()],
    labelled,
    set,
  }
}

/** managedFields are half of many objects, and few programs read them. */
export const withoutManagers = (object: KubernetesObject): KubernetesObject => {
  if (!('managedFields' in object.metadata)) return object
  const { managedFields: _, ...metadata } = object.metadata as Metadata & { readonly managedFields: unknown }
  return { ...object, metadata }
}

export interface StoreOptions {
  readonly onChange?: OnChange
  /** What is kept of each object. */
  readonly kept?: (object: KubernetesObject) => KubernetesObject
  /** Labels by whose values objects are found. */
  readonly indexed?: readonly string[]
}

export const createStore = ({
  onChange = () => {},
  kept = withoutManagers,
  indexed = [],
}: StoreOptions = {}): Store => {
  const objects = indexedObjects(indexed)
  /** The resourceVersion up to which list and watch have reported everything. */
  let position = ''

  const change = (key: string, after: KubernetesObject | undefined): void => {
    const before = objects.set(key, after)
    if (before ?? after) onChange(before, after)
  }
  const isNews = (key: string, object: KubernetesObject): boolean => {
    const known = objects.get(key)
    return !known || isNewer(versionOf(object), versionOf(known))
  }
  const keyOfObject = ({ metadata }: KubernetesObject): string => keyOf(metadata.namespace, metadata.name)

  const replace: Store['replace'] = (items, resourceVersion) => {
    // A version older than the known one means that the cluster was restored from a backup. What the store has is of another history.
    const isOtherHistory = isNewer(position, resourceVersion)
    position = resourceVersion
    const listed = new Map(items.map((item) => [keyOfObject(item), kept(item)]))
    for (const [key, known] of objects.entries()) {
      const isWrittenSince = isNewer(versionOf(known), resourceVersion) && !isOtherHistory
      if (!listed.has(key) && !isWrittenSince) change(key, undefined)
    }
    for (const [key, object] of listed) if (isOtherHistory || isNews(key, object)) change(key, object)
  }
  const follow: Store['follow'] = ({ type, object }) => {
    position = versionOf(object)
    if (type === 'BOOKMARK') return
    const key = keyOfObject(object)
    if (type !== 'DELETED') {
      if (isNews(key, object)) change(key, kept(object))
      return
    }
    const known = objects.get(key)
    if (known && !isNewer(versionOf(known), versionOf(object))) change(key, undefined)
  }
  const put: Store['put'] = (object) => {
    // The watch has already reported versions up to its position, perhaps even the object's deletion.
    if (!isNewer(versionOf(object), position)) return
    const key = keyOfObject(object)
    if (isNews(key, object)) objects.set(key, kept(object))
  }
  return {
    get: (namespace, name) => objects.get(keyOf(namespace, name)),
    labelled: objects.labelled,
    all: objects.all,
    replace,
    follow,
    put,
    kept,
  }
}
