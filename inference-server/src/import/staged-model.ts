/** Makes a staged folder what the server reads: one model, with the parts changed that cannot be taken as they are. */
import { dirname, posix } from 'node:path'
import { metadataFile, type VersionMetadata } from '@gantry/contract/versions.ts'
import { type OnnxSummary, readOnnx } from '../onnx/onnx-file.ts'
import { insideTop } from './folder-listing.ts'
import type { GraphFiles, GraphWish } from './model/graph-file.ts'
import { checkFolder } from './model/model-check.ts'
import { checkReadable } from './model/readable.ts'
import type { StagedFile } from './staged-file.ts'
import type { Staging } from './staging.ts'

export interface StagedModel {
  /** Summary of the graph in the source. */
  readonly summary: OnnxSummary
  readonly changes: Pick<VersionMetadata, 'file' | 'changed'>
  /** Paths of the graphs that a server opens, relative to the folder. */
  readonly graphs: readonly string[]
}

/**
 * @param layout of a source: a folder around all files goes; of a version: its paths are those of its parent
 * @throws ImportError as `checkFolder`
 */
export const stageModel = async (
  staging: Staging,
  asked: GraphWish,
  layout: 'source' | 'version' = 'source',
): Promise<StagedModel> => {
  const top = layout === 'source' ? await staging.hoist('onnx') : undefined
  // The version gets a metadata.json of its own, and its digest may name no file that is not there.
  await staging.remove(
    pathsOf(staging).filter((path) => path === metadataFile || path.startsWith(`${metadataFile}/`)),
  )
  // Paths in an archive begin with the top folder that staging has removed.
  const wish = asked.file === undefined ? asked : { ...asked, file: insideTop(asked.file, top) }
  const { files, summary, rewritten } = await checkFolder(staging.dir, pathsOf(staging), wish)
  if (wish.task) await checkReadable(staging.dir, wish.task)
  if (wish.file !== undefined) await staging.remove(unchosen(staging, files))
  const changed: string[] = []
  if (rewritten) {
    await staging.replace(files.graph, rewritten.chunks(), rewritten.sizeBytes)
    const outputs = [...rewritten.classes.keys()].join(', ')
    changed.push(`ZipMap was taken off ${outputs} of ${files.graph}, so that probabilities are a tensor`)
  }
  const file = await renamed(staging, files)
  if (file !== files.graph) changed.push(`${files.graph} is called ${file}`)
  return {
    summary,
    graphs: files.encoder === undefined ? [file] : [file, files.encoder],
    changes: {
      ...(wish.file !== undefined && { file }),
      ...(changed.length > 0 && { changed }),
    },
  }
}

/**
 * Gives the graph the name that is looked for first. It stays in its folder, where its weights are.
 * @returns its path now
 */
const renamed = async (staging: Staging, { graph, encoder }: GraphFiles): Promise<string> => {
  const folder = posix.dirname(graph)
  const usual = posix.join(folder, 'model.onnx')
  const isElsewhere = folder !== '.' && folder !== 'onnx'
  if (encoder !== undefined || isElsewhere || pathsOf(staging).includes(usual)) return graph
  await staging.move(graph, usual)
  return usual
}

const pathsOf = (staging: Staging): readonly string[] => staging.files().map(({ path }) => path)

/** Other graphs, and the weights that only they have: they would take room on the volume and in the memory that pods ask for. */
const unchosen = (staging: Staging, { graph, encoder }: GraphFiles): readonly string[] => {
  const paths = pathsOf(staging)
  const kept = encoder === undefined ? [graph] : [graph, encoder]
  const others = paths.filter((path) => path.endsWith('.onnx') && !kept.includes(path))
  const needed = new Set(kept.flatMap((path) => weightsOf(staging.dir, path)))
  const left = new Set(others.flatMap((path) => weightsOf(staging.dir, path)))
  return [...others, ...paths.filter((path) => left.has(path) && !needed.has(path) && !kept.includes(path))]
}

/** A graph and the files of its weights, among the files of a folder. @param dir absolute */
export const partsOf = (dir: string, files: readonly StagedFile[], graph: string): readonly StagedFile[] => {
  const paths = new Set([graph, ...weightsOf(dir, graph)])
  return files.filter(({ path }) => paths.has(path))
}

/**
 * Files that a graph keeps its weights in, relative to the version. An unchosen graph may be broken: then no weights are known.
 * @param path of the graph, relative to `dir`
 */
export const weightsOf = (dir: string, path: string): readonly string[] => {
  try {
    const { external } = readOnnx(posix.join(dir, path))
    return external.map(({ location }) => posix.join(dirname(path), location))
  } catch {
    return []
  }
}
