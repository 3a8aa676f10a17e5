/** The resource types the operator speaks of, and which of them it owns. */
import type { Resource } from './kubernetes.ts'

const resource = (apiVersion: string, kind: string, plural: string): Resource =>
  Object.freeze({ apiVersion, kind, plural })

export const ModelDeployment = resource('gantry.dev/v1alpha1', 'ModelDeployment', 'modeldeployments')
export const Deployment = resource('apps/v1', 'Deployment', 'deployments')
export const Service = resource('v1', 'Service', 'services')
export const Job = resource('batch/v1', 'Job', 'jobs')
export const PersistentVolumeClaim = resource('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims')
export const HorizontalPodAutoscaler = resource(
  'autoscaling/v2',
  'HorizontalPodAutoscaler',
  'horizontalpodautoscalers',
)
export const PodDisruptionBudget = resource('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets')
export const NetworkPolicy = resource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies')
export const ConfigMap = resource('v1', 'ConfigMap', 'configmaps')
export const ServiceAccount = resource('v1', 'ServiceAccount', 'serviceaccounts')
/** Made by the Deployment controller; only what belongs to whom is read of them. */
export const ReplicaSet = resource('apps/v1', 'ReplicaSet', 'replicasets')
export const Pod = resource('v1', 'Pod', 'pods')
export const Event = resource('v1', 'Event', 'events')
export const Lease = resource('coordination.k8s.io/v1', 'Lease', 'leases')

/** The kinds the operator writes for a model, in the order it applies them: what a later one refers to comes first. */
export const owned: readonly Resource[] = Object.freeze([
  ServiceAccount,
  PersistentVolumeClaim,
  ConfigMap,
  NetworkPolicy,
  Job,
  Service,
  Deployment,
  HorizontalPodAutoscaler,
  PodDisruptionBudget,
])
