/**
 * The init containers that make another folder of a model, one after the other: `samples` writes what the server would give the model for each
 * sample, and the optimizer writes the folder and its report. What the pod does with the folder is the matter of its main container.
 */
import { commands, optimizerArguments, requestArguments } from '@gantry/contract/commands.ts'
import { type OptimizationRecipe, recipeOptions, type SamplesRequest } from '@gantry/contract/optimizing.ts'
import { mounts } from '@gantry/contract/server.ts'
import { mebibytes, parseQuantity } from '@gantry/kube/quantity.ts'
import type { importNetwork } from '../pods/import-network.ts'
import { literal } from '../pods/literal.ts'
import { containerSecurity, environment, temporaryMount } from '../pods/pod.ts'
import type { reachSource } from '../pods/source.ts'
import type { Resources } from '../runtime/quantities.ts'
import type { EvaluatingConfig } from './config.ts'

const mebibyte = 2 ** 20
const sharedVolume = 'optimization'
/** The folder that the containers hand to each other. */
export const optimizationMount = { name: sharedVolume, mountPath: mounts.optimization }
export const optimizationPaths = {
  samples: `${mounts.optimization}/samples.safetensors`,
  folder: `${mounts.optimization}/model`,
  report: `${mounts.optimization}/report.json`,
} as const

export const optimizationVolume = ({ evaluations }: Pick<EvaluatingConfig, 'evaluations'>) => ({
  name: sharedVolume,
  emptyDir: { sizeLimit: evaluations.scratchSize },
})

/** Temporary files of the optimizer's library, which writes a model anew several times; each is as large as the model. */
const temporaryCopies = 4

/** Room for temporary files of the optimizer. @param sizeBytes of the model */
export const optimizerDisk = (sizeBytes: number): string =>
  mebibytes(256 * mebibyte + temporaryCopies * sizeBytes)

/** Python with its libraries, and copies of the graph: before, after, in the runtime, and in the protobuf library. */
const memoryLimit = (sizeBytes: number): string => mebibytes(1024 * mebibyte + 10 * sizeBytes)
const memoryRequest = (sizeBytes: number): string => mebibytes(512 * mebibyte + 3 * sizeBytes)

/** By the size of the model; the optimizer says what it needs where that is more. */
export const optimizerResources = (sizeBytes: number): Resources => ({
  requests: { cpu: '1', memory: memoryRequest(sizeBytes), 'ephemeral-storage': '256Mi' },
  limits: { memory: memoryLimit(sizeBytes), 'ephemeral-storage': '12Gi' },
})

/** What the pod needs of the samples. */
export interface SamplesRun {
  readonly request: SamplesRequest
  readonly source: Pick<ReturnType<typeof reachSource>, 'env' | 'volumeMounts'>
  readonly network: ReturnType<typeof importNetwork>
  /** Where the model is. */
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
      models: mounts.optimization,
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
    optimizationMount,
    temporaryMount,
    ...source.volumeMounts,
    ...network.volumeMounts,
  ],
})

/** One run of the optimizer. */
export interface OptimizerRun {
  /** Path of the folder that it begins from. */
  readonly model: string
  readonly recipe: OptimizationRecipe
  /** In the unit of the metric. */
  readonly maxAccuracyDrop: number
  /** Whether a container before has written samples. */
  readonly hasSamples: boolean
  readonly resources: Resources
  /** Where the model is. */
  readonly volumeMounts: readonly object[]
}

export const optimizeContainer = (run: OptimizerRun, config: EvaluatingConfig) => ({
  name: 'optimize',
  image: config.optimizerImage,
  imagePullPolicy: config.pullPolicy,
  args: optimizerArguments({
    model: run.model,
    output: optimizationPaths.folder,
    replace: true, // the kubelet may start the container twice
    ...recipeOptions(run.recipe),
    'max-accuracy-drop': Math.min(1, run.maxAccuracyDrop), // a share; errors may have larger limits
    'judge-later': true,
    dataset: run.hasSamples ? optimizationPaths.samples : undefined,
    report: optimizationPaths.report,
    failure: mounts.terminationLog,
  }).map(literal),
  env: [...environment],
  resources: run.resources,
  terminationMessagePolicy: 'FallbackToLogsOnError',
  securityContext: containerSecurity,
  volumeMounts: [...run.volumeMounts, optimizationMount, temporaryMount],
})
