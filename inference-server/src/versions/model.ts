import { join } from 'node:path'
import { type Task, tasks } from '@gantry/contract/server.ts'
import { metadataFile } from '@gantry/contract/versions.ts'
import { StartError } from '../failures/errors.ts'
import { readConfig, readConfigs } from '../models/config-files.ts'
import type { ModelConfig, ModelFiles } from '../models/model-files.ts'
import { classNames } from '../onnx/class-names.ts'
import { modelFileSize } from '../sealing/model-file.ts'
import { checkModelFolder, openFolder } from './folder.ts'

/** What is asked for; the folder answers what is left open. */
export interface ModelRequest {
  readonly dir: string
  /** Folder of the keys that encrypted versions are opened with; undefined: there are none. */
  readonly encryptionKeys?: string | undefined
  /** The graph, relative to the folder. */
  readonly file: string | undefined
  readonly name: string
  readonly task: Task | undefined
  readonly version: string | undefined
  readonly labels: readonly string[] | undefined
  readonly responses: Readonly<Record<string, string>> | undefined
}

const isFile = async (path: string): Promise<boolean> => {
  try {
    return (await modelFileSize(path)) !== undefined
  } catch (error) {
    throw new StartError(`${path} cannot be read: ${(error as Error).message}`, 1, { cause: error })
  }
}

/** Architectures of Hugging Face models that one of our tasks fits. */
const taskOfArchitecture: readonly (readonly [RegExp, Task])[] = [
  [/ForSequenceClassification$/, 'text-classification'],
  [/ForTokenClassification$/, 'token-classification'],
  [/ForQuestionAnswering$/, 'question-answering'],
  [/ForMaskedLM$/, 'fill-mask'],
  [/(ForCausalLM|LMHeadModel)$/, 'text-generation'],
  [/^(Marian|T5|MT5).*(MTModel|ForConditionalGeneration)$/, 'translation'],
  [/^VisionEncoderDecoderModel$/, 'image-to-text'],
  [/ForImageClassification$/, 'image-classification'],
  [/^(CLIP|Siglip)Model$/, 'zero-shot-image-classification'],
]

/** Files that sentence-transformers writes beside a model: the model is meant for its vectors, for every architecture. */
const sentenceFiles = ['modules.json', '1_Pooling/config.json', 'sentence_bert_config.json'] as const

interface Guess {
  readonly task: Task
  /** Why it is served as tensors though config.json says what it is. */
  readonly hint?: string
}

const guessTask = async (dir: string, metadata: ModelConfig, config: ModelConfig): Promise<Guess> => {
  const recorded = tasks.find((task) => task === metadata['task'])
  if (recorded) return { task: recorded }
  const [architecture] = Array.isArray(config['architectures']) ? config['architectures'] : []
  const known = taskOfArchitecture.find(([pattern]) => pattern.test(String(architecture)))
  if (known) return { task: known[1] }
  const found = await Promise.all(sentenceFiles.map((file) => isFile(join(dir, file))))
  if (found.includes(true)) return { task: 'feature-extraction' }
  if (architecture === undefined) return { task: 'tensor' }
  const hint = `served as tensors: config.json says ${architecture}, which does not tell the task; give --task if it has one`
  return { task: 'tensor', hint }
}

/** The task that a folder's own files tell, whatever an import recorded; tensor where they tell none. @throws StartError */
export const taskOfFolder = async (dir: string): Promise<Task> =>
  (await guessTask(dir, {}, await readConfig(dir, 'config.json'))).task

const versionIn = ({ id }: ModelConfig): string => (typeof id === 'string' ? id : '1')

const chosenIn = ({ file }: ModelConfig): string | undefined => (typeof file === 'string' ? file : undefined)

/** The version that an import gave to a folder; 1 where none did. @throws StartError */
export const recordedVersion = async (dir: string): Promise<string> =>
  versionIn(await readConfig(dir, metadataFile))

/**
 * Reads everything in a model's folder but the weights, and checks it as an import does. What was not asked for comes from
 * metadata.json, which an import writes, and config.json.
 * @throws StartError naming the file that is broken
 */
export const readModel = async (asked: ModelRequest): Promise<ModelFiles> => {
  const { name, labels, responses } = asked
  const folder = await openFolder(asked.dir, asked.encryptionKeys)
  const { dir } = folder
  const [{ config, preprocessorConfig }, metadata] = await Promise.all([
    readConfigs(dir),
    readConfig(dir, metadataFile),
  ])
  const { task, hint }: Guess = asked.task ? { task: asked.task } : await guessTask(dir, metadata, config)
  const { files, summary, rewritten } = await checkModelFolder(folder, {
    task,
    file: asked.file ?? chosenIn(metadata),
  })
  const onnxPath = join(dir, files.graph)
  return {
    dir,
    name,
    task,
    ...(hint !== undefined && { taskHint: hint }),
    version: asked.version ?? versionIn(metadata),
    ...(labels && { labels }),
    ...(responses && { responses }),
    config,
    preprocessorConfig,
    onnxPath,
    ...(files.encoder !== undefined && { encoderPath: join(dir, files.encoder) }),
    graph: summary,
    classes: rewritten?.classes ?? classNames(onnxPath),
  }
}
