import { dirname, join } from 'node:path'
import type { Task } from '@gantry/contract/server.ts'
import { ImportError, showBytes } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { readJson } from '../../models/config-files.ts'
import { isLfsPointer, looksLike } from '../../onnx/looks-like.ts'
import { readDeeper } from '../../onnx/not-onnx.ts'
import { type ExternalData, type OnnxSummary, readOnnx } from '../../onnx/onnx-file.ts'
import { type Rewritten, withoutZipMap } from '../../onnx/without-zipmap.ts'
import { modelFileSize, openModelFile } from '../../sealing/model-file.ts'
import { missingTokenizer, tokenizerOfVocabulary } from '../../tasks/text/vocabulary-file.ts'
import { insidePath } from '../sources/entry-path.ts'
import { chooseGraph, type GraphFiles, type GraphWish } from './graph-file.ts'
import { checkSupported } from './supported.ts'
import { unusable } from './unusable-file.ts'

export interface CheckedModel {
  readonly files: GraphFiles
  /** Summary of the graph that answers. */
  readonly summary: OnnxSummary
  /** The graph that answers without its ZipMap, where it had one. */
  readonly rewritten: Rewritten | undefined
}

/**
 * What a folder has to be in order to be served: the same for `import` and for `serve`.
 * @param dir absolute
 * @param paths of its files, relative to it
 * @throws ImportError ModelIncomplete, ModelUnsupported, NotOnnx or UnsafePath
 */
export const checkFolder = async (
  dir: string,
  paths: readonly string[],
  wish: GraphWish,
): Promise<CheckedModel> => {
  const files = chooseGraph(paths, wish)
  const { summary, rewritten } = await checkGraph(dir, files.graph)
  if (files.encoder !== undefined) await checkGraph(dir, files.encoder)
  if (wish.task) await checkTaskFiles(dir, wish.task)
  return { files, summary, rewritten }
}

const checkGraph = async (dir: string, path: string): Promise<Omit<CheckedModel, 'files'>> => {
  const summary = readOnnx(join(dir, path))
  for (const data of summary.external) await checkExternal(dir, dirname(path), data)
  return readDeeper(() => {
    const rewritten = withoutZipMap(join(dir, path))
    checkSupported(join(dir, path), summary, new Set(rewritten?.classes.keys()))
    return { summary, rewritten }
  })
}

/** @param folder of the model file, relative to the version; external data may not leave it */
const checkExternal = async (
  dir: string,
  folder: string,
  { location, offset, length }: ExternalData,
): Promise<void> => {
  const inside = insidePath(location, 'an external data location')
  const detail = `the file of the weights is ${quotedText(location)}`
  const size = await modelFileSize(join(dir, folder, inside))
  if (inside === '' || size === undefined)
    throw new ImportError(
      'ModelIncomplete',
      'the model keeps weights in a file that is not there; put that file beside the model file, or pack both in one archive',
      'never',
      { detail },
    )
  if (offset + length <= size) return
  const found = looksLike(headOf(join(dir, folder, inside)))
  throw new ImportError(
    'ModelIncomplete',
    `the model needs ${showBytes(offset + length)} of weights in a file that has ${showBytes(size)}` +
      `${found ? ` and looks like ${found}` : '; upload it again'}`,
    'never',
    { detail },
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
  const settings = await readJson(dir, 'tokenizer_config.json').catch((error: unknown) => {
    throw unusable(error, dir)
  })
  if (await tokenizerOfVocabulary(dir, (settings ?? {}) as Readonly<Record<string, unknown>>)) return
  throw new ImportError('ModelIncomplete', (await missingTokenizer(dir, task)).message)
}

/** @returns false where there is no such file */
const checkJson = async (dir: string, name: string): Promise<boolean> => {
  const path = join(dir, name)
  if ((await modelFileSize(path)) === undefined) return false
  const head = headOf(path)
  if (/^\s*\{/.test(head.toString('utf8'))) return true
  const found = isLfsPointer(head) ? looksLike(head) : undefined
  throw new ImportError(
    'ModelIncomplete',
    `${name} is no JSON object${found ? `, it looks like ${found}` : '; save it again'}`,
  )
}

const headOf = (path: string): Buffer => {
  const file = openModelFile(path)
  try {
    const head = Buffer.alloc(512)
    return head.subarray(0, file.read(head, head.length, 0))
  } finally {
    file.close()
  }
}
