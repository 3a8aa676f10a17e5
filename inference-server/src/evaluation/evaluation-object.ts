import type { Frozen } from '@gantry/contract/documents.ts'
import type { ModelEvaluation } from '@gantry/contract/modelevaluation.gen.ts'

export type EvaluationObject = Frozen<ModelEvaluation> & { readonly metadata: { readonly name: string } }
export type EvaluationSpec = EvaluationObject['spec']
