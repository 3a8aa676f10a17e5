import type { ImportProgress } from '@gantry/contract/importing.ts'
import { labels } from '@gantry/contract/labels.ts'
import type { ServedModel } from '@gantry/contract/server.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import {
  conditionOf,
  isOwnedBy,
  type LiveAutoscaler,
  type LiveClaim,
  type LiveConfigMap,
  type LiveDeployment,
  type LiveEndpointSlice,
  type LiveEvent,
  type LiveJob,
  type LivePod,
  type LiveRoute,
  type LiveScaledObject,
  type LiveService,
} from '@gantry/kube/live.ts'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { PersistentVolumeClaim } from '@gantry/kube/resources.ts'
import type { Trial } from '../canary/rollout.ts'
import type { ModelCost } from '../cost/world.ts'
import { type Measuring, nothingMeasured, runningEvaluations } from '../evaluating/measuring.ts'
import type { Finding } from '../runtime/finding.ts'
import type { Sleep } from '../sleeping/sleep.ts'
import { belongings, type Tracks } from './belongings.ts'
import { gateJobName } from './desired/evaluate-job.ts'
import { importJobName, isRewrapDue, rewrapJobName } from './desired/import-job.ts'
import { optimizeJobName } from './desired/optimize-job.ts'
import { importableVersions, isEphemeral } from './ephemeral.ts'
import { type Asked, admit } from './evaluation/admission.ts'
import { hourlyCostOf } from './evaluation/hourly-cost.ts'
import { withEvaluations } from './evaluation/record.ts'
import type { Hold } from './fleet/gate.ts'
import { importKind, reportsOf, versionsOf } from './importing.ts'
import type { ModelDeployment, Version } from './model-deployment.ts'
import type { Proof } from './optimization/proof.ts'
import { optimizeKind } from './optimization/record.ts'
import { optimizationRefusal } from './optimization/refusal.ts'
import { type Path, straight } from './path/path.ts'
import { ModelDeployment as modelDeployments } from './resources.ts'
import type { Route } from './routing/live-route.ts'
import { needsOf, type ScalingApis } from './scaling/apis.ts'
import { type TargetVersion, targetOf } from './target.ts'
import { type Origin, withLabels, withSource } from './winner.ts'
import type { World } from './world.ts'

export type Growth = { readonly kind: 'possible' } | { readonly kind: 'refused'; readonly message: string }

/** A model and the live objects that belong to it. */
export interface Observed {
  /** The model, with the source that its evaluationRef stands for. */
  readonly model: ModelDeployment
  readonly origin: Origin
  readonly claim: LiveClaim | undefined
  /** Whether versions were imported to a claim that no longer exists. */
  readonly isVolumeLost: boolean
  /** Jobs that import. */
  readonly jobs: readonly LiveJob[]
  /** The Job that imports what spec asks for now, or wraps the keys of what is there by another key. */
  readonly job: LiveJob | undefined
  readonly optimizeJobs: readonly LiveJob[]
  /** The Job that makes the version that spec asks for. */
  readonly optimizeJob: LiveJob | undefined
  /** Why nothing may be optimized: the samples may not be read, or the image that trains is not known. */
  readonly optimizationRefusal: Finding | undefined
  /** What is proven of the version that spec asks for, where it was made from another. */
  readonly proof: Proof | undefined
  readonly evaluateJobs: readonly LiveJob[]
  /** What spec.evaluate asks of the version that spec asks for; undefined where nothing is to be measured. */
  readonly asked: Asked | undefined
  /** The Job that measures it. */
  readonly evaluateJob: LiveJob | undefined
  /** Evaluations of others that run now. */
  readonly measuring: Measuring
  /** Why the evaluation gave its node to others a moment ago. */
  readonly lastRest: Finding | undefined
  readonly configMaps: readonly LiveConfigMap[]
  readonly tracks: Tracks
  /** A Deployment of an operator without tracks. It is deleted once the stable one has taken over its pods. */
  readonly untracked: LiveDeployment | undefined
  readonly autoscalers: readonly LiveAutoscaler[]
  /** KEDA's, where the installation uses it. */
  readonly scaledObjects: readonly LiveScaledObject[]
  /** What of the cluster scales models. */
  readonly scaling: ScalingApis
  /** The routes of Gateway API, where the installation uses that. */
  readonly httpRoute: LiveRoute | undefined
  readonly grpcRoute: LiveRoute | undefined
  /** What a data plane of Gateway API does with the requests; undefined where spec does not ask for it. */
  readonly route: Route | undefined
  readonly service: LiveService | undefined
  /** Slices of the Service, whoever writes them. */
  readonly slices: readonly LiveEndpointSlice[]
  /** Pods of imports, newest first. */
  readonly importPods: readonly LivePod[]
  /** Pods of optimizations, newest first. */
  readonly optimizePods: readonly LivePod[]
  /** Pods of evaluations, newest first. */
  readonly evaluatePods: readonly LivePod[]
  /** Pods of the stable Deployment and of the one without a track, newest first. */
  readonly servingPods: readonly LivePod[]
  /** Pods of the canary, newest first. */
  readonly canaryPods: readonly LivePod[]
  /** Versions on the volume, newest last. */
  readonly versions: readonly Version[]
  readonly target: TargetVersion
  /** What an hour costs, as it was measured last. */
  readonly cost: ModelCost
  /** A refused write that nothing else depends on; set by the pass. */
  readonly degradation: Finding | undefined
  /** What the spec of a suspended model asks for and the operator does not do; set by the pass. */
  readonly suspendedChange: string | undefined
  /** The plan of a rollout by canary; set by the pass. */
  readonly trial: Trial | undefined
  /** Whether a model that may sleep has pods; set by the pass. */
  readonly sleep: Sleep | undefined
  /** Where the model's Service leads; set by the pass. */
  readonly path: Path
  /** Why a change of the operator's own waits; set by the pass. */
  readonly hold: Hold | undefined
  /** Whether the claim of a full volume may grow, or why not; set by inquire(). */
  readonly growth: Growth | undefined
  /** Events of objects whose status does not say why they wait; set by inquire(). */
  readonly events: readonly LiveEvent[]
  /** How far the import is that runs; set by inquire(). */
  readonly imported: ImportProgress | undefined
  /** What pods report that they serve, by pod name; set by inquire(). */
  readonly answers: ReadonlyMap<string, ServedModel>
}

/** Id of the version that a pod, or the pods of a Deployment, are made for. */
export const versionIdOf = (object: KubernetesObject): string | undefined =>
  object.metadata.labels?.[labels.version]
/** The Deployment that serves: until the stable one is there, the one without a track. */
export const standing = ({
  tracks,
  untracked,
}: Pick<Observed, 'tracks' | 'untracked'>): LiveDeployment | undefined => tracks.stable ?? untracked

export const deployedVersionOf = (deployment: LiveDeployment | undefined): string | undefined =>
  deployment?.spec?.template?.metadata?.labels?.[labels.version]

/** Whether the Job has run to its end, so that its claim was bound. */
const hasEnded = (job: LiveJob): boolean =>
  ['Complete', 'Failed'].some((type) => conditionOf(job, type)?.status === 'True')

/** The model's claim. Where the cache does not have it and versions were imported, the API server is asked, since their loss depends on the answer. */
const claimOf = async (
  kube: Kube,
  cache: Cache,
  model: ModelDeployment,
  jobs: readonly LiveJob[],
): Promise<{ claim: LiveClaim | undefined; isVolumeLost: boolean }> => {
  if (isEphemeral(model)) return { claim: undefined, isVolumeLost: false }
  const { metadata, status } = model
  const { name, namespace, uid } = metadata
  const cached = cache.get<LiveClaim>(PersistentVolumeClaim, namespace, name)
  if (cached) return { claim: isOwnedBy(cached, uid) ? cached : undefined, isVolumeLost: false }
  const wasUsed = (status?.versions?.length ?? 0) > 0 || jobs.some(hasEnded)
  const claim = wasUsed ? await kube.get<LiveClaim>(PersistentVolumeClaim, namespace, name) : undefined
  return { claim: claim && isOwnedBy(claim, uid) ? claim : undefined, isVolumeLost: wasUsed && !claim }
}

/** @param key namespace/name */
export const modelOf = (cache: Cache, key: string): ModelDeployment | undefined => {
  const [namespace = '', name = ''] = key.split('/')
  return cache.get<ModelDeployment>(modelDeployments, namespace, name)
}

/** What a pass finds out later. */
const undecided = {
  ...{
    degradation: undefined,
    suspendedChange: undefined,
    hold: undefined,
    growth: undefined,
    imported: undefined,
  },
  ...{ trial: undefined, sleep: undefined, path: straight },
  ...{ events: [], answers: new Map<string, ServedModel>() },
} satisfies Partial<Observed>

type Reader = Pick<World, 'kube' | 'cache' | 'config' | 'costs' | 'rests' | 'scaling' | 'routes'>

/** What finished Jobs have brought to the volume. */
const reportsIn = ({ jobs, importPods, optimizeJobs, optimizePods }: ReturnType<typeof belongings>) => [
  ...reportsOf(importKind, jobs, importPods),
  ...reportsOf(optimizeKind, optimizeJobs, optimizePods),
]

/** Ids of versions that pods are made of, or may be made of next. */
export const idsInUse = (
  { status, spec }: ModelDeployment,
  { tracks, untracked }: Pick<Observed, 'tracks' | 'untracked'>,
): readonly (string | undefined)[] => {
  const { activeVersion, canary, rejectedRevision } = status ?? {}
  const tried = [canary?.version, canary?.stable, rejectedRevision?.returnsTo]
  const deployed = [tracks.stable, tracks.canary, untracked].map(deployedVersionOf)
  return [activeVersion, ...tried, ...deployed, spec.model.version]
}

/** The versions on the volume, and the one that spec asks for. */
const versionsAndTarget = async (
  reader: Reader,
  { model, origin }: Pick<Observed, 'model' | 'origin'>,
  live: ReturnType<typeof belongings>,
  { claim, isVolumeLost }: Pick<Observed, 'claim' | 'isVolumeLost'>,
) => {
  const { configMaps, evaluatePods, evaluateJobs, servingPods } = live
  const reported = isVolumeLost ? [] : versionsOf(model.status?.versions ?? [], reportsIn(live))
  const known = isEphemeral(model) ? importableVersions(model, reported, idsInUse(model, live)) : reported
  const versions = withEvaluations(withLabels(known, origin), {
    ...{ jobs: evaluateJobs, pods: evaluatePods, evaluate: model.spec.evaluate },
  })
  const deployment = standing(live)
  const { config, rests } = reader
  const targeted = { model, origin, versions, config, deployedVersion: deployedVersionOf(deployment) }
  const target = targetOf(targeted)
  const rest = rests.of(`${model.metadata.namespace}/${model.metadata.name}`)
  const hourlyCost = await hourlyCostOf(reader, model, { target, claim, servingPods })
  return { versions, ...admit(targeted, target, { config, configMaps, deployment, hourlyCost, rest }) }
}

/** Reads the model and all that belongs to it into one plain value. */
export const observe = async (reader: Reader, stored: ModelDeployment): Promise<Observed> => {
  const { kube, cache, config, costs } = reader
  const source = withSource(cache, stored)
  const { model } = source
  const live = belongings(cache, model)
  const ended = [...live.jobs, ...live.optimizeJobs, ...live.evaluateJobs]
  const volume = await claimOf(kube, cache, model, ended)
  const { versions, target, asked, proof } = await versionsAndTarget(reader, source, live, volume)
  const named = (jobs: readonly LiveJob[], name: string | undefined) =>
    jobs.find(({ metadata }) => metadata.name === name)
  const evaluateJob = named(live.evaluateJobs, asked && gateJobName(model, config, asked.question))
  return {
    ...source,
    ...volume,
    ...live,
    job: named(
      live.jobs,
      target.kind !== 'import' && isRewrapDue(model, versions)
        ? rewrapJobName(model, config)
        : importJobName(model, config),
    ),
    optimizeJob: named(
      live.optimizeJobs,
      target.kind === 'optimize' ? optimizeJobName(model, config, target) : undefined,
    ),
    optimizationRefusal: optimizationRefusal(model, target, config),
    evaluateJob,
    measuring:
      asked && !asked.isAnswered ? runningEvaluations(cache, evaluateJob?.metadata.uid) : nothingMeasured,
    lastRest: reader.rests.last(`${model.metadata.namespace}/${model.metadata.name}`),
    versions,
    target,
    asked,
    proof,
    route: await reader.routes.of(model, live),
    scaling: await reader.scaling(needsOf(model)),
    cost: costs.of(`${model.metadata.namespace}/${model.metadata.name}`),
    ...undecided,
  }
}
