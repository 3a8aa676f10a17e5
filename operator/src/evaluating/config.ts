/** What an installation gives every pod that evaluates. */
import type { Resources } from '../runtime/quantities.ts'

export interface EvaluationConfig {
  /** Where spec says nothing else, for the container that measures. */
  readonly resources: Resources
  /** Room for what an evaluation downloads, as a quantity; it is a part of the node's disk. */
  readonly scratchSize: string
}

export const defaultEvaluationConfig: EvaluationConfig = Object.freeze({
  resources: Object.freeze({
    requests: Object.freeze({ cpu: '1', memory: '1Gi', 'ephemeral-storage': '256Mi' }),
    limits: Object.freeze({ memory: '4Gi', 'ephemeral-storage': '12Gi' }), // the scratch volume, /tmp and the log
  }),
  scratchSize: '10Gi',
})
