/**
 * What goes before the measurement of a candidate with a recipe: `samples` fetches its source and writes what calibrates, and the optimizer
 * makes another folder of it. The optimizer, which reads a stranger's graph in Python, cannot change the source that it is compared with.
 */
import type { OptimizationRecipe, SamplesRequest } from '@gantry/contract/optimizing.ts'
import { mounts } from '@gantry/contract/server.ts'
import type { CaBundle } from '../pods/import-config.ts'
import { importNetwork } from '../pods/import-network.ts'
import { datasetUse, modelUse, reachSource, type Source } from '../pods/source.ts'
import { type GivenResources, largerOf } from '../runtime/quantities.ts'
import type { EvaluatingConfig } from './config.ts'
import { optimizationMount, optimizationVolumes, optimizeContainer, samplesContainer } from './optimizing.ts'

/** A recipe whose result is measured. */
export interface RecipeRun {
  readonly model: Source
  /** A task that writes has no data set here: inputs are generated then. */
  readonly samples: Omit<SamplesRequest, 'folder'>
  readonly recipe: OptimizationRecipe
  /** What each step aims at, in the unit of the metric. */
  readonly maxAccuracyDrop: number
}

export const scratchVolume = 'evaluation-scratch'
export const scratchMount = { name: scratchVolume, mountPath: mounts.scratch }
/** The folder of the source that a recipe begins from. */
export const sourceFolder = `${mounts.scratch}/source`
/** What the container that measures mounts, beside its own. */
export const madeMount = { ...optimizationMount, readOnly: true }

interface Shared {
  readonly dataset: Source
  readonly caBundle: CaBundle | undefined
  /** Those of the container that measures. */
  readonly resources: GivenResources | undefined
}

/** Both sources are reached by the container `samples`; the one that measures reaches the data set alone. */
export const recipeContainers = (
  { model, samples, recipe, maxAccuracyDrop }: RecipeRun,
  { dataset, caBundle, resources }: Shared,
  config: EvaluatingConfig,
) => {
  const hasSamples = samples.dataset !== undefined
  const used = [reachSource(model, modelUse), ...(hasSamples ? [reachSource(dataset, datasetUse)] : [])]
  const network = importNetwork(hasSamples ? [model, dataset] : [model], config, caBundle)
  const room = largerOf(config.evaluations.resources, resources)
  const source = {
    env: used.flatMap(({ env }) => env),
    volumeMounts: used.flatMap(({ volumeMounts }) => volumeMounts),
  }
  const request = { ...samples, folder: sourceFolder }
  return [
    samplesContainer({ request, source, network, volumeMounts: [scratchMount], resources: room }, config),
    optimizeContainer(
      {
        ...{ model: sourceFolder, recipe, maxAccuracyDrop },
        samplesOf: hasSamples ? 'spec.dataset' : undefined,
        ...{ resources: room, volumeMounts: [{ ...scratchMount, readOnly: true }] },
      },
      config,
    ),
  ]
}

/** Volumes beside those of the container that measures. */
export const recipeVolumes = (
  { model }: RecipeRun,
  { caBundle, dataset }: Pick<Shared, 'caBundle' | 'dataset'>,
  config: EvaluatingConfig,
): readonly object[] => {
  const own = importNetwork([model], config, caBundle).volumes
  const measuring = importNetwork([dataset], config, caBundle).volumes
  const { scratchSize } = config.evaluations
  return [
    ...optimizationVolumes({ made: scratchSize, samples: scratchSize }),
    ...reachSource(model, modelUse).volumes,
    ...(measuring.length > 0 ? [] : own), // one volume for both
  ]
}
