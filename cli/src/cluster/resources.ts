/** The kinds of objects that the command line reads. */
import * as contract from '@gantry/contract/labels.ts'
import type { ModelDeployment as ModelSpec } from '@gantry/contract/modeldeployment.gen.ts'
import type { ModelEvaluation as EvaluationSpec } from '@gantry/contract/modelevaluation.gen.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { resource } from '@gantry/kube/resources.ts'

/** Field manager of what a person changes with the command line. */
export const fieldManager = `${contract.labels.manager}-cli`

export const ModelDeployment = resource(contract.apiVersion, contract.kind, contract.plural)
export const ModelEvaluation = resource(contract.apiVersion, 'ModelEvaluation', 'modelevaluations')

export const CustomResourceDefinition = resource(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
)
export const ApiService = resource('apiregistration.k8s.io/v1', 'APIService', 'apiservices')
export const StorageClass = resource('storage.k8s.io/v1', 'StorageClass', 'storageclasses')
export const Node = resource('v1', 'Node', 'nodes')
export const Namespace = resource('v1', 'Namespace', 'namespaces')
export const Secret = resource('v1', 'Secret', 'secrets')
export const SelfSubjectAccessReview = resource(
  'authorization.k8s.io/v1',
  'SelfSubjectAccessReview',
  'selfsubjectaccessreviews',
)

export type Model = KubernetesObject & Pick<ModelSpec, 'spec' | 'status'>
export type Evaluation = KubernetesObject & Pick<EvaluationSpec, 'spec' | 'status'>
export type ModelVersion = NonNullable<NonNullable<Model['status']>['versions']>[number]
