/** Which files of a repository a served model needs: its graph, and what the tasks read beside it. */
import type { Task } from '@gantry/contract/server.ts'
import { ImportError } from '../failures/import-error.ts'
import { quotedList } from '../failures/shown-text.ts'
import { nothingToExport } from './export-input.ts'
import type { Selecting, Selection } from './hf/folder.ts'
import { chooseGraph } from './model/graph-file.ts'
import { weightsOf } from './staged-model.ts'

export interface SelectionWish {
  readonly task: Task | undefined
  /** The file that the user chose; relative to the folder. */
  readonly file: string | undefined
  /** Whether spec asks for an export: weights are taken instead of graphs. */
  readonly export: boolean
  /** Whether every file comes, as a signature over all of them needs it. */
  readonly whole: boolean
}

/**
 * What the server, the exporter or a sentence about what is missing reads: configurations, the tokenizer in each of its forms, labels, templates,
 * and the modules of sentence-transformers.
 */
const besideTheGraph = [
  /^(config|generation_config|preprocessor_config|processor_config|video_preprocessor_config|labels|responses)\.json$/,
  /^(tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab)\.json$/,
  /^(vocab|merges)\.txt$/,
  /^[\w.-]+\.(model|spm)$/,
  /^chat_template\.(jinja|json)$/,
  /^(modules|sentence_bert_config|config_sentence_transformers)\.json$/,
  /^\d+_\w+\/(config\.json|model\.safetensors)$/,
]

/** Names that weights of a graph have when common exporters write them: `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data`. */
const isDataOf = (graph: string, path: string): boolean =>
  path.startsWith(graph) && /^[._]data(_\d+)?$/.test(path.slice(graph.length))

/** Weights that an exporter reads; none of them can run code when it is read. */
const isWeights = (path: string): boolean =>
  /^[^/]+\.(safetensors|skops|ubj|cbm|pt2)$/i.test(path) ||
  ['model.safetensors.index.json', 'model.json', 'model.txt'].includes(path)

const isPickle = (path: string): boolean => /\.(bin|pt|pth|ckpt|pkl|pickle|joblib)$/i.test(path)

const beside = (paths: readonly string[]): readonly string[] =>
  paths.filter((path) => besideTheGraph.some((pattern) => pattern.test(path)))

/**
 * @param paths files of the repository, relative to the folder that the address names
 * @throws ImportError ModelIncomplete, which says what is there and what to do
 */
export const selectFiles = (paths: readonly string[], wish: SelectionWish): Selection => {
  if (wish.whole) return { paths, graphs: [] }
  if (wish.export) return { paths: exportInputs(paths, wish.file), graphs: [] }
  if (!paths.some((path) => path.endsWith('.onnx'))) throw withoutGraph(paths)
  const { graph, encoder } = chooseGraph(paths, wish)
  const graphs = encoder === undefined ? [graph] : [graph, encoder]
  const data = paths.filter((path) => graphs.some((one) => isDataOf(one, path)))
  return { paths: [...new Set([...beside(paths), ...graphs, ...data])], graphs }
}

const exportInputs = (paths: readonly string[], file: string | undefined): readonly string[] => {
  if (file !== undefined && !paths.includes(file))
    throw incomplete('the repository has no such file as spec.model.source.file (--file) names', paths)
  const weights = file === undefined ? paths.filter(isWeights) : [file]
  if (weights.some(isPickle) || weights.length === 0)
    throw nothingToExport(weights.length > 0 ? weights : paths)
  return [...new Set([...beside(paths), ...weights])]
}

const incomplete = (message: string, there: readonly string[]): ImportError =>
  new ImportError('ModelIncomplete', message, 'never', { detail: `there: ${quotedList(there)}` })

/** What a repository without a graph has instead decides what its user can do. */
const withoutGraph = (paths: readonly string[]): ImportError => {
  if (paths.some((path) => path.endsWith('.safetensors')))
    return incomplete(
      'the repository has no ONNX graph, but weights in safetensors; set spec.optimize.export: {} and a graph is made of them, or give a repository or revision with a .onnx file',
      paths,
    )
  if (paths.some(isPickle))
    return incomplete(
      'the repository has no ONNX graph, but weights in a form that can run code when it is read, which is never done; give a revision with safetensors (refs/pr/N where the hub has converted them) and set spec.optimize.export: {}, or a repository with a .onnx file',
      paths,
    )
  if (paths.some((path) => path.toLowerCase().endsWith('.gguf')))
    return incomplete(
      'the repository has weights of llama.cpp (GGUF), which are neither served nor exported; give a repository with a .onnx file, or the one that these were made of with spec.optimize.export: {}',
      paths,
    )
  return incomplete(
    'the repository has neither a .onnx file nor weights that spec.optimize.export makes a graph of; check its name, its revision and the path in it',
    paths,
  )
}

/** Decides for a hub which files come. */
export const selectingFor = (wish: SelectionWish): Selecting => ({
  select: (paths) => selectFiles(paths, wish),
  dataOf: (dir, graph, paths) => weightsOf(dir, graph).filter((path) => paths.has(path)),
})
