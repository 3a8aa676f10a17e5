/** A ModelDeployment as the API server sends it, and the parts of it that have names of their own. */
import type { Metric } from '@gantry/contract/evaluation.ts'
import type { ModelDeployment as ModelDeploymentFields } from '@gantry/contract/modeldeployment.gen.ts'
import type { KubernetesObject, Metadata } from '@gantry/kube/objects.ts'

/** What the operator adds to spec.optimize where the recipe is that of a ModelEvaluation: what it was calibrated by there. No API server keeps it. */
export interface RecipeOrigin {
  readonly evaluation: string
  readonly metric: Metric
  readonly output?: string
  /** Names of the classes, where the candidate gives them. */
  readonly labels?: readonly string[]
}

export type ModelDeployment = KubernetesObject &
  Readonly<ModelDeploymentFields> & {
    readonly spec: { readonly optimize?: { readonly recipeOrigin?: RecipeOrigin } }
    readonly apiVersion: 'gantry.dev/v1alpha1'
    readonly kind: 'ModelDeployment'
    readonly metadata: Metadata & {
      readonly namespace: string
      readonly uid: string
      readonly generation: number
    }
  }
export type ModelDeploymentSpec = ModelDeployment['spec']
export type ModelDeploymentStatus = NonNullable<ModelDeployment['status']>
export type Condition = NonNullable<ModelDeploymentStatus['conditions']>[number]
export type Version = NonNullable<ModelDeploymentStatus['versions']>[number]
