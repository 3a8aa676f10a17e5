/** The Job that measures candidates: `evaluate` of the inference server, in a pod of its own. */
import { commands, requestArguments } from '@gantry/contract/commands.ts'
import type { EvaluationRequest } from '@gantry/contract/evaluation.ts'
import { components } from '@gantry/contract/labels.ts'
import { mounts } from '@gantry/contract/server.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import { Job } from '@gantry/kube/resources.ts'
import { attemptAnnotations } from '../jobs/attempt.ts'
import type { Identity, Owner } from '../pods/identity.ts'
import type { CaBundle } from '../pods/import-config.ts'
import { importNetwork } from '../pods/import-network.ts'
import { literal } from '../pods/literal.ts'
import {
  containerSecurity,
  environment,
  type Placement,
  podBasics,
  temporaryMount,
  temporaryVolume,
} from '../pods/pod.ts'
import { datasetUse, modelUse, reachSource, type Source } from '../pods/source.ts'
import { type GivenResources, type Quantities, withDefaults } from '../runtime/quantities.ts'
import { measuringAffinity } from './anti-affinity.ts'
import type { EvaluatingConfig } from './config.ts'
import {
  madeMount,
  type RecipeRun,
  recipeContainers,
  recipeVolumes,
  scratchMount,
  scratchVolume,
} from './recipe-run.ts'

/** One run of `evaluate`. */
export interface EvaluationRun {
  readonly owner: Owner
  readonly identity: Identity
  /** What stands between the owner's name and the fingerprint in the name of the Job, such as `-measure-`. */
  readonly infix: string
  readonly serviceAccountName: string
  readonly request: EvaluationRequest
  /** Source of the model; absent where the candidates are folders. */
  readonly model?: Source
  /** What makes the folder that is measured. */
  readonly recipe?: RecipeRun
  readonly dataset: Source
  /** Authorities that spec names. */
  readonly caBundle?: CaBundle | undefined
  readonly volumes?: readonly object[]
  readonly volumeMounts?: readonly object[]
  readonly resources: GivenResources | undefined
  /** Extended resources of the container, such as a GPU. */
  readonly devices?: Quantities
  readonly placement?: Placement
  readonly runtimeClassName?: string | undefined
  readonly annotations?: Readonly<Record<string, string>>
}

/** What matters for the start of one Job, and for no result. */
export interface Start {
  /** How many Jobs of this name failed before. */
  readonly attempt: number
  /** Where the candidates before were measured. */
  readonly node?: string | undefined
  /** Most bytes of the report of a candidate in the log, gzipped. */
  readonly reportBytes?: number | undefined
}

/** Where an evaluation knows its node's name from, for the report. */
const nodeName = 'NODE_NAME'
/** Time for downloads, which the budget of the measurement does not count. */
const longestDownloadSeconds = 6 * 60 * 60
/** The programs write nothing there; libvips may keep a decoded picture there, which has 160 MB at most. */
const temporarySize = '1Gi'
/** Time to end the server that is measured, and to write the report. */
const graceSeconds = 30
const defaultBudgetSeconds = 600

export const longestSeconds = ({ timeBudgetSeconds = defaultBudgetSeconds }: EvaluationRequest): number =>
  Math.ceil(timeBudgetSeconds) + longestDownloadSeconds

/** What the run needs of each of its sources, together. */
const reached = ({ model, dataset }: EvaluationRun) => {
  const all = [...(model ? [reachSource(model, modelUse)] : []), reachSource(dataset, datasetUse)]
  return {
    env: all.flatMap(({ env }) => env),
    volumes: all.flatMap(({ volumes }) => volumes),
    volumeMounts: all.flatMap(({ volumeMounts }) => volumeMounts),
  }
}

type Variant = Pick<Start, 'node' | 'reportBytes'>
type Network = ReturnType<typeof importNetwork>

const networkOf = ({ model, dataset, caBundle }: EvaluationRun, config: EvaluatingConfig): Network =>
  importNetwork(model ? [model, dataset] : [dataset], config, caBundle)

const argumentsOf = (
  { request }: EvaluationRun,
  config: EvaluatingConfig,
  { options }: Network,
  { reportBytes }: Variant,
): readonly string[] => [
  commands.evaluate,
  ...requestArguments({
    request: JSON.stringify({ ...request, ...(reportBytes === undefined ? {} : { reportBytes }) }),
    models: mounts.scratch,
    'allow-http-credentials': config.allowHttpCredentials,
    'refuse-private-addresses': !config.allowPrivateSources,
    'max-bytes': parseQuantity(config.evaluations.scratchSize),
    ...options,
    report: mounts.terminationLog,
  }),
]

const container = (run: EvaluationRun, config: EvaluatingConfig, network: Network, variant: Variant) => {
  const sources = reached(run)
  const { requests, limits } = withDefaults(config.evaluations.resources, run.resources)
  return {
    name: 'evaluate',
    image: config.serverImage,
    imagePullPolicy: config.pullPolicy,
    args: argumentsOf(run, config, network, variant).map(literal),
    env: [
      ...environment,
      { name: nodeName, valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      ...sources.env,
      ...network.env,
    ],
    resources: { requests, limits: { ...limits, ...run.devices } },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: containerSecurity,
    volumeMounts: [
      scratchMount,
      temporaryMount,
      ...(run.recipe ? [madeMount] : []),
      ...(run.volumeMounts ?? []),
      ...sources.volumeMounts,
      ...network.volumeMounts,
    ],
  }
}

/** A recipe's containers and volumes, which others have none of. */
const recipePart = (run: EvaluationRun, config: EvaluatingConfig) => {
  const { recipe, dataset, caBundle, resources } = run
  if (!recipe) return { initContainers: {}, volumes: [], temporary: temporarySize }
  const shared = { dataset, caBundle, resources }
  return {
    initContainers: { initContainers: recipeContainers(recipe, shared, config) },
    volumes: recipeVolumes(recipe, shared, config),
    temporary: config.evaluations.scratchSize, // the optimizer's library writes a model there several times
  }
}

const podSpec = (run: EvaluationRun, config: EvaluatingConfig, variant: Variant) => {
  const { serviceAccountName, placement = {}, request, volumes = [] } = run
  const recipe = recipePart(run, config)
  const network = networkOf(run, config)
  return {
    ...podBasics(serviceAccountName, placement, config),
    affinity: measuringAffinity(placement.affinity, variant.node),
    ...(run.runtimeClassName ? { runtimeClassName: run.runtimeClassName } : {}),
    restartPolicy: 'Never',
    activeDeadlineSeconds: longestSeconds(request), // the pod's, not the Job's: waiting for a node is not counted
    terminationGracePeriodSeconds: graceSeconds,
    ...recipe.initContainers,
    containers: [container(run, config, network, variant)],
    volumes: [
      { name: scratchVolume, emptyDir: { sizeLimit: config.evaluations.scratchSize } },
      temporaryVolume(recipe.temporary),
      ...volumes,
      ...recipe.volumes,
      ...reached(run).volumes,
      ...network.volumes,
    ],
  }
}

/** Everything that may decide how the run ends is in the name: what is changed makes another Job. */
export const evaluateJobName = (run: EvaluationRun, config: EvaluatingConfig): string =>
  `${run.owner.metadata.name}${run.infix}${fingerprint(podSpec(run, config, {}), 8)}`

/** Measures once: a Job cannot be changed, and the operator counts the attempts. */
export const evaluateJob = (run: EvaluationRun, config: EvaluatingConfig, start: Start): KubernetesObject => {
  const { owner, identity, annotations } = run
  return {
    ...identity.identity(Job, owner, {
      name: evaluateJobName(run, config),
      component: components.evaluate,
      annotations: { ...annotations, [attemptAnnotations.attempt]: `${start.attempt}` },
    }),
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { labels: identity.allLabels(owner, components.evaluate) },
        spec: podSpec(run, config, start),
      },
    },
  }
}
