import { open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Task } from '@gantry/contract/server.ts'
import { insidePath } from './entry-path.ts'
import { codeOf, ImportError, showBytes } from './failure.ts'
import { isLfsPointer, looksLike } from './looks-like.ts'
import { type ExternalData, type OnnxSummary, readOnnx } from './onnx-file.ts'
import type { Staging } from './staging.ts'

/** Where a folder may have its graph, the first that is there counts. */
const graphPaths = ['model.onnx', 'onnx/model.onnx'] as const
/** The graphs of a decoder that listens to an encoder, the one that writes first. */
const pairNames = ['decoder_model_merged.onnx', 'encoder_model.onnx'] as const

/**
 * Puts a staged folder into the layout that the server reads and checks that it is a model for the task.
 * @returns what the ONNX file says about itself
 * @throws ImportError NotOnnx, UnsafePath or ModelIncomplete
 */
export const checkModel = async (staging: Staging, task: Task): Promise<OnnxSummary> => {
  await staging.hoist('onnx')
  const isPair = task === 'translation' || task === 'image-to-text'
  const paths = isPair ? pairPaths(staging, task) : ([await graphPath(staging)] as const)
  const [summary] = await Promise.all(paths.map((path) => checkGraph(staging.dir, path)))
  await checkTaskFiles(staging.dir, task)
  return summary as OnnxSummary
}

const checkGraph = async (dir: string, path: string): Promise<OnnxSummary> => {
  const summary = readOnnx(join(dir, path))
  for (const data of summary.external) await checkExternal(dir, dirname(path), data)
  return summary
}

const pairPaths = (staging: Staging, task: Task): readonly string[] => {
  const paths = staging.files().map(({ path }) => path)
  const folder = ['', 'onnx/'].find((prefix) => pairNames.some((name) => paths.includes(prefix + name))) ?? ''
  const missing = pairNames.find((name) => !paths.includes(folder + name))
  if (missing === undefined) return pairNames.map((name) => folder + name)
  throw new ImportError(
    'ModelIncomplete',
    `${missing} is missing, which ${task} needs; export the model with optimum-cli export onnx and give all that it writes`,
  )
}

const graphPath = async (staging: Staging): Promise<string> => {
  const paths = staging.files().map(({ path }) => path)
  const known = graphPaths.find((path) => paths.includes(path))
  if (known) return known
  const graphs = paths.filter((path) => path.endsWith('.onnx'))
  const [only] = graphs
  if (graphs.length === 1 && only !== undefined && !only.includes('/')) {
    await staging.move(only, 'model.onnx')
    return 'model.onnx'
  }
  const found = (graphs.length > 0 ? graphs : paths).slice(0, 5).join(', ') || 'no files'
  throw new ImportError(
    'ModelIncomplete',
    `the source has neither model.onnx nor onnx/model.onnx, but ${found}; name the model file so`,
  )
}

/** @param folder of the model file, relative to the version; external data may not leave it */
const checkExternal = async (
  dir: string,
  folder: string,
  { location, offset, length }: ExternalData,
): Promise<void> => {
  const inside = insidePath(location, 'the external data location')
  const size = await fileSize(join(dir, folder, inside))
  if (inside === '' || size === undefined)
    throw new ImportError(
      'ModelIncomplete',
      `the model keeps weights in ${JSON.stringify(location)}, which the source does not have; put that file beside the model file, or pack both in one archive`,
    )
  if (offset + (length ?? 0) <= size) return
  const found = looksLike(await headOf(join(dir, folder, inside)))
  throw new ImportError(
    'ModelIncomplete',
    `the model needs ${showBytes(offset + (length ?? 0))} of weights in ${JSON.stringify(location)}, which has ${showBytes(size)}` +
      `${found ? ` and looks like ${found}` : '; upload it again'}`,
  )
}

const checkTaskFiles = async (dir: string, task: Task): Promise<void> => {
  switch (task) {
    case 'text-classification':
    case 'token-classification':
    case 'question-answering':
    case 'feature-extraction':
    case 'zero-shot-classification':
    case 'fill-mask':
    case 'text-generation':
    case 'code-generation':
    case 'translation':
      await requireTokenizer(dir, task)
      return
    case 'image-to-text':
    case 'zero-shot-image-classification':
      await requireTokenizer(dir, task)
      await checkJson(dir, 'preprocessor_config.json')
      return
    case 'image-classification':
      await checkJson(dir, 'preprocessor_config.json') // without it the server takes the model's size and ImageNet's values
      return
    case 'tensor':
      return
  }
}

const requireTokenizer = async (dir: string, task: Task): Promise<void> => {
  if (await checkJson(dir, 'tokenizer.json')) return
  throw new ImportError(
    'ModelIncomplete',
    `tokenizer.json is missing, which ${task} needs; save it beside the model (tokenizer.save_pretrained(folder) in Python)`,
  )
}

/** @returns false where there is no such file */
const checkJson = async (dir: string, name: string): Promise<boolean> => {
  const path = join(dir, name)
  if ((await fileSize(path)) === undefined) return false
  const head = await headOf(path)
  if (/^\s*\{/.test(head.toString('utf8'))) return true
  const found = isLfsPointer(head) ? looksLike(head) : undefined
  throw new ImportError(
    'ModelIncomplete',
    `${name} is no JSON object${found ? `, it looks like ${found}` : '; save it again'}`,
  )
}

const fileSize = async (path: string): Promise<number | undefined> => {
  try {
    const stats = await stat(path)
    return stats.isFile() ? stats.size : undefined
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}

const headOf = async (path: string): Promise<Buffer> => {
  const handle = await open(path, 'r')
  try {
    const head = Buffer.alloc(512)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    return head.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
