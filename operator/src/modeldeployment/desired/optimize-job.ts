/**
 * The Job that makes another version of one that is on the volume. Three containers run one after the other: `samples` writes what the server
 * would give the model for each sample, the optimizer writes a folder, and `import --commit` checks it and makes it a version. Only the last one
 * may write to the volume: what reads a stranger's graph in Python can change no other version.
 */
import { components } from '@gantry/contract/labels.ts'
import type { SamplesRequest } from '@gantry/contract/optimizing.ts'
import { mounts } from '@gantry/contract/server.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import { Job } from '@gantry/kube/resources.ts'
import {
  madeDisk,
  type OptimizerRun,
  optimizationVolumes,
  optimizeContainer,
  optimizerDisk,
  optimizerResources,
  type SamplesRun,
  samplesContainer,
} from '../../evaluating/optimizing.ts'
import { requestedDataset } from '../../evaluating/request.ts'
import { attemptAnnotations } from '../../jobs/attempt.ts'
import type { CaBundle } from '../../pods/import-config.ts'
import { caFile, importNetwork } from '../../pods/import-network.ts'
import { temporaryVolume } from '../../pods/pod.ts'
import { datasetUse, reachSource } from '../../pods/source.ts'
import { type Resources, withDefaults } from '../../runtime/quantities.ts'
import type { ReconcileConfig } from '../config.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import {
  type Calibration,
  calibrationOf,
  maxAccuracyDropOf,
  type Optimize,
  recipeFor,
} from '../optimization/recipe.ts'
import { longestOptimizationOf } from '../optimization/record.ts'
import { commitContainer } from './commit-container.ts'
import { historyArguments } from './import-job.ts'
import { allLabels, annotations, identity } from './metadata.ts'
import { modelPodBasics, modelsMount, modelsVolume } from './pod.ts'

/** A version to make. */
export interface Optimization {
  readonly parent: Version
  readonly revision: string
}

const graceSeconds = 30

const readOnlyModels = { ...modelsMount, readOnly: true }

const caBundleOf = ({ spec }: ModelDeployment): CaBundle | undefined => {
  const own = spec.storage?.import?.caBundle
  return own && { configMap: own.configMapRef.name, key: own.key ?? caFile }
}

type Network = ReturnType<typeof importNetwork>

/** What the pod needs of the data. */
interface Samples {
  readonly calibration: Calibration
  readonly source: ReturnType<typeof reachSource>
  readonly network: Network
}

/** @returns undefined where inputs are generated: only a graph says what an input is, and the parent of an export has none */
const samplesOf = (
  model: ModelDeployment,
  config: ReconcileConfig,
  { input }: Version,
): Samples | undefined => {
  const calibration = input ? undefined : calibrationOf(model)
  return (
    calibration && {
      calibration,
      source: reachSource(calibration.dataset, datasetUse),
      network: importNetwork([calibration.dataset], config, caBundleOf(model)),
    }
  )
}

const folderOf = ({ id }: Version): string => `${mounts.models}/${id}`

/** What the optimizer begins from: a folder, or the file that is exported. */
const modelOf = (parent: Version): string =>
  parent.input?.file === undefined ? folderOf(parent) : `${folderOf(parent)}/${parent.input.file}`

const samplesRequest = (
  { spec }: ModelDeployment,
  parent: Version,
  { dataset, isPart, labels, metric, output }: Calibration,
): SamplesRequest => {
  return {
    ...{ folder: folderOf(parent), task: spec.model.task },
    ...(labels ? { labels: [...labels] } : {}),
    dataset: { ...requestedDataset(dataset), ...(isPart ? { calibration: 'only' as const } : {}) },
    ...(spec.optimize?.distill ? { trains: true } : {}),
    ...(metric ? { metric } : {}),
    ...(output === undefined ? {} : { output }),
  }
}

const samplesRun = (
  model: ModelDeployment,
  { evaluations }: ReconcileConfig,
  parent: Version,
  samples: Samples,
): SamplesRun => ({
  ...{ source: samples.source, network: samples.network, volumeMounts: [readOnlyModels] },
  request: samplesRequest(model, parent, samples.calibration),
  resources: evaluations.resources,
})

const optimizerRun = (
  parent: Version,
  optimize: Optimize,
  samples: Samples | undefined,
  resources: Resources,
): OptimizerRun => ({
  resources,
  model: modelOf(parent),
  recipe: recipeFor(parent, optimize),
  maxAccuracyDrop: maxAccuracyDropOf(optimize),
  samplesOf: samples?.calibration.field,
  volumeMounts: [readOnlyModels],
})

const resourcesOf = (parent: Version, optimize: Optimize, { evaluations }: ReconcileConfig): Resources => {
  const recipe = recipeFor(parent, optimize)
  const least = optimizerResources(parent.sizeBytes, evaluations.scratchSize, recipe)
  return withDefaults(least, optimize.resources)
}

/** Room for what the optimizer writes, by the size of the parent; more where spec.optimize.resources gives the pod more. */
const roomFor = ({ sizeBytes }: Version, { resources }: Optimize): string => {
  const given = resources?.limits?.['ephemeral-storage']
  const least = madeDisk(sizeBytes)
  return (parseQuantity(given) ?? 0) > (parseQuantity(least) ?? 0) ? `${given}` : least
}

const podSpec = (
  model: ModelDeployment,
  config: ReconcileConfig,
  { parent, revision }: Optimization,
  more: readonly string[] = [],
) => {
  const optimize = model.spec.optimize ?? {}
  const samples = samplesOf(model, config, parent)
  const resources = resourcesOf(parent, optimize, config)
  return {
    ...modelPodBasics(model, config),
    restartPolicy: 'Never',
    activeDeadlineSeconds: longestOptimizationOf(recipeFor(parent, optimize)), // the pod's, not the Job's: waiting for a node is not counted
    terminationGracePeriodSeconds: graceSeconds,
    initContainers: [
      ...(samples ? [samplesContainer(samplesRun(model, config, parent, samples), config)] : []),
      optimizeContainer(optimizerRun(parent, optimize, samples, resources), config),
    ],
    containers: [
      commitContainer(
        model,
        config,
        { parent, revision, resources, hasSamples: samples !== undefined },
        more,
      ),
    ],
    volumes: [
      modelsVolume(model),
      ...optimizationVolumes({
        made: roomFor(parent, optimize),
        samples: samples && config.evaluations.scratchSize,
      }),
      temporaryVolume(optimizerDisk(parent.sizeBytes)),
      ...(samples ? [...samples.source.volumes, ...samples.network.volumes] : []),
    ],
  }
}

/** Everything that may decide how the optimization ends is in the name: what is changed in order to mend a failed one makes another Job. */
export const optimizeJobName = (
  model: ModelDeployment,
  config: ReconcileConfig,
  optimization: Optimization,
): string => `${model.metadata.name}-opt-${fingerprint(podSpec(model, config, optimization), 8)}`

/**
 * Optimizes once: a Job cannot be changed, and the operator counts the attempts.
 * @param attempt how many Jobs of this name failed before
 * @param keep ids of versions that must stay on the volume, even beyond the history limit
 */
export const optimizeJob = (
  model: ModelDeployment,
  config: ReconcileConfig,
  optimization: Optimization,
  { attempt, keep }: { readonly attempt: number; readonly keep: readonly string[] },
): KubernetesObject => {
  const { parent, revision } = optimization
  const more = historyArguments(model, keep)
  return {
    ...identity(Job, model, {
      name: optimizeJobName(model, config, optimization),
      component: components.optimize,
      annotations: {
        [annotations.revision]: revision,
        [annotations.parent]: parent.id,
        [attemptAnnotations.attempt]: `${attempt}`,
      },
    }),
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { labels: allLabels(model, components.optimize) },
        spec: podSpec(model, config, optimization, more),
      },
    },
  }
}
