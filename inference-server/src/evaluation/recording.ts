/** Keeps the measurement of a version in its metadata.json. */
import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type DriftReference, driftReferenceFile } from '@gantry/contract/drift.ts'
import type { VersionEvaluation } from '@gantry/contract/evaluation.ts'
import { metadataFile } from '@gantry/contract/versions.ts'
import { codeOf } from '../failures/import-error.ts'
import { syncPath } from '../import/volume/sync.ts'
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

/** A reader sees the old file or the new one. */
const replace = async (folder: string, file: string, text: string): Promise<void> => {
  const temporary = join(folder, `.${file}-${randomUUID()}`)
  try {
    await writeDurably(temporary, text)
    await rename(temporary, join(folder, file))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncPath(folder)
}

const notKept = (folder: string, error: unknown): Error => {
  const why = codeOf(error) ?? (error as Error).message
  return new Error(
    `the measurement cannot be kept in ${folder} (${why}); see that the version is there and that its volume can be written`,
    { cause: error },
  )
}

/**
 * Sets the member `evaluation`, and leaves all others as they are. A reader sees the old file or the new one.
 * @param folder absolute; of a version
 * @throws Error where there is no metadata.json, or it cannot be written
 */
export const recordEvaluation = async (folder: string, evaluation: VersionEvaluation): Promise<void> => {
  try {
    const metadata: unknown = JSON.parse(await readFile(join(folder, metadataFile), 'utf8'))
    if (!isObject(metadata)) throw new Error(`${metadataFile} holds no JSON object`)
    await replace(folder, metadataFile, JSON.stringify({ ...metadata, evaluation }, undefined, 2))
  } catch (error) {
    throw notKept(folder, error)
  }
}

/**
 * Leaves the reference for drift beside metadata.json, in place of an older one.
 * @param folder absolute; of a version @throws Error where it cannot be written
 */
export const recordReference = (folder: string, reference: DriftReference): Promise<void> =>
  replace(folder, driftReferenceFile, JSON.stringify(reference)).catch((error: unknown) => {
    throw notKept(folder, error)
  })
