/** The resource type of our kind, and those that the operator owns for it. */
import type { Resource } from '@gantry/kube/objects.ts'
import {
  ConfigMap,
  Deployment,
  EndpointSlice,
  HorizontalPodAutoscaler,
  Job,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  resource,
  Service,
  ServiceAccount,
} from '@gantry/kube/resources.ts'

export const ModelDeployment = resource('gantry.dev/v1alpha1', 'ModelDeployment', 'modeldeployments')

/** Its winner may be the source of a model. */
export const ModelEvaluation = resource('gantry.dev/v1alpha1', 'ModelEvaluation', 'modelevaluations')

/** The kinds the operator writes for a model, in the order it applies them: what a later one refers to comes first. */
export const owned: readonly Resource[] = Object.freeze([
  ServiceAccount,
  PersistentVolumeClaim,
  ConfigMap,
  NetworkPolicy,
  Job,
  EndpointSlice,
  Service,
  Deployment,
  HorizontalPodAutoscaler,
  PodDisruptionBudget,
])
