/** What status says of a rollout. */
import { agreement } from '@gantry/evaluation/canary/agreement.ts'
import { seen, unseen } from '@gantry/evaluation/canary/sentences.ts'
import type { Plan } from './rollout.ts'

/**
 * Why the rollout is where it is, what was seen, and what could not have been seen. The last takes some milliseconds, so
 * it is computed only here.
 */
export const messageOf = (plan: Plan & { readonly kind: 'run' | 'promote' }): string => {
  const { why, evidence } = plan
  if (evidence === undefined) return why
  const { question, verdict, names } = evidence
  const isAsked = question.tally.sourcesSeen > 0 && plan.canary.step > 0
  const said = isAsked ? [seen(verdict, question, names), unseen(question)] : []
  return [why, agreement(question, names), ...said].filter((part) => part !== undefined).join('; ')
}
