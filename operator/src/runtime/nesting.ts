/**
 * How deep JSON is nested. Where the CRD takes any JSON, an API server accepts thousands of levels, and a recursive
 * function over such a spec throws a RangeError. In the watch it would stop all models.
 */
import { plainText } from '@gantry/contract/plain-text.ts'
import { isObject } from '@gantry/kube/json-object.ts'
import type { Finding } from './finding.ts'

/** Most levels of a spec; an affinity of Kubernetes has about ten. */
export const mostLevels = 64

/** A value on the way down, and where it stands. */
interface Place {
  readonly value: object
  readonly level: number
  readonly name: string
  readonly above: Place | undefined
}

const pathOf = (place: Place | undefined): readonly string[] =>
  place?.above ? [...pathOf(place.above), place.name] : []

/** The path of the first member beyond `levels`, or undefined where there is none. Its recursion ends with `levels`. */
export const deepPath = (value: unknown, levels = mostLevels): readonly string[] | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const waiting: Place[] = [{ value, level: 0, name: '', above: undefined }]
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    if (place.level > levels) return pathOf(place)
    for (const [name, member] of Object.entries(place.value)) {
      if (typeof member === 'object' && member !== null)
        waiting.push({ value: member, level: place.level + 1, name, above: place })
    }
  }
  return undefined
}

/** A copy without what lies beyond `levels`. */
export const cutBelow = (value: unknown, levels = mostLevels): unknown => {
  if (Array.isArray(value)) return levels === 0 ? [] : value.map((item) => cutBelow(item, levels - 1))
  if (!isObject(value)) return value
  if (levels === 0) return {}
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, cutBelow(member, levels - 1)]),
  )
}

/** Nothing of such a spec is applied: it could not even be written. */
export const specTooDeep = ({ spec }: { readonly spec?: unknown }): Finding | undefined => {
  const path = deepPath(spec)
  if (!path) return undefined
  return {
    reason: 'SpecTooDeep',
    message: `${plainText(['spec', ...path].join('.'), 100)} is nested deeper than ${mostLevels} levels. Correct what stands there. Until then nothing is changed.`,
    retry: 'never',
  }
}

/** What can be observed of an object whose spec is nested too deep. */
export const withoutDepths = <T extends { readonly spec: unknown }>(object: T): T => ({
  ...object,
  spec: cutBelow(object.spec),
})
