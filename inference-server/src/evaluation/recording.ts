/** Keeps the measurement of a version in its metadata.json. */
import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { VersionEvaluation } from '@gantry/contract/evaluation.ts'
import { metadataFile } from '@gantry/contract/versions.ts'
import { syncPath } from '../import/sync.ts'
import { isObject } from '../json/json-object.ts'

const writeDurably = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'wx', 0o644)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Sets the member `evaluation`, and leaves all others as they are. A reader sees the old file or the new one.
 * @param folder absolute; of a version
 * @throws Error where there is no metadata.json, or it cannot be written
 */
export const recordEvaluation = async (folder: string, evaluation: VersionEvaluation): Promise<void> => {
  const path = join(folder, metadataFile)
  const metadata: unknown = JSON.parse(await readFile(path, 'utf8'))
  if (!isObject(metadata)) throw new Error(`${path} holds no JSON object`)
  const temporary = join(folder, `.${metadataFile}-${randomUUID()}`)
  try {
    await writeDurably(temporary, JSON.stringify({ ...metadata, evaluation }, undefined, 2))
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncPath(folder)
}
