import type { Task } from '@gantry/contract/server.ts'
import { StartError } from '../../failures/errors.ts'
import { ImportError } from '../../failures/import-error.ts'
import { readJson } from '../../models/config-files.ts'
import type { TaskFiles } from '../../models/model-files.ts'
import { assumptionsOf, strictRefusal } from '../../tasks/assumptions.ts'
import { unusable } from './unusable-file.ts'

const readObject = async (dir: string, name: string): Promise<TaskFiles['config']> =>
  ((await readJson(dir, name)) ?? {}) as TaskFiles['config']

/**
 * Looks for what a folder leaves open, as a server does at its start.
 * @param strict whether that is refused
 * @returns sentences without a full stop
 * @throws ImportError ModelIncomplete
 */
export const checkAssumptions = async (
  dir: string,
  task: Task,
  strict: boolean,
): Promise<readonly string[]> => {
  const [config, preprocessorConfig] = await Promise.all([
    readObject(dir, 'config.json'),
    readObject(dir, 'preprocessor_config.json'),
  ])
  let assumptions: readonly string[]
  try {
    assumptions = await assumptionsOf(task, { dir, config, preprocessorConfig })
  } catch (error) {
    const { message } = error as Error
    throw unusable(error instanceof StartError ? error : new StartError(message, 1, { cause: error }), dir)
  }
  if (strict && assumptions.length > 0) throw new ImportError('ModelIncomplete', strictRefusal(assumptions))
  return assumptions
}
