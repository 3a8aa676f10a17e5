/** Assumptions of a task about what its folder leaves open: named in the log and in the metadata, refused by --strict. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Task } from '@gantry/contract/server.ts'
import { readJson } from '../models/config-files.ts'
import type { TaskFiles } from '../models/model-files.ts'
import { readLabels } from './labels.ts'
import { imagenetMean, imagenetStd, usualEdge } from './picture/image-processor.ts'
import { readSentenceModules } from './sentence-modules.ts'
import { saysTokenLimit, tokenCeiling } from './text/tokenizer.ts'

type Assumed = (files: TaskFiles) => Promise<readonly string[]>

const isThere = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

const usualSize = `the size of the model, or ${usualEdge} x ${usualEdge}`
const values = `mean ${imagenetMean.join(', ')} and standard deviation ${imagenetStd.join(', ')} of ImageNet`

/** Members of preprocessor_config.json that change the numbers, the switch that makes one needless, and what stands for it. */
const pictureMembers = [
  ['size', 'do_resize', usualSize],
  ['resample', 'do_resize', 'bilinear'],
  ['image_mean', 'do_normalize', imagenetMean.join(', ')],
  ['image_std', 'do_normalize', imagenetStd.join(', ')],
] as const

const pictures: Assumed = async ({ dir, preprocessorConfig }) => {
  if (!(await isThere(join(dir, 'preprocessor_config.json'))))
    return [
      `preprocessor_config.json is missing: pictures get ${usualSize} where it takes any, bilinear, divided by 255, with ${values}`,
    ]
  return pictureMembers
    .filter(([member, how]) => preprocessorConfig[member] === undefined && preprocessorConfig[how] !== false)
    .map(([member, , taken]) => `preprocessor_config.json has no ${member}: ${taken}`)
}

const classes: Assumed = async (files) =>
  (await readLabels(files))
    ? []
    : ['neither labels.json nor id2label of config.json is there: classes are called LABEL_0, LABEL_1, …']

const length: Assumed = async ({ dir, config }) => {
  const settings = ((await readJson(dir, 'tokenizer_config.json')) ?? {}) as TaskFiles['config']
  return saysTokenLimit(config, settings)
    ? []
    : [
        `neither max_position_embeddings of config.json nor model_max_length of tokenizer_config.json is there: texts are cut at ${tokenCeiling} tokens`,
      ]
}

/** Settings of BERT's tokenizer that are assumed where it is made from vocab.txt. */
const letters: Assumed = async ({ dir }) => {
  const [json, settings] = await Promise.all([
    readJson(dir, 'tokenizer.json'),
    readJson(dir, 'tokenizer_config.json') as Promise<TaskFiles['config'] | undefined>,
  ])
  if (json !== undefined || settings?.['do_lower_case'] !== undefined) return []
  return (await isThere(join(dir, 'vocab.txt')))
    ? [
        'tokenizer.json is missing, and do_lower_case of tokenizer_config.json: texts are read in small letters, without accents',
      ]
    : []
}

const vectors: Assumed = async (files) => {
  const { assumptions, maxTokens } = await readSentenceModules(files)
  return [...assumptions, ...(maxTokens === undefined ? await length(files) : [])]
}

const assumed: Readonly<Partial<Record<Task, readonly Assumed[]>>> = {
  'text-classification': [classes, length],
  'token-classification': [classes, length],
  'image-classification': [classes, pictures],
  'zero-shot-image-classification': [pictures, length],
  'image-to-text': [pictures],
  'feature-extraction': [vectors],
  'question-answering': [length],
  'zero-shot-classification': [length],
  'fill-mask': [length],
}

/**
 * @returns sentences without a full stop: what is missing, and what is taken for it
 * @throws StartError when a file of the folder makes no sense
 */
export const assumptionsOf = async (task: Task, files: TaskFiles): Promise<readonly string[]> => {
  const looks = assumed[task] ?? []
  const found = await Promise.all(
    [...looks, ...(looks.length > 0 ? [letters] : [])].map((look) => look(files)),
  )
  return found.flat()
}

/** What --strict says about them. */
export const strictRefusal = (assumptions: readonly string[]): string =>
  `--strict allows no guesses, but ${assumptions.join('; ')}; put into the folder what is missing, or leave out --strict`
