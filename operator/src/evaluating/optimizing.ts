/**
 * The init containers that make another folder of a model, one after the other: `samples` writes what the server would give the model for each
 * sample, and the optimizer writes the folder and its report. What the pod does with the folder is the matter of its main container.
 */
import { commands, optimizerArguments, requestArguments } from '@gantry/contract/commands.ts'
import {
  exportOptions,
  type OptimizationRecipe,
  recipeOptions,
  type SamplesRequest,
} from '@gantry/contract/optimizing.ts'
import { mounts } from '@gantry/contract/server.ts'
import { mebibytes, parseQuantity } from '@gantry/kube/quantity.ts'
import type { importNetwork } from '../pods/import-network.ts'
import { literal } from '../pods/literal.ts'
import { containerSecurity, environment, temporaryMount } from '../pods/pod.ts'
import type { reachSource } from '../pods/source.ts'
import type { Resources } from '../runtime/quantities.ts'
import type { EvaluatingConfig } from './config.ts'

const mebibyte = 2 ** 20
const madeVolume = 'optimization'
const samplesVolume = 'samples'
/** The folder that the optimizer writes. */
export const optimizationMount = { name: madeVolume, mountPath: mounts.optimization }
/** The optimizer reads the samples and changes none: they judge what it has made. */
const samplesMount = { name: samplesVolume, mountPath: mounts.samples }
export const readOnlySamples = { ...samplesMount, readOnly: true }
export const optimizationPaths = {
  samples: `${mounts.samples}/samples.safetensors`,
  folder: `${mounts.optimization}/model`,
  report: `${mounts.optimization}/report.json`,
} as const

/** Room on the disk of the node. */
interface Rooms {
  /** Room for what the optimizer writes. */
  readonly made: string
  /** Room for the data set, what it unpacks to, and the samples; undefined where there are none. */
  readonly samples: string | undefined
}

export const optimizationVolumes = ({ made, samples }: Rooms) => [
  { name: madeVolume, emptyDir: { sizeLimit: made } },
  ...(samples === undefined ? [] : [{ name: samplesVolume, emptyDir: { sizeLimit: samples } }]),
]

/** Temporary files of the optimizer's library, which writes a model anew several times; each is as large as the model. */
const temporaryCopies = 4
/** The new model is as large as the old one at most, but for graphs that have a weight twice when operators are merged. */
const madeCopies = 2
/** The log, and the report. */
const otherDisk = 1024 * mebibyte

/** Room for temporary files of the optimizer. @param sizeBytes of the model */
export const optimizerDisk = (sizeBytes: number): string =>
  mebibytes(256 * mebibyte + temporaryCopies * sizeBytes)

/** Room for what the optimizer writes. @param sizeBytes of the model */
export const madeDisk = (sizeBytes: number): string => mebibytes(256 * mebibyte + madeCopies * sizeBytes)

/** All volumes of the pod on the disk of its node. */
const diskLimit = (sizeBytes: number, samples: string): string =>
  mebibytes(
    otherDisk +
      [optimizerDisk(sizeBytes), madeDisk(sizeBytes), samples].reduce(
        (sum, size) => sum + (parseQuantity(size) ?? 0),
        0,
      ),
  )
/** What a node has to have: the new model, and two copies of it in temporary files. */
const diskRequest = (sizeBytes: number): string => mebibytes(256 * mebibyte + 3 * sizeBytes)

/** Python with its libraries, and copies of the graph: before, after, in the runtime, and in the protobuf library. */
const memoryLimit = (sizeBytes: number): string => mebibytes(1024 * mebibyte + 10 * sizeBytes)
const memoryRequest = (sizeBytes: number): string => mebibytes(512 * mebibyte + 3 * sizeBytes)

/**
 * Training needs PyTorch, the student with its gradients and means, and what a step keeps; it takes fewer samples where that is more. An
 * export needs the libraries, the model in its own one, the program and the graph that are made of it, and the graph in the runtime.
 */
const trainingLimit = (sizeBytes: number): string => mebibytes(4096 * mebibyte + 20 * sizeBytes)
const trainingRequest = (sizeBytes: number): string => mebibytes(1536 * mebibyte + 8 * sizeBytes)

/** Resources by the size of the model; the optimizer says what it needs where that is more. @param samples room for the samples */
export const optimizerResources = (
  sizeBytes: number,
  samples: string,
  { distill, export: exports }: OptimizationRecipe,
): Resources => {
  const hasLibraries = distill !== undefined || exports !== undefined
  const request = hasLibraries ? trainingRequest(sizeBytes) : memoryRequest(sizeBytes)
  const limit = hasLibraries ? trainingLimit(sizeBytes) : memoryLimit(sizeBytes)
  return {
    requests: { cpu: '1', memory: request, 'ephemeral-storage': diskRequest(sizeBytes) },
    limits: { memory: limit, 'ephemeral-storage': diskLimit(sizeBytes, samples) },
  }
}

/** What the pod needs of the samples. */
export interface SamplesRun {
  readonly request: SamplesRequest
  readonly source: Pick<ReturnType<typeof reachSource>, 'env' | 'volumeMounts'>
  readonly network: ReturnType<typeof importNetwork>
  /** Mounts of the model. */
  readonly volumeMounts: readonly object[]
  readonly resources: Resources
}

export const samplesContainer = (
  { request, source, network, volumeMounts, resources }: SamplesRun,
  config: EvaluatingConfig,
) => ({
  name: 'samples',
  image: config.serverImage,
  imagePullPolicy: config.pullPolicy,
  args: [
    commands.samples,
    ...requestArguments({
      request: JSON.stringify(request),
      output: optimizationPaths.samples,
      report: mounts.terminationLog,
      models: mounts.samples,
      'allow-http-credentials': config.allowHttpCredentials,
      'refuse-private-addresses': !config.allowPrivateSources,
      'max-bytes': parseQuantity(config.evaluations.scratchSize),
      ...network.options,
    }),
  ].map(literal),
  env: [...environment, ...source.env, ...network.env],
  resources,
  terminationMessagePolicy: 'FallbackToLogsOnError',
  securityContext: containerSecurity,
  volumeMounts: [
    ...volumeMounts,
    samplesMount,
    temporaryMount,
    ...source.volumeMounts,
    ...network.volumeMounts,
  ],
})

/** One run of the optimizer. */
export interface OptimizerRun {
  /** Path of the folder that it begins from; of an export, that of the model, which may be a file. */
  readonly model: string
  readonly recipe: OptimizationRecipe
  /** Unit: that of the metric. */
  readonly maxAccuracyDrop: number
  /** The field that names the data of which a container before has written samples; undefined where there are none. */
  readonly samplesOf: string | undefined
  readonly resources: Resources
  /** Mounts of the model. */
  readonly volumeMounts: readonly object[]
}

export type OptimizerImages = Pick<EvaluatingConfig, 'optimizerImage' | 'trainerImage' | 'exporterImage'>

/** The image that takes the steps of a recipe: only training needs the one with PyTorch, and an export those of its formats. */
export const optimizingImage = (
  { distill, export: exports }: OptimizationRecipe,
  { optimizerImage, trainerImage, exporterImage }: OptimizerImages,
): string | undefined => {
  if (exports) return exporterImage
  return distill ? trainerImage : optimizerImage
}

/** What the optimizer aims at is a share of answers; limits of errors may be larger. */
export const aimOf = (maxAccuracyDrop: number): number => Math.min(1, maxAccuracyDrop)

const optimizerOptionsOf = ({ model, recipe, maxAccuracyDrop, samplesOf }: OptimizerRun) => ({
  model,
  output: optimizationPaths.folder,
  replace: true, // the kubelet may start the container twice
  ...recipeOptions(recipe),
  'max-accuracy-drop': aimOf(maxAccuracyDrop),
  'judge-later': true,
  dataset: samplesOf === undefined ? undefined : optimizationPaths.samples,
  'dataset-name': samplesOf,
  ...told,
})

/** Where a run tells how it ended. */
const told = { report: optimizationPaths.report, failure: mounts.terminationLog }

const exporterOptionsOf = ({ model, recipe }: OptimizerRun) => ({
  export: model,
  output: optimizationPaths.folder,
  replace: true,
  ...exportOptions(recipe),
  ...told,
})

export const optimizeContainer = (run: OptimizerRun, config: EvaluatingConfig) => ({
  name: run.recipe.export ? 'export' : 'optimize',
  image: optimizingImage(run.recipe, config),
  imagePullPolicy: config.pullPolicy,
  args: optimizerArguments(run.recipe.export ? exporterOptionsOf(run) : optimizerOptionsOf(run)).map(literal),
  env: [...environment],
  resources: run.resources,
  terminationMessagePolicy: 'FallbackToLogsOnError',
  securityContext: containerSecurity,
  volumeMounts: [
    ...run.volumeMounts,
    ...(run.samplesOf === undefined ? [] : [readOnlySamples]),
    optimizationMount,
    temporaryMount,
  ],
})
