import { components, deploymentName, labels, type Track } from '@gantry/contract/labels.ts'
import type { ServedModel } from '@gantry/contract/server.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import {
  conditionOf,
  controllerOf,
  isOwnedBy,
  type LiveAutoscaler,
  type LiveClaim,
  type LiveConfigMap,
  type LiveDeployment,
  type LiveEvent,
  type LiveJob,
  type LivePod,
} from '@gantry/kube/live.ts'
import type { Kube, KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Job,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
} from '@gantry/kube/resources.ts'
import type { ModelCost } from '../cost/world.ts'
import type { Finding } from '../runtime/finding.ts'
import { importJobName } from './desired/import-job.ts'
import type { Hold } from './fleet/gate.ts'
import { versionsOf } from './importing.ts'
import type { ModelDeployment, Version } from './model-deployment.ts'
import { ModelDeployment as modelDeployments } from './resources.ts'
import { type TargetVersion, targetOf } from './revision.ts'
import type { World } from './world.ts'

export type Growth = { readonly kind: 'possible' } | { readonly kind: 'refused'; readonly message: string }

export type Tracks = Readonly<Record<Track, LiveDeployment | undefined>>

/** A model and the live objects that belong to it. */
export interface Observed {
  readonly model: ModelDeployment
  readonly claim: LiveClaim | undefined
  /** Whether versions were imported to a claim that no longer exists. */
  readonly isVolumeLost: boolean
  readonly jobs: readonly LiveJob[]
  /** The Job that imports what spec asks for now. */
  readonly job: LiveJob | undefined
  readonly configMaps: readonly LiveConfigMap[]
  readonly tracks: Tracks
  /** A Deployment of an operator without tracks. It is deleted once the stable one has taken over its pods. */
  readonly untracked: LiveDeployment | undefined
  readonly autoscalers: readonly LiveAutoscaler[]
  /** Pods of imports, newest first. */
  readonly importPods: readonly LivePod[]
  readonly servingPods: readonly LivePod[]
  /** Versions on the volume, newest last. */
  readonly versions: readonly Version[]
  readonly target: TargetVersion
  /** What an hour costs, as it was measured last. */
  readonly cost: ModelCost
  /** A refused write that nothing else depends on; set by the pass. */
  readonly degradation: Finding | undefined
  /** What the spec of a suspended model asks for and the operator does not do; set by the pass. */
  readonly suspendedChange: string | undefined
  /** Why a change of the operator's own waits; set by the pass. */
  readonly hold: Hold | undefined
  /** Whether the claim of a full volume may grow, or why not; set by inquire(). */
  readonly growth: Growth | undefined
  /** Events of objects whose status does not say why they wait; set by inquire(). */
  readonly events: readonly LiveEvent[]
  /** What pods report that they serve, by pod name; set by inquire(). */
  readonly answers: ReadonlyMap<string, ServedModel>
}

const componentOf = (object: KubernetesObject): string | undefined =>
  object.metadata.labels?.[labels.component]

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

const newestFirst = (a: KubernetesObject, b: KubernetesObject): number =>
  (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '') ||
  b.metadata.name.localeCompare(a.metadata.name)

/**
 * Labels do not prove who created a pod. A pod counts if a ReplicaSet controls it which one of the model's Deployments controls.
 * A foreign pod that the ReplicaSet adopts still counts, which is why the answers of pods are not trusted either.
 */
const isPodOf = (
  deployments: readonly LiveDeployment[],
  replicaSets: readonly KubernetesObject[],
): ((pod: LivePod) => boolean) => {
  const ours = replicaSets.filter((replicaSet) =>
    deployments.some(({ metadata }) => isOwnedBy(replicaSet, metadata.uid)),
  )
  const uids = new Set(ours.map(({ metadata }) => metadata.uid))
  return (pod) => {
    const uid = controllerOf(pod)?.uid
    return uid !== undefined && uids.has(uid)
  }
}

/** The Job of a pod may be gone while the pod still writes to the volume, so any Job will do here. */
const isOfJob = (pod: LivePod): boolean => controllerOf(pod)?.kind === Job.kind

/** Whether the Job has run to its end, so that its claim was bound. */
const hasEnded = (job: LiveJob): boolean =>
  ['Complete', 'Failed'].some((type) => conditionOf(job, type)?.status === 'True')

/** The model's claim. Where the cache does not have it and versions were imported, the API server is asked, since their loss depends on the answer. */
const claimOf = async (
  kube: Kube,
  cache: Cache,
  { metadata, status }: ModelDeployment,
  jobs: readonly LiveJob[],
): Promise<{ claim: LiveClaim | undefined; isVolumeLost: boolean }> => {
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

/** The pods that serve a model. */
export const servingPodsOf = (cache: Cache, model: ModelDeployment): readonly LivePod[] => {
  const { name, namespace, uid } = model.metadata
  const deployments = cache
    .labelled<LiveDeployment>(Deployment, namespace, labels.model, name)
    .filter((deployment) => isOwnedBy(deployment, uid))
    .filter(({ metadata }) => [deploymentName(name, 'stable'), name].includes(metadata.name))
  const isServing = isPodOf(deployments, cache.labelled(ReplicaSet, namespace, labels.model, name))
  const pods = cache.labelled<LivePod>(Pod, namespace, labels.model, name)
  return pods.filter((pod) => componentOf(pod) === components.server && isServing(pod))
}

/** What a pass finds out later. */
const undecided = {
  ...{ degradation: undefined, suspendedChange: undefined, hold: undefined, growth: undefined },
  ...{ events: [], answers: new Map<string, ServedModel>() },
} satisfies Partial<Observed>

/** Reads the model and all that belongs to it into one plain value. */
export const observe = async (
  { kube, cache, config, costs }: Pick<World, 'kube' | 'cache' | 'config' | 'costs'>,
  model: ModelDeployment,
): Promise<Observed> => {
  const { name, namespace, uid } = model.metadata
  const ours = <T extends KubernetesObject>(resource: Resource): readonly T[] =>
    cache.labelled<T>(resource, namespace, labels.model, name).filter((object) => isOwnedBy(object, uid))
  const jobs = ours<LiveJob>(Job)
  const deployments = ours<LiveDeployment>(Deployment)
  const named = (wanted: string) => deployments.find(({ metadata }) => metadata.name === wanted)
  const tracks: Tracks = { stable: named(deploymentName(name, 'stable')) }
  const untracked = named(name)
  const isServing = isPodOf(
    [tracks.stable, untracked].filter((one) => one !== undefined),
    cache.labelled(ReplicaSet, namespace, labels.model, name),
  )
  const pods = [...cache.labelled<LivePod>(Pod, namespace, labels.model, name)].sort(newestFirst)
  const volume = await claimOf(kube, cache, model, jobs)
  const importPods = pods.filter((pod) => componentOf(pod) === components.import && isOfJob(pod))
  const versions = volume.isVolumeLost ? [] : versionsOf(model.status?.versions ?? [], jobs, importPods)
  return {
    model,
    ...volume,
    jobs,
    job: jobs.find(({ metadata }) => metadata.name === importJobName(model, config)),
    configMaps: ours<LiveConfigMap>(ConfigMap),
    tracks,
    untracked,
    autoscalers: ours(HorizontalPodAutoscaler),
    importPods,
    servingPods: pods.filter((pod) => componentOf(pod) === components.server && isServing(pod)),
    versions,
    target: targetOf(model, versions, deployedVersionOf(standing({ tracks, untracked }))),
    cost: costs.of(`${namespace}/${name}`),
    ...undecided,
  }
}
