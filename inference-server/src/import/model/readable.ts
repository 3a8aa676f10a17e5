/** Reads what the server reads beside the graph, so that what it would refuse is not imported. */
import type { Task } from '@gantry/contract/server.ts'
import { readConfigs } from '../../models/config-files.ts'
import { readTokenizer } from '../../tasks/text/tokenizer-file.ts'
import { unusable } from './unusable-file.ts'

/**
 * @param dir absolute; its files have been checked for the task
 * @throws ImportError ModelIncomplete that names the file
 */
export const checkReadable = async (dir: string, task: Task): Promise<void> => {
  const ending = new AbortController()
  try {
    await readConfigs(dir)
    if (task !== 'tensor' && task !== 'image-classification')
      await readTokenizer({ dir, signal: ending.signal })
  } catch (error) {
    throw unusable(error, dir)
  } finally {
    ending.abort()
  }
}
