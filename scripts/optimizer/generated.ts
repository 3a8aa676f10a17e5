/** What the optimizer is told of other programs, as files beside its sources: operators that the row prover has a rule for, and defaults. */
import { defaultDistillation, defaultMaxAccuracyDrop, defaultPruneRatios } from '../../contract/optimizing.ts'
import { operatorsWithRules } from '../../inference-server/src/rows/rules.ts'

const folder = 'optimizer/gantry_optimizer'

const asJson = (document: object): string => `${JSON.stringify(document, null, 1)}\n`

/** Paths from the root, and contents. */
export const optimizerFiles = (): readonly (readonly [string, string])[] => {
  const operators = Object.fromEntries(
    [...operatorsWithRules()].map(([domain, names]) => [domain, [...names].sort()]),
  )
  const defaults = {
    maxAccuracyDrop: defaultMaxAccuracyDrop,
    pruneRatios: defaultPruneRatios,
    distillation: defaultDistillation,
  }
  return [
    [`${folder}/row-rules.gen.json`, asJson(operators)],
    [`${folder}/defaults.gen.json`, asJson(defaults)],
  ]
}
