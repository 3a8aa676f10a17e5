import { StartError } from '../failures/errors.ts'
import { readJson } from '../models/config-files.ts'
import type { TaskFiles } from '../models/model-files.ts'

/** Name of a class that the labels do not reach. */
const unknownLabel = '未知'

/** More classes than any classifier has: an index beyond it is a mistake, not a reason to fill memory. */
const maxClasses = 1_000_000

/**
 * Class names in output order: from the settings, else labels.json (`["a", "b"]` or `{"0": "a", "1": "b"}`), else
 * `id2label` of config.json.
 * @returns undefined where no file names the classes
 * @throws StartError when labels.json or id2label makes no sense
 */
export const readLabels = async ({
  dir,
  labels,
  config,
}: TaskFiles): Promise<readonly string[] | undefined> => {
  if (labels) return labels
  const file = await readJson(dir, 'labels.json')
  if (file !== undefined) return parseLabels('labels.json', file)
  const { id2label } = config
  return id2label === undefined ? undefined : parseLabels('id2label of config.json', id2label)
}

/**
 * Names for all classes of the model: 未知 beyond the list, LABEL_0, LABEL_1, … where there is no list.
 * @param classes length of the model's output row
 */
export const namesFor = (labels: readonly string[] | undefined, classes: number): readonly string[] =>
  Array.from({ length: classes }, (_, index) =>
    labels === undefined ? `LABEL_${index}` : (labels[index] ?? unknownLabel),
  )

/**
 * A name too few would gather several classes under 未知, one too many belongs to another model.
 * @param labels undefined where no file names the classes
 * @param output its name, for the sentence
 * @param classes its length; -1 where the graph leaves it open
 * @throws StartError
 */
export const checkLabels = (labels: readonly string[] | undefined, output: string, classes: number): void => {
  if (labels === undefined || classes <= 0 || labels.length === classes) return
  const names = labels.length === 1 ? '1 label is' : `${labels.length} labels are`
  throw new StartError(
    `${names} given, but output ${output} has ${classes}; give one for each class, in the model's order, in labels.json, id2label of config.json or the settings`,
  )
}

const parseLabels = (where: string, value: unknown): readonly string[] => {
  const names = Array.isArray(value) ? value : byIndex(value)
  if (names?.length && names.every((label) => typeof label === 'string' && label !== '')) return names
  throw new StartError(
    `${where} has to be a list of names such as ["a", "b"] or an object such as {"0": "a", "1": "b"}`,
  )
}

/** `{"1": "b", "0": "a"}` -> `["a", "b"]`; what lies between two indices is 未知. */
const byIndex = (value: unknown): unknown[] | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const named = new Map(Object.entries(value).map(([index, label]) => [Number(index), label]))
  const length = Math.max(...named.keys()) + 1
  const indices = [...named.keys()].every((index) => Number.isInteger(index) && index >= 0)
  if (!indices || length > maxClasses) return undefined
  return Array.from({ length }, (_, index) => named.get(index) ?? unknownLabel)
}
