/** The scores that a task gives its labels, and the label that is explained. */
import { Failure, quoted } from '../failures/errors.ts'
import { probabilitiesByLabel } from '../tasks/classification.ts'
import type { TaskResult } from '../tasks/task.ts'

/** Scores by label. */
export type Scores = ReadonlyMap<string, number>

/** Most labels that a sentence lists. */
const mostListed = 20

/** @param result of a task that ranks labels */
export const scoresOf = (result: TaskResult): Scores => {
  if (result.classification) return probabilitiesByLabel(result.classification)
  const { labels, scores } = result.answer() as {
    readonly labels: readonly string[]
    readonly scores: readonly number[]
  }
  return new Map(labels.map((label, index) => [label, Number(scores[index])]))
}

const unknownLabel = (target: unknown, labels: readonly string[], field: string): Failure => {
  const listed = quoted(labels.slice(0, mostListed))
  const more = labels.length > mostListed ? ` and ${labels.length - mostListed} others` : ''
  return new Failure(
    'invalid',
    `${field} is ${JSON.stringify(target)}, but the labels are ${listed}${more}`,
    {
      field,
    },
  )
}

/**
 * @param scores of the item as it came @param target the label that is asked for; undefined: the likeliest
 * @throws Failure where there is no such label
 */
export const targetOf = (scores: Scores, target: unknown, field: string): string => {
  if (target === undefined) {
    let best: readonly [string, number] | undefined
    for (const one of scores) if (!best || one[1] > best[1]) best = one
    return best?.[0] ?? ''
  }
  if (typeof target === 'string' && scores.has(target)) return target
  throw unknownLabel(target, [...scores.keys()], field)
}

/** @throws Failure where the model gave no number that can be compared */
export const scoreOf = (scores: Scores, label: string): number => {
  const score = scores.get(label) ?? Number.NaN
  if (Number.isFinite(score)) return score
  throw new Failure(
    'inference-failed',
    `the model gives "${label}" a score that is no number, so nothing can be compared with it`,
  )
}
