import { versionIdPattern } from '@gantry/contract/versions.ts'

/** `v_20261123_101500_2` apart: the second it names, and its number within that second, 1 for the first. */
const parts = (id: string): readonly [string, number] => {
  const [, day = '', time = '', number = '1'] = id.split('_')
  return [`${day}_${time}`, Number(number)]
}

/** Older first; ids of one second by their number. */
export const compareIds = (a: string, b: string): number => {
  const [secondA, numberA] = parts(a)
  const [secondB, numberB] = parts(b)
  if (secondA !== secondB) return secondA < secondB ? -1 : 1
  return numberA - numberB
}

export const isVersionId = (name: string): boolean => versionIdPattern.test(name)

/**
 * The id after all that exist: of this second, or of the newest one's should that lie ahead because clocks differ.
 * The newest is never pruned, so no id is given twice.
 */
export const nextId = (existing: readonly string[], now: Date): string => {
  const second = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '_').slice(0, 15)
  const newest = existing.toSorted(compareIds).at(-1)
  if (newest === undefined) return `v_${second}`
  const [newestSecond, number] = parts(newest)
  return newestSecond < second ? `v_${second}` : `v_${newestSecond}_${number + 1}`
}
