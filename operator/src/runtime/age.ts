import type { KubernetesObject } from '@gantry/kube/objects.ts'

const share = 1 / 5

/**
 * Time until something that no watch shows is looked at again: a fifth of the age of the youngest object, so that it is looked at ever more rarely.
 * @param bounds shortest and longest time, in milliseconds
 */
export const shareOfAge = (
  objects: readonly KubernetesObject[],
  now: number,
  [firstMs, longestMs]: readonly [number, number],
): number => {
  const times = objects.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '') || 0)
  const youngest = Math.max(...times, 0)
  return Math.min(Math.max((now - youngest) * share, firstMs), longestMs)
}
