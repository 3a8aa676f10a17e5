/** What an installation gives every pod that evaluates. */
import { plainText } from '@gantry/contract/plain-text.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import type { PodConfig } from '../pods/config.ts'
import { readResources } from '../pods/import-config.ts'
import type { Resources } from '../runtime/quantities.ts'

export interface EvaluationConfig {
  /** Where spec says nothing else, for the container that measures. */
  readonly resources: Resources
  /** Room for what an evaluation downloads, as a quantity; it is a part of the node's disk. */
  readonly scratchSize: string
}

/** What an installation gives all pods, and those that evaluate. */
export interface EvaluatingConfig extends PodConfig {
  readonly evaluations: EvaluationConfig
}

export const defaultEvaluationConfig: EvaluationConfig = Object.freeze({
  resources: Object.freeze({
    requests: Object.freeze({ cpu: '1', memory: '1Gi', 'ephemeral-storage': '256Mi' }),
    limits: Object.freeze({ memory: '4Gi', 'ephemeral-storage': '12Gi' }), // the scratch volume, /tmp and the log
  }),
  scratchSize: '10Gi',
})

const sizeOf = (key: string, text: string | undefined, problems: string[]): string => {
  if (text === undefined) return defaultEvaluationConfig.scratchSize
  if ((parseQuantity(text) ?? 0) >= 1) return text
  problems.push(`${key} is "${plainText(text, 100)}": it must be a quantity such as 10Gi`)
  return defaultEvaluationConfig.scratchSize
}

/**
 * @param text of an environment variable, undefined where it is not set
 * @param problems takes a sentence for each mistake
 */
export const readEvaluationConfig = (
  text: (key: string) => string | undefined,
  problems: string[],
): EvaluationConfig => {
  const resources = text('EVALUATION_RESOURCES')
  return Object.freeze({
    resources:
      resources === undefined
        ? defaultEvaluationConfig.resources
        : readResources('EVALUATION_RESOURCES', resources, problems),
    scratchSize: sizeOf('EVALUATION_SCRATCH_SIZE', text('EVALUATION_SCRATCH_SIZE'), problems),
  })
}
