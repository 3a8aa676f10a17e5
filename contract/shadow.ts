/** The shadow of a rollout: what gateways, pods and the operator have to know of it. */

/** Marks a copy of a request, whose answer nobody waits for; its value is `true`. */
export const shadowHeader = 'x-gantry-shadow'

/** How answers are compared: the values of `spec.rollout.shadow.compare`. */
export const comparisons = ['top1', 'maxAbs', 'cosine', 'text'] as const
export type ComparisonName = (typeof comparisons)[number]

/** Tasks that write texts. */
const writers: ReadonlySet<unknown> = new Set([
  'text-generation',
  'code-generation',
  'translation',
  'image-to-text',
])

/** The comparison of a task where spec names none. */
export const comparisonOfTask = (task: string | undefined): ComparisonName => {
  if (task === 'feature-extraction') return 'cosine'
  return writers.has(task) ? 'text' : 'top1'
}
