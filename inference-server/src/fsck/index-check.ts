/** Whether versions.json says what the folders say, and what killed imports have left. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { versionsFile } from '@gantry/contract/versions.ts'
import { findLeftovers, removeLeftovers } from '../import/volume/leftovers.ts'
import { readVersions, writeIndex } from '../import/volume/volume.ts'
import type { Problem } from './problem.ts'

const readIndex = async (volume: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(join(volume, versionsFile), 'utf8'))
  } catch {
    return undefined
  }
}

export const checkIndex = async (volume: string): Promise<readonly Problem[]> => {
  const versions = await readVersions(volume)
  const index = await readIndex(volume)
  if (versions.length === 0 && index === undefined) return []
  if (isDeepStrictEqual(index, JSON.parse(JSON.stringify({ versions })))) return []
  return [
    {
      ...{ problem: 'IndexStale', path: versionsFile },
      message: 'the index is missing, or does not list the versions that are there',
      advice: 'the next import writes it anew, as fsck --repair does',
      repair: async () => {
        await writeIndex(volume)
        return true
      },
    },
  ]
}

export const checkLeftovers = async (volume: string): Promise<readonly Problem[]> =>
  (await findLeftovers(volume)).map((path) => ({
    ...{ problem: 'LeftByImport', path },
    message: 'a killed import has left it, and it takes room',
    advice: 'the next import deletes it, as fsck --repair does',
    repair: async () => {
      await removeLeftovers(volume)
      return true
    },
  }))
