/** The four ways in which registries hold models, and which layers make which files of the model's folder. */
import { ImportError } from '../../failures/import-error.ts'
import { quotedList, quotedText } from '../../failures/shown-text.ts'
import type { Descriptor, Manifest } from './manifest.ts'
import {
  emptyType,
  isArchiveType,
  isDockerModel,
  isEncrypted,
  isForeign,
  isImageConfig,
  isImageLayer,
  isModelPack,
  modelPackLayer,
  otherThanModel,
} from './media-types.ts'

/** One layer of an artifact: a file, or an archive of some. */
export interface LayerFile {
  /** Path in the manifest, which is checked before it is used. An archive is only called by it in messages. */
  readonly path: string
  readonly form: 'file' | 'payload'
  readonly layer: Descriptor
}

export type Shape =
  | { readonly kind: 'files'; readonly files: readonly LayerFile[] }
  /** An image whose folder /models is the model; the layers from the lowest to the uppermost. */
  | { readonly kind: 'image'; readonly layers: readonly Descriptor[] }

const refuse = (problem: string, detail?: string): ImportError =>
  new ImportError('SourceUnsupported', problem, 'never', { detail })

const titleAnnotation = 'org.opencontainers.image.title'
const pathAnnotations = ['org.cncf.model.filepath', 'org.cnai.model.filepath', titleAnnotation] as const
/** ORAS sets it on a folder, which it packs as one layer. */
const unpackAnnotation = 'io.deis.oras.content.unpack'

const pathOf = ({ annotations }: Descriptor): string | undefined =>
  pathAnnotations.map((name) => annotations.get(name)).find((path) => path !== undefined && path !== '')

const fileOf = (layer: Descriptor, isArchive: boolean): LayerFile => {
  const path = pathOf(layer)
  if (isArchive) return { path: path ?? `layer ${layer.digest.slice(0, 19)}`, form: 'payload', layer }
  if (path !== undefined) return { path, form: 'file', layer }
  throw refuse(
    'a layer of the artifact has no name; push it with a client that annotates layers with file names, such as modctl or oras',
    `its media type is ${quotedText(layer.mediaType)}`,
  )
}

/** Data sets and code of a ModelPack are not needed to serve it, and may be large. */
const modelPackFiles = (layers: readonly Descriptor[]): readonly LayerFile[] =>
  layers.flatMap((layer) => {
    const [, content = '', packing = ''] = modelPackLayer.exec(layer.mediaType) ?? []
    if (content === '')
      throw refuse(
        'a layer of the ModelPack has a media type that the specification does not know; pack the model again with a current modctl',
        `it is ${quotedText(layer.mediaType)}`,
      )
    return content === 'dataset' || content === 'code' ? [] : [fileOf(layer, packing.startsWith('tar'))]
  })

const dockerFiles = (layers: readonly Descriptor[]): readonly LayerFile[] =>
  layers.map((layer) => fileOf(layer, isArchiveType(layer.mediaType)))

/** A title alone decides what a layer of ORAS is called; layers without one are not files. One file that is alone may be an archive. */
const titledFiles = (layers: readonly Descriptor[]): readonly LayerFile[] => {
  const titled = layers.filter(({ annotations }) => annotations.has(titleAnnotation))
  return titled.map((layer) =>
    fileOf(layer, titled.length === 1 || layer.annotations.get(unpackAnnotation) === 'true'),
  )
}

const checkLayers = (layers: readonly Descriptor[]): void => {
  if (layers.some(({ mediaType }) => isEncrypted(mediaType)))
    throw refuse(
      'a layer of the artifact is encrypted, and imports have no key for it; push the model without encryption of layers',
    )
  if (layers.some(({ mediaType }) => isForeign(mediaType)))
    throw refuse(
      'a layer of the artifact is kept outside of the registry; push the model with all its layers',
    )
}

const formatOf = (files: readonly LayerFile[]): string | undefined => {
  const has = (pattern: RegExp): boolean =>
    files.some(({ path, layer }) => pattern.test(path) || pattern.test(layer.mediaType))
  if (has(/gguf/i)) return 'GGUF'
  if (has(/safetensors/i)) return 'safetensors'
  return undefined
}

/** Names are known before a byte is downloaded, except in archives. */
const checkGraph = (files: readonly LayerFile[], isExport: boolean): void => {
  if (isExport || files.some(({ path, form }) => form === 'payload' || path.endsWith('.onnx'))) return
  const format = formatOf(files)
  throw refuse(
    format === undefined
      ? 'the artifact has no .onnx file; push the graph too'
      : `the artifact has weights as ${format} and no .onnx file; export the model to ONNX and push that, or let spec.optimize.export make the graph`,
    `its files are ${quotedList(files.map(({ path }) => path))}`,
  )
}

const filesOf = ({ config, artifactType }: Manifest, layers: readonly Descriptor[]): readonly LayerFile[] => {
  if (isModelPack(config.mediaType) || isModelPack(artifactType)) return modelPackFiles(layers)
  if (isDockerModel(config.mediaType)) {
    // Version 0.1 gives its files no names: it is a list of weights for llama.cpp.
    if (layers.some((layer) => pathOf(layer) !== undefined)) return dockerFiles(layers)
    throw refuse(
      `the artifact is a Docker model ${formatOf(dockerLayers(layers)) === 'GGUF' ? 'of GGUF weights' : 'without file names'}; push the ONNX files as ModelPack or with ORAS`,
    )
  }
  return titledFiles(layers)
}

const dockerLayers = (layers: readonly Descriptor[]): readonly LayerFile[] =>
  layers.map((layer) => ({ path: '', form: 'file', layer }))

const isImage = ({ config }: Manifest, layers: readonly Descriptor[]): boolean =>
  isImageConfig(config.mediaType) &&
  layers.every(({ mediaType, annotations }) => isImageLayer(mediaType) && !annotations.has(titleAnnotation))

/**
 * @param isExport whether another library's model is wanted, not a graph
 * @throws ImportError SourceUnsupported for what is no model
 */
export const shapeOf = (manifest: Manifest, isExport: boolean): Shape => {
  const layers = manifest.layers.filter(({ mediaType }) => mediaType !== emptyType)
  const types = [
    manifest.artifactType,
    manifest.config.mediaType,
    ...layers.map(({ mediaType }) => mediaType),
  ]
  const other = otherThanModel(types)
  if (other !== undefined)
    throw refuse(
      `the artifact is ${other}; give a tag or digest of a model: ModelPack, files pushed with ORAS, or an image with the folder /models`,
    )
  checkLayers(layers)
  if (layers.length > 0 && isImage(manifest, layers)) return { kind: 'image', layers }
  const files = filesOf(manifest, layers)
  if (files.length === 0)
    throw refuse(
      'the artifact has no layer that is a file of a model; push ModelPack, files with ORAS, or an image with the folder /models',
      `its media types are ${quotedList([...new Set(types.filter((type) => type !== ''))])}`,
    )
  checkGraph(files, isExport)
  return { kind: 'files', files }
}
