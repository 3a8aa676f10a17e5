/** The resource types of Kubernetes that our programs speak of. */
import type { Resource } from './objects.ts'

/** A resource type, enough to build its URLs. */
export const resource = (apiVersion: string, kind: string, plural: string): Resource =>
  Object.freeze({ apiVersion, kind, plural })

export const Deployment = resource('apps/v1', 'Deployment', 'deployments')
export const Service = resource('v1', 'Service', 'services')
export const EndpointSlice = resource('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices')
export const Endpoints = resource('v1', 'Endpoints', 'endpoints')
export const Job = resource('batch/v1', 'Job', 'jobs')
export const PersistentVolumeClaim = resource('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims')
export const PersistentVolume = resource('v1', 'PersistentVolume', 'persistentvolumes')
export const HorizontalPodAutoscaler = resource(
  'autoscaling/v2',
  'HorizontalPodAutoscaler',
  'horizontalpodautoscalers',
)
/** A kind of KEDA, which a cluster need not have. */
export const ScaledObject = resource('keda.sh/v1alpha1', 'ScaledObject', 'scaledobjects')
/** Kinds of Gateway API, which a cluster need not have. GRPCRoutes came later than the others. */
const gatewayApi = 'gateway.networking.k8s.io/v1'
export const HTTPRoute = resource(gatewayApi, 'HTTPRoute', 'httproutes')
export const GRPCRoute = resource(gatewayApi, 'GRPCRoute', 'grpcroutes')
export const Gateway = resource(gatewayApi, 'Gateway', 'gateways')
export const GatewayClass = resource(gatewayApi, 'GatewayClass', 'gatewayclasses')
export const PodDisruptionBudget = resource('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets')
export const NetworkPolicy = resource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies')
export const ConfigMap = resource('v1', 'ConfigMap', 'configmaps')
export const ServiceAccount = resource('v1', 'ServiceAccount', 'serviceaccounts')
/** Made by the Deployment controller; only what belongs to whom is read of them. */
export const ReplicaSet = resource('apps/v1', 'ReplicaSet', 'replicasets')
export const Pod = resource('v1', 'Pod', 'pods')
export const Event = resource('v1', 'Event', 'events')
export const Lease = resource('coordination.k8s.io/v1', 'Lease', 'leases')
export const Node = resource('v1', 'Node', 'nodes')
export const Namespace = resource('v1', 'Namespace', 'namespaces')
export const SubjectAccessReview = resource(
  'authorization.k8s.io/v1',
  'SubjectAccessReview',
  'subjectaccessreviews',
)
export const APIService = resource('apiregistration.k8s.io/v1', 'APIService', 'apiservices')
