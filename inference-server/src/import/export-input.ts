/** Which file of a source is a model of another library, and of which one: what spec.optimize.export makes a graph of. */
import { join, posix } from 'node:path'
import type { ExportInput } from '@gantry/contract/optimizing.ts'
import { ImportError } from '../failures/import-error.ts'
import { quotedList, quotedText } from '../failures/shown-text.ts'
import { readModelFile } from '../sealing/model-file.ts'
import { insideTop } from './folder-listing.ts'
import { insidePath } from './sources/entry-path.ts'
import type { Staging } from './staging.ts'

type Format = ExportInput['format']

/** Names of files end so. Those of `clear` are used for nothing else. */
const clear: Readonly<Record<string, Format>> = {
  '.skops': 'scikit-learn',
  '.ubj': 'xgboost',
  '.cbm': 'catboost',
  '.pt2': 'pytorch',
}
const formats: Readonly<Record<string, Format>> = { ...clear, '.json': 'xgboost', '.txt': 'lightgbm' }
const endings = Object.keys(formats).join(', ')

/** Names of a model whose ending is used for other files, too. */
const plainNames = ['model.json', 'model.txt']

/** Where a folder of Hugging Face keeps its weights. */
const weightNames = ['model.safetensors', 'model.safetensors.index.json']

const endingOf = (path: string): string => posix.extname(path).toLowerCase()

/**
 * Name that a source of one file has on the volume; undefined where it is taken for a graph.
 * @param path of the file, or that of its address
 * @param isExported whether spec asks for an export
 */
export const inputName = (path: string, isExported: boolean): string | undefined => {
  const ending = endingOf(path.replace(/\.gz$/i, ''))
  if (ending in (isExported ? formats : clear)) return `model${ending}`
  return isExported ? 'model' : undefined
}

const incomplete = (message: string, paths: readonly string[] = []): ImportError =>
  new ImportError('ModelIncomplete', message, 'never', {
    detail: paths.length > 0 ? `there: ${quotedList(paths)}` : undefined,
  })

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a folder is one of Hugging Face: its configuration names a class. */
const isHuggingFace = async (dir: string, paths: readonly string[]): Promise<boolean> => {
  if (!paths.includes('config.json') || !weightNames.some((name) => paths.includes(name))) return false
  try {
    const config: unknown = JSON.parse((await readModelFile(join(dir, 'config.json'))).toString('utf8'))
    return isObject(config) && Array.isArray(config['architectures'])
  } catch {
    return false
  }
}

interface Found {
  readonly format: Format
  /** Absent where the whole folder is the model. */
  readonly path?: string
}

/** @param paths files of the folder, relative to it */
const found = async (dir: string, paths: readonly string[]): Promise<readonly Found[]> => {
  if (await isHuggingFace(dir, paths)) return [{ format: 'hugging-face' }]
  return paths.flatMap((path) => {
    const format = formats[endingOf(path)]
    const isModel = !path.includes('/') && (endingOf(path) in clear || plainNames.includes(path))
    return format && isModel ? [{ format, path }] : []
  })
}

const chosen = (file: string, paths: readonly string[]): Found => {
  const path = insidePath(file, 'the chosen file')
  if (!paths.includes(path)) throw incomplete(`there is no ${quotedText(path)}`, paths)
  const format = formats[endingOf(path)]
  if (format) return { format, path }
  throw incomplete(
    `${quotedText(path)} ends with none of ${endings}, of which spec.optimize.export makes graphs`,
  )
}

const isPickle = (path: string): boolean => /\.(pkl|pickle|joblib)$/i.test(path)
const isWeights = (path: string): boolean => /\.(safetensors|bin|pt|pth)$/i.test(path)

/** Why nothing can be exported, and what to do instead. */
export const nothingToExport = (paths: readonly string[]): ImportError => {
  if (paths.some(isPickle))
    return incomplete(
      'the source is a pickle, and reading one runs the code that it names; load it where you trust it, save it with skops.io.dump, or as its library saves models, and give that file',
      paths,
    )
  if (paths.some(isWeights))
    return incomplete(
      'the source has weights of PyTorch without a model: only a class says what they are, and no code of a source is run on a cluster; save the model with torch.export.save as .pt2, or as a folder of Hugging Face with config.json and model.safetensors',
      paths,
    )
  return incomplete(
    `the source has no model that spec.optimize.export makes a graph of: no file that ends with ${endings}, and no folder of Hugging Face`,
    paths,
  )
}

/** @throws ImportError where the folder has a graph, no model, or several */
const modelOf = async (dir: string, paths: readonly string[], file: string | undefined): Promise<Found> => {
  if (paths.some((path) => path.endsWith('.onnx')))
    throw incomplete(
      'the source has an ONNX graph already; remove spec.optimize.export, and it is served',
      paths,
    )
  if (file !== undefined) return chosen(file, paths)
  const [only, ...others] = await found(dir, paths)
  if (!only) throw nothingToExport(paths)
  if (others.length === 0) return only
  throw incomplete(
    `the source has ${others.length + 1} models of other libraries; choose one with --file, on a cluster spec.model.source.file`,
    paths,
  )
}

const pathsOf = (staging: Staging): readonly string[] => staging.files().map(({ path }) => path)

/**
 * Makes a staged source an input of exports: its model has a name that tells nothing, and lies in the folder itself.
 * @param file that the user chose
 * @throws ImportError ModelIncomplete, which says what is there instead
 */
export const stageInput = async (staging: Staging, file: string | undefined): Promise<ExportInput> => {
  const top = await staging.hoist('onnx')
  await staging.remove(pathsOf(staging).filter((path) => path === 'metadata.json'))
  const wish = file === undefined ? undefined : insideTop(file, top)
  const { format, path } = await modelOf(staging.dir, pathsOf(staging), wish)
  if (path === undefined) return { format }
  const name = `model${endingOf(path)}`
  if (path !== name) {
    await staging.remove(pathsOf(staging).filter((one) => one === name))
    await staging.move(path, name)
  }
  return { format, file: name }
}

/** @throws ImportError where a folder without a graph has a model that could be exported */
export const suggestExport = async (staging: Staging): Promise<void> => {
  const paths = pathsOf(staging)
  if (paths.some((path) => path.endsWith('.onnx'))) return
  const top = paths[0]?.split('/')[0] ?? ''
  const isInTop = paths.every((path) => path.startsWith(`${top}/`))
  const inside = isInTop ? paths.map((path) => insideTop(path, top)) : paths
  const [first] = await found(isInTop ? join(staging.dir, top) : staging.dir, inside)
  if (!first) return
  throw incomplete(
    `there is no .onnx file, but a model of ${first.format}; spec.optimize.export makes a graph of it on a cluster (export: {}), and npm run optimize -- --export in a checkout`,
    paths,
  )
}
