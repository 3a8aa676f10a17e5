import { isObject } from './json-object.ts'
import { isSameQuantity } from './quantity.ts'

/** Lists that server-side apply merges by key in the kinds we apply: others may add items of their own. */
const mergedByKey = new Set([
  'containers',
  'env',
  'imagePullSecrets',
  'initContainers',
  'ownerReferences',
  'ports',
  'topologySpreadConstraints',
  'volumeMounts',
  'volumes',
])
/** Ports are merged in these; those of an EndpointSlice and of the rules of a NetworkPolicy are one list as a whole. */
const portsMergedIn = new Set(['containers', 'initContainers', 'spec'])
const quantityMaps = new Set(['requests', 'limits'])
const quantityFields = new Set(['averageValue', 'value', 'sizeLimit'])

/** Maps that the API server drops when they are empty; other empty objects, such as `emptyDir: {}`, say something. */
const textMaps = new Set(['annotations', 'labels', 'matchLabels', 'nodeSelector', 'requests', 'limits'])

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)

const isMerged = (field: string, parent: string): boolean =>
  mergedByKey.has(field) && (field !== 'ports' || portsMergedIn.has(parent))

const coversList = (live: unknown, desired: readonly unknown[], field: string, parent: string): boolean => {
  if (!Array.isArray(live)) return false
  if (isMerged(field, parent))
    return desired.every((item) => live.some((other) => covers(other, item, field)))
  return live.length === desired.length && desired.every((item, index) => covers(live[index], item, field))
}

/**
 * Whether a live value says all that the desired one says. What others have added, and what the API server has filled
 * in, is no difference; neither is another way to write the same quantity.
 * @param field name of the member that holds the value
 */
export const covers = (live: unknown, desired: unknown, field = '', parent = ''): boolean => {
  // The API server drops a text that is empty, such as the effect of a toleration for every effect.
  if (desired === undefined || (desired === '' && live === undefined)) return true
  const isDropped = Array.isArray(desired) || textMaps.has(field)
  if (isEmpty(desired) && isDropped) return isObject(desired) || isEmpty(live)
  if (Array.isArray(desired)) return coversList(live, desired, field, parent)
  if (isObject(desired)) {
    return (
      isObject(live) &&
      Object.entries(desired).every(([name, member]) => covers(live[name], member, name, field))
    )
  }
  if (live === desired) return true
  return (quantityMaps.has(parent) || quantityFields.has(field)) && isSameQuantity(live, desired)
}
