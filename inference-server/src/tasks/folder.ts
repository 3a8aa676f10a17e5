import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '../errors.ts'
import { parseJsonText } from '../json-object.ts'
import type { ModelConfig } from '../model-files.ts'

/**
 * A JSON file of the model folder.
 * @returns undefined where the folder has no such file
 * @throws StartError when it cannot be read or is not JSON
 */
export const readJson = async (dir: string, name: string): Promise<unknown> => {
  try {
    return parseJsonText(await readFile(join(dir, name), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new StartError(`${name} cannot be read: ${(error as Error).message}`, 1, { cause: error })
  }
}

/** Member `gantry` of config.json: what only this server reads. */
export const gantrySection = (config: ModelConfig): Readonly<Record<string, unknown>> => {
  const { gantry } = config
  return typeof gantry === 'object' && gantry !== null ? (gantry as Record<string, unknown>) : {}
}
