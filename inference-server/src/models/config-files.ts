/** The JSON files of a model's folder. */
import { join } from 'node:path'
import { StartError } from '../failures/errors.ts'
import { isObject, parseJsonText } from '../json/json-object.ts'
import { readModelFile } from '../sealing/model-file.ts'
import type { ModelConfig, ModelFiles } from './model-files.ts'

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

/**
 * A JSON file of the model folder.
 * @returns undefined where the folder has no such file
 * @throws StartError when it cannot be read or is not JSON
 */
export const readJson = async (dir: string, name: string): Promise<unknown> => {
  let text: string
  try {
    text = (await readModelFile(join(dir, name))).toString('utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw new StartError(`${name} cannot be read: ${(error as Error).message}`, 1, { cause: error })
  }
  try {
    return parseJsonText(text)
  } catch (error) {
    throw new StartError(`${name} is not JSON: ${(error as Error).message}`, 1, { cause: error })
  }
}

/** @returns {} where the folder has no such file @throws StartError */
export const readConfig = async (dir: string, file: string): Promise<ModelConfig> => {
  const config = (await readJson(dir, file)) ?? {}
  if (!isObject(config)) throw new StartError(`${file} must hold a JSON object`)
  return config
}

/**
 * The files that are read for every task.
 * @throws StartError naming the one that is broken
 */
export const readConfigs = async (
  dir: string,
): Promise<Pick<ModelFiles, 'config' | 'preprocessorConfig'>> => {
  const [config, preprocessorConfig] = await Promise.all([
    readConfig(dir, 'config.json'),
    readConfig(dir, 'preprocessor_config.json'),
  ])
  return { config, preprocessorConfig }
}

/** Member `gantry` of config.json: what only this server reads. */
export const gantrySection = (config: ModelConfig): Readonly<Record<string, unknown>> => {
  const { gantry } = config
  return typeof gantry === 'object' && gantry !== null ? (gantry as Record<string, unknown>) : {}
}
