/** A ModelEvaluation as the API server sends it, and the parts of it that have names of their own. */
import type { Frozen } from '@gantry/contract/documents.ts'
import type { ModelEvaluation as ModelEvaluationFields } from '@gantry/contract/modelevaluation.gen.ts'
import type { KubernetesObject, Metadata } from '@gantry/kube/objects.ts'

export type ModelEvaluation = KubernetesObject & {
  readonly apiVersion: 'gantry.dev/v1alpha1'
  readonly kind: 'ModelEvaluation'
  readonly metadata: Metadata & {
    readonly namespace: string
    readonly uid: string
    readonly generation: number
  }
  readonly spec: Frozen<ModelEvaluationFields['spec']>
  readonly status?: Frozen<NonNullable<ModelEvaluationFields['status']>>
}
export type ModelEvaluationSpec = ModelEvaluation['spec']
export type ModelEvaluationStatus = NonNullable<ModelEvaluation['status']>
export type Candidate = ModelEvaluationSpec['candidates'][number]
export type Condition = NonNullable<ModelEvaluationStatus['conditions']>[number]
