/** The model of a request, fetched to its folder. */
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { metadataFile } from '@gantry/contract/versions.ts'
import { type Fetching, openCandidate } from '../evaluation/candidate-folder.ts'
import type { SamplesOptions } from './options.ts'

/**
 * Brings the source to the folder of the request as an import does. What the metadata of a version say of its graph is not true of what the
 * optimizer makes of it: the folder has none.
 * @throws ImportError
 */
export const fetchModel = async (
  { folder, task, fetch }: SamplesOptions['request'],
  fetching: Fetching,
): Promise<void> => {
  if (!fetch) return
  const volume = `${folder}.fetching` // a folder can be renamed only within its file system
  for (const left of [volume, folder]) await rm(left, { recursive: true, force: true })
  await mkdir(volume, { recursive: true })
  try {
    const { dir } = await openCandidate({ name: 'model', task, ...fetch }, volume, fetching)
    await rm(join(dir, metadataFile), { force: true })
    await rename(dir, folder)
  } finally {
    await rm(volume, { recursive: true, force: true })
  }
}
