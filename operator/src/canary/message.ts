/** What status says of a rollout. */
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
  return isAsked ? [why, seen(verdict, question, names), unseen(question)].join('; ') : why
}
