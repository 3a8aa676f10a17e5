/** A ModelDeployment as the API server sends it, and the parts of it that have names of their own. */
import type { ModelDeployment as ModelDeploymentFields } from '@gantry/contract/modeldeployment.gen.ts'
import type { KubernetesObject, Metadata } from '@gantry/kube/objects.ts'

export type ModelDeployment = KubernetesObject &
  Readonly<ModelDeploymentFields> & {
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
