/** The live objects that belong to a model, as the cache has them. */
import { components, deploymentName, labels, type Track } from '@gantry/contract/labels.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import {
  controllerOf,
  isOwnedBy,
  type LiveAutoscaler,
  type LiveConfigMap,
  type LiveDeployment,
  type LiveEndpointSlice,
  type LiveJob,
  type LivePod,
  type LiveRoute,
  type LiveScaledObject,
  type LiveService,
  newestFirst,
} from '@gantry/kube/live.ts'
import type { KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import {
  ConfigMap,
  Deployment,
  EndpointSlice,
  GRPCRoute,
  HorizontalPodAutoscaler,
  HTTPRoute,
  Job,
  Pod,
  ReplicaSet,
  ScaledObject,
  Service,
} from '@gantry/kube/resources.ts'
import type { ModelDeployment } from './model-deployment.ts'

/** Label by which the slices of a Service are found, as Kubernetes says. */
export const serviceNameLabel = 'kubernetes.io/service-name'

export type Tracks = Readonly<Record<Track, LiveDeployment | undefined>>

const componentOf = (object: KubernetesObject): string | undefined =>
  object.metadata.labels?.[labels.component]

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

/** The pods of the Deployments of a model that have one of the names. */
const podsOf = (cache: Cache, model: ModelDeployment, names: readonly string[]): readonly LivePod[] => {
  const { name, namespace, uid } = model.metadata
  const deployments = cache
    .labelled<LiveDeployment>(Deployment, namespace, labels.model, name)
    .filter((deployment) => isOwnedBy(deployment, uid))
    .filter(({ metadata }) => names.includes(metadata.name))
  const isServing = isPodOf(deployments, cache.labelled(ReplicaSet, namespace, labels.model, name))
  const pods = cache.labelled<LivePod>(Pod, namespace, labels.model, name)
  return pods.filter((pod) => componentOf(pod) === components.server && isServing(pod))
}

/** The pods that serve a model, those of a canary left out: what is tried is not yet what serves. */
const servingPodsOf = (cache: Cache, model: ModelDeployment): readonly LivePod[] => {
  const { name } = model.metadata
  return podsOf(cache, model, [deploymentName(name, 'stable'), name])
}

const canaryPodsOf = (cache: Cache, model: ModelDeployment): readonly LivePod[] =>
  podsOf(cache, model, [deploymentName(model.metadata.name, 'canary')])

/** Pods of a Deployment, also for as long as they outlive it: they answer, and keep their GPUs, until they have ended. */
const isMadeAs =
  (deployment: string) =>
  (pod: LivePod): boolean =>
    componentOf(pod) === components.server &&
    controllerOf(pod)?.kind === ReplicaSet.kind &&
    pod.metadata.name.startsWith(`${deployment}-`)

/** All pods that answer requests of a model, on whichever track. */
export const answeringPodsOf = (cache: Cache, model: ModelDeployment): readonly LivePod[] => [
  ...servingPodsOf(cache, model),
  ...canaryPodsOf(cache, model),
]

/** Whether a Job does what follows an import. */
const isLater = (component: string | undefined): boolean =>
  component === components.optimize || component === components.evaluate

/** The slices of the model's Service, whoever writes them: they have the labels of the Service. */
const slicesOf = (cache: Cache, { metadata }: ModelDeployment): readonly LiveEndpointSlice[] =>
  cache
    .labelled<LiveEndpointSlice>(EndpointSlice, metadata.namespace, labels.model, metadata.name)
    .filter((slice) => slice.metadata.labels?.[serviceNameLabel] === metadata.name)

/** The live objects that belong to a model. */
export const belongings = (cache: Cache, model: ModelDeployment) => {
  const { name, namespace, uid } = model.metadata
  const ours = <T extends KubernetesObject>(resource: Resource): readonly T[] =>
    cache.labelled<T>(resource, namespace, labels.model, name).filter((object) => isOwnedBy(object, uid))
  const deployments = ours<LiveDeployment>(Deployment)
  const named = (wanted: string) => deployments.find((one) => one.metadata.name === wanted)
  const tracks: Tracks = {
    stable: named(deploymentName(name, 'stable')),
    canary: named(deploymentName(name, 'canary')),
  }
  const untracked = named(name)
  const pods = [...cache.labelled<LivePod>(Pod, namespace, labels.model, name)].sort(newestFirst)
  const ofComponent = (component: string) => pods.filter((pod) => componentOf(pod) === component)
  const jobs = ours<LiveJob>(Job)
  return {
    jobs: jobs.filter((job) => !isLater(componentOf(job))),
    optimizeJobs: jobs.filter((job) => componentOf(job) === components.optimize),
    evaluateJobs: jobs.filter((job) => componentOf(job) === components.evaluate),
    configMaps: ours<LiveConfigMap>(ConfigMap),
    tracks,
    untracked,
    autoscalers: ours<LiveAutoscaler>(HorizontalPodAutoscaler),
    scaledObjects: ours<LiveScaledObject>(ScaledObject),
    httpRoute: ours<LiveRoute>(HTTPRoute)[0],
    grpcRoute: ours<LiveRoute>(GRPCRoute)[0],
    service: ours<LiveService>(Service).find((one) => one.metadata.name === name),
    slices: slicesOf(cache, model),
    importPods: ofComponent(components.import).filter(isOfJob),
    optimizePods: ofComponent(components.optimize).filter(isOfJob),
    evaluatePods: ofComponent(components.evaluate).filter(isOfJob),
    servingPods: [...servingPodsOf(cache, model)].sort(newestFirst),
    canaryPods: pods.filter(isMadeAs(deploymentName(name, 'canary'))),
  }
}
