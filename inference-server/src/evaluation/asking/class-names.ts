import { readConfig } from '../../models/config-files.ts'
import { readLabels } from '../../tasks/labels.ts'

/**
 * Names of a model's classes in output order: as the tasks read them.
 * @returns undefined where neither the candidate nor its folder names them
 */
export const classesOf = async (
  dir: string,
  labels: readonly string[] | undefined,
): Promise<readonly string[] | undefined> => {
  const config = await readConfig(dir, 'config.json')
  return readLabels({ dir, config, preprocessorConfig: {}, ...(labels && { labels }) })
}
