/** Server-side apply on plain objects, as far as the operator relies on it. */
import { isObject } from '@gantry/kube/json-object.ts'

type Json = Record<string, unknown>

/** Lists that are merged item by item, and the members that tell items apart; all others are replaced as a whole. */
const listKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  ownerReferences: ['uid'],
  // The name is no key of any of them; two ports of an EndpointSlice, whose list is replaced as a whole, may have one number.
  ports: ['name', 'port', 'containerPort', 'protocol'],
  volumeMounts: ['mountPath'],
  volumes: ['name'],
}

const itemKey = (field: string, item: unknown): string =>
  JSON.stringify((listKeys[field] ?? []).map((key) => (isObject(item) ? item[key] : item)))

/** Paths of everything an apply sets, so that the next one of the same manager can take back what it leaves out. */
export const pathsOf = (value: unknown, field = '', path = ''): readonly string[] => {
  if (isObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([name, member]) => pathsOf(member, name, `${path}/${name}`))
  }
  if (Array.isArray(value) && listKeys[field]) {
    return value.flatMap((item) => [
      `${path}/${itemKey(field, item)}`,
      ...pathsOf(item, '', `${path}/${itemKey(field, item)}`),
    ])
  }
  return [path]
}

const mergeList = (live: readonly unknown[], applied: readonly unknown[], field: string): unknown[] => {
  const items = live.map((item) => {
    const over = applied.find((candidate) => itemKey(field, candidate) === itemKey(field, item))
    return over === undefined ? item : mergeApplied(item, over)
  })
  const added = applied.filter(
    (item) => !live.some((other) => itemKey(field, other) === itemKey(field, item)),
  )
  return [...items, ...added]
}

export const mergeApplied = (live: unknown, applied: unknown, field = ''): unknown => {
  if (Array.isArray(live) && Array.isArray(applied) && listKeys[field]) return mergeList(live, applied, field)
  if (!isObject(live) || !isObject(applied)) return applied
  const merged: Json = { ...live }
  for (const [name, member] of Object.entries(applied)) merged[name] = mergeApplied(live[name], member, name)
  return merged
}

/** `value` without what stands at one of `paths`. */
export const without = (value: unknown, paths: ReadonlySet<string>, field = '', path = ''): unknown => {
  if (Array.isArray(value) && listKeys[field]) {
    return value
      .filter((item) => !paths.has(`${path}/${itemKey(field, item)}`))
      .map((item) => without(item, paths, '', `${path}/${itemKey(field, item)}`))
  }
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([name]) => !paths.has(`${path}/${name}`))
  return Object.fromEntries(
    kept.map(([name, member]) => [name, without(member, paths, name, `${path}/${name}`)]),
  )
}
