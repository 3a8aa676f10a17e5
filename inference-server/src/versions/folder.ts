/** The folder of a model as `serve` finds it: where its files are, and which of them is the graph. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { versionsFile } from '@gantry/contract/versions.ts'
import { StartError } from '../failures/errors.ts'
import { ImportError } from '../failures/import-error.ts'
import { insideTop, listFolder, topFolder } from '../import/folder-listing.ts'
import type { GraphWish } from '../import/model/graph-file.ts'
import { type CheckedModel, checkFolder } from '../import/model/model-check.ts'
import { SealError } from '../sealing/seal-error.ts'
import { unlockFolder } from './sealed-folder.ts'

export interface FoundFolder {
  /** Absolute. */
  readonly dir: string
  /** Paths of its files, relative to it. */
  readonly paths: readonly string[]
  /** Name of the folder, where it is the only thing in the one that was given. */
  readonly top: string | undefined
}

/**
 * A folder with a single folder in it stands for that one, as it does for an import.
 * @param encryptionKeys folder of the keys that open encrypted versions
 * @throws StartError where it is none
 */
export const openFolder = async (dir: string, encryptionKeys?: string): Promise<FoundFolder> => {
  const stats = await stat(dir).catch(() => undefined)
  if (!stats)
    throw new StartError(`the model folder ${dir} does not exist; give an existing one with --model`)
  if (!stats.isDirectory())
    throw new StartError(
      `${dir} is not a folder; give the folder of the model, or its .onnx file, with --model`,
    )
  const paths = await listFolder(dir).catch((error: Error) => {
    throw new StartError(`${dir} cannot be read: ${error.message}`, 1, { cause: error })
  })
  if (paths.includes(versionsFile))
    throw new StartError(
      `${dir} is a folder of versions; give it with --repository, or the folder of one of them with --model`,
    )
  if (await unlockFolder(dir, paths, encryptionKeys)) return { dir, paths, top: undefined }
  const top = topFolder(paths, 'onnx')
  if (top === undefined) return { dir, paths, top }
  return { dir: join(dir, top), paths: paths.map((path) => insideTop(path, top)), top }
}

/** Whether a graph lies where it needs no choice. */
export const holdsGraph = async (dir: string): Promise<boolean> => {
  const paths = await listFolder(dir).catch(() => [])
  return paths.some((path) => path.endsWith('.onnx') && (!path.includes('/') || path.startsWith('onnx/')))
}

/** The checks of an import. @throws StartError in the same words */
export const checkModelFolder = async (
  { dir, paths, top }: FoundFolder,
  { task, file }: GraphWish,
): Promise<CheckedModel> => {
  try {
    return await checkFolder(dir, paths, { task, file: file && insideTop(file, top) })
  } catch (error) {
    if (error instanceof SealError) throw new StartError(error.message, 1, { cause: error })
    if (error instanceof ImportError)
      throw new StartError(`${dir} cannot be served: ${error.message}`, 1, {
        cause: error,
        detail: error.detail,
      })
    throw error
  }
}
