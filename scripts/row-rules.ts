/** What the optimizer is told of the row prover: the operators that have a rule, by domain. */
import { operatorsWithRules } from '../inference-server/src/rows/rules.ts'

export const rowRuleFiles = (): readonly (readonly [string, string])[] => {
  const operators = Object.fromEntries(
    [...operatorsWithRules()].map(([domain, names]) => [domain, [...names].sort()]),
  )
  return [['optimizer/gantry_optimizer/row-rules.gen.json', `${JSON.stringify(operators, null, 1)}\n`]]
}
