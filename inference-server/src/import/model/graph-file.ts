/** Which file of a folder is the model: the one place that decides it, for `import` and for `serve`. */
import type { Task } from '@gantry/contract/server.ts'
import { ImportError } from '../../failures/import-error.ts'
import { quotedList, quotedText } from '../../failures/shown-text.ts'
import { insidePath } from '../sources/entry-path.ts'

/** Paths relative to the model's folder. */
export interface GraphFiles {
  readonly graph: string
  /** Path of the encoder, where the graph is a decoder with cross-attention. */
  readonly encoder?: string
}

export interface GraphWish {
  /** undefined where the task is not known yet. */
  readonly task: Task | undefined
  /** The file that the user chose; relative to the model's folder. */
  readonly file: string | undefined
}

/** How users choose a file, for messages. */
const howToChoose = '--file, on a cluster spec.model.source.file'

/** Names that win where several graphs are there, the first of them first. */
const usualPaths = ['model.onnx', 'onnx/model.onnx'] as const
const folders = ['', 'onnx/'] as const

/** A decoder with its two graphs merged, as optimum writes it, and with what a quantizer appends to its name. */
const mergedDecoder = /^(.*\/)?decoder_model_merged(.*)\.onnx$/
const splitDecoder = /(^|\/)decoder(_with_past)?_model[^/]*\.onnx$/

/**
 * @param paths files of the folder, relative to it
 * @throws ImportError ModelIncomplete, which says what is there and how to choose; UnsafePath for a choice that leaves the folder
 */
export const chooseGraph = (paths: readonly string[], { task, file }: GraphWish): GraphFiles => {
  const graphs = paths.filter((path) => path.endsWith('.onnx')).sort()
  const chosen = file === undefined ? undefined : chosenFile(file, paths)
  if (task === 'translation' || task === 'image-to-text') return choosePair(graphs, task, chosen)
  if (chosen !== undefined) return { graph: chosen }
  const usual = usualPaths.find((path) => paths.includes(path))
  if (usual !== undefined) return { graph: usual }
  const candidates = graphs.filter((path) => !path.includes('/') || path.startsWith('onnx/'))
  const [only] = candidates
  if (candidates.length === 1 && only !== undefined) return { graph: only }
  throw candidates.length > 1 ? several(candidates) : none(graphs, paths)
}

/** @param there files of the folder that the sentence speaks of, for the log */
const incomplete = (message: string, there: readonly string[] = []): ImportError =>
  new ImportError('ModelIncomplete', message, 'never', {
    detail: there.length > 0 ? `there: ${quotedList(there)}` : undefined,
  })

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
const countOf = (graphs: readonly string[]): string => counted(graphs.length, '.onnx file')

const chosenFile = (file: string, paths: readonly string[]): string => {
  const path = insidePath(file, 'the chosen file')
  if (paths.includes(path)) return path
  const graphs = paths.filter((one) => one.endsWith('.onnx'))
  throw incomplete(
    `there is no ${quotedText(path)}; the folder has ${countOf(graphs)}`,
    graphs.length > 0 ? graphs : paths,
  )
}

const several = (graphs: readonly string[]): ImportError => {
  const found = `${countOf(graphs)} are there`
  if (graphs.some((path) => encoderOf(path, graphs) !== undefined))
    return incomplete(
      `${found}, an encoder and its decoder; their task is translation or image-to-text, other tasks take one graph: choose it with ${howToChoose}`,
      graphs,
    )
  if (graphs.every((path) => splitDecoder.test(path)))
    return incomplete(
      `${found}, a decoder in parts; a decoder is served as one graph, model.onnx or decoder_model_merged.onnx, which optimum-cli export onnx writes without --no-post-process`,
      graphs,
    )
  return incomplete(`${found}; choose one with ${howToChoose}, or call it model.onnx`, graphs)
}

const none = (graphs: readonly string[], paths: readonly string[]): ImportError => {
  if (graphs.length > 0)
    return incomplete(
      `neither the folder nor its onnx/ has a graph, but other folders have ${countOf(graphs)}; choose one with ${howToChoose}`,
      graphs,
    )
  const others = paths.length > 0 ? `, but ${counted(paths.length, 'other file')}` : ', nor any other'
  return incomplete(`there is no .onnx file${others}; export the model to ONNX and call it model.onnx`, paths)
}

/** The encoder that belongs to a merged decoder; undefined for other graphs, and where it is missing. */
const encoderOf = (decoder: string, graphs: readonly string[]): string | undefined => {
  const match = mergedDecoder.exec(decoder)
  if (!match) return undefined
  const [, folder = '', suffix = ''] = match
  const names = [`${folder}encoder_model${suffix}.onnx`, `${folder}encoder_model.onnx`]
  return names.find((name) => graphs.includes(name))
}

const choosePair = (graphs: readonly string[], task: Task, chosen: string | undefined): GraphFiles => {
  const decoder = chosen ?? usualDecoder(graphs)
  if (decoder === undefined || !mergedDecoder.test(decoder)) throw noDecoder(graphs, task, chosen)
  const encoder = encoderOf(decoder, graphs)
  if (encoder !== undefined) return { graph: decoder, encoder }
  throw incomplete(`encoder_model.onnx is missing, which ${task} needs; ${exportPair}`, graphs)
}

const exportPair = 'export the model with optimum-cli export onnx and give all that it writes'

/** The merged decoder without a suffix, or the only one. */
const usualDecoder = (graphs: readonly string[]): string | undefined => {
  const exact = folders
    .map((folder) => `${folder}decoder_model_merged.onnx`)
    .find((path) => graphs.includes(path))
  if (exact !== undefined) return exact
  const merged = graphs.filter((path) => mergedDecoder.test(path))
  if (merged.length > 1)
    throw incomplete(`${merged.length} merged decoders are there; choose one with ${howToChoose}`, merged)
  return merged[0]
}

const noDecoder = (graphs: readonly string[], task: Task, chosen: string | undefined): ImportError => {
  if (chosen !== undefined)
    return incomplete(
      `the chosen file is no merged decoder, which ${task} needs; choose decoder_model_merged.onnx or a quantized one of it`,
      graphs,
    )
  const missing = `decoder_model_merged.onnx is missing, which ${task} needs`
  return graphs.some((path) => splitDecoder.test(path))
    ? incomplete(
        `${missing}; the folder has the decoder in parts: optimum-cli export onnx merges them without --no-post-process`,
        graphs,
      )
    : incomplete(`${missing}; ${exportPair}`, graphs)
}
