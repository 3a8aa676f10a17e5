/** Whether two answers to the same request agree. Pure. */
import type { ComparisonName } from '@gantry/contract/shadow.ts'
import { type Answer, type AnswerForm, outputsOf } from './answer.ts'
import { type Output, UnreadableAnswer, widthOf } from './output.ts'

export interface Comparison {
  readonly compare: ComparisonName
  /** maxAbs: the largest difference of two numbers that still agree. */
  readonly maxDifference: number
  /** cosine: the least cosine of two vectors that still agree. */
  readonly minCosine: number
}

/** What is not said is the default. */
export const comparisonOf = ({
  compare = 'top1',
  maxDifference = 0.01,
  minCosine = 0.99,
}: Partial<Comparison>): Comparison => ({ compare, maxDifference, minCosine })

/** How a copy's answer differs from the caller's. */
export type Disagreement =
  | 'status'
  | 'unanswered'
  | 'timeout'
  | 'too-large'
  | 'unreadable'
  | 'outputs'
  | 'shape'
  | 'values'

export type Agreement =
  | { readonly kind: 'agreed' }
  /** @property output name of the first output that differs */
  | { readonly kind: 'disagreed'; readonly reason: Disagreement; readonly output?: string }
  | { readonly kind: 'incomparable'; readonly reason: 'unreadable-answer' | 'nothing-to-compare' }

/** Place of the largest number; NaN is never the largest. */
const placeOfLargest = (values: Output['values'], from: number, width: number): number => {
  let [place, largest] = [0, Number.NEGATIVE_INFINITY]
  for (let at = 0; at < width; at++) {
    const value = Number(values[from + at])
    if (value > largest) [place, largest] = [at, value]
  }
  return place
}

/** Whether numbers are missing in the same places. */
const isMissingAlike = (one: Output, other: Output): boolean => {
  for (let at = 0; at < one.values.length; at++)
    if (Number.isNaN(one.values[at]) !== Number.isNaN(other.values[at])) return false
  return true
}

type Rule = (one: Output, other: Output, comparison: Comparison) => boolean | undefined

const isEqual: Rule = (one, other) => {
  for (let at = 0; at < one.values.length; at++)
    if (!Object.is(one.values[at], other.values[at]) && one.values[at] !== other.values[at]) return false
  return true
}

/** Each row of two outputs of one shape. */
const everyRow = (one: Output, holds: (from: number, width: number) => boolean): boolean => {
  const width = Math.max(1, widthOf(one))
  for (let from = 0; from < one.values.length; from += width) if (!holds(from, width)) return false
  return true
}

const isSameLargest: Rule = (one, other) =>
  widthOf(one) > 1
    ? isMissingAlike(one, other) &&
      everyRow(
        one,
        (from, width) =>
          placeOfLargest(one.values, from, width) === placeOfLargest(other.values, from, width),
      )
    : undefined

const isNear = (one: number | bigint | string, other: number | bigint | string, most: number): boolean => {
  if (Object.is(one, other) || one === other) return true
  if (typeof one === 'bigint' && typeof other === 'bigint') return Math.abs(Number(one - other)) <= most
  return typeof one === 'number' && typeof other === 'number' && Math.abs(one - other) <= most
}

const isWithin: Rule = (one, other, { maxDifference }) => {
  for (let at = 0; at < one.values.length; at++)
    if (!isNear(one.values[at] as number, other.values[at] as number, maxDifference)) return false
  return true
}

/** Numbers that are not finite count as 0, once they are known to stand in the same places. */
const finite = (values: Output['values'], at: number): number => {
  const value = Number(values[at])
  return Number.isFinite(value) ? value : 0
}

const largestIn = (values: Output['values'], from: number, width: number): number => {
  let largest = 0
  for (let at = from; at < from + width; at++) largest = Math.max(largest, Math.abs(finite(values, at)))
  return largest
}

/** Cosine of two rows; 1 where both have no length, and 0 where one has none. Rows are scaled, so that no square overflows. */
const cosineOf = (one: Output['values'], other: Output['values'], from: number, width: number): number => {
  const scales = [largestIn(one, from, width), largestIn(other, from, width)] as const
  if (scales[0] === 0 || scales[1] === 0) return scales[0] === scales[1] ? 1 : 0
  let [product, first, second] = [0, 0, 0]
  for (let at = from; at < from + width; at++) {
    const [a, b] = [finite(one, at) / scales[0], finite(other, at) / scales[1]]
    product += a * b
    first += a * a
    second += b * b
  }
  return product / (Math.sqrt(first) * Math.sqrt(second))
}

const isInfiniteAlike: Rule = ({ values }, other) => {
  for (let at = 0; at < values.length; at++) {
    const [one, two] = [values[at], other.values[at]]
    if ((Number.isFinite(one) && Number.isFinite(two)) || Object.is(one, two)) continue
    return false
  }
  return true
}

const isSameDirection: Rule = (one, other, { minCosine }) =>
  widthOf(one) > 1
    ? isInfiniteAlike(one, other, { compare: 'cosine', maxDifference: 0, minCosine }) === true &&
      everyRow(one, (from, width) => cosineOf(one.values, other.values, from, width) >= minCosine)
    : undefined

const ignored: Rule = () => undefined

/** What is compared of an output by its kind; undefined: nothing that the comparison is about. */
const rules: Readonly<Record<ComparisonName, Readonly<Record<Output['kind'], Rule>>>> = {
  top1: { float: isSameLargest, whole: isEqual, text: isEqual },
  maxAbs: { float: isWithin, whole: isWithin, text: isEqual },
  cosine: { float: isSameDirection, whole: ignored, text: ignored },
  text: { float: ignored, whole: isEqual, text: isEqual },
}

const labelsEnd = /(^|\.)labels$/

/** Labels and their scores come in the order of the scores, which says nothing more than the scores do. */
const sortedRanking = (labels: Output, scores: Output): readonly [Output, Output] => {
  const width = Math.max(1, widthOf(labels))
  const order = Array.from(labels.values, (_, at) => at).sort((a, b) => {
    const rows = Math.floor(a / width) - Math.floor(b / width)
    return rows !== 0 ? rows : String(labels.values[a]) < String(labels.values[b]) ? -1 : 1
  })
  const sorted = (output: Output): Output => ({
    ...output,
    values: order.map((at) => output.values[at] as string | number),
  })
  return [sorted(labels), sorted(scores)]
}

const withSortedRankings = (outputs: readonly Output[]): ReadonlyMap<string, Output> => {
  const byName = new Map(outputs.map((output) => [output.name, output]))
  for (const labels of outputs) {
    const scores = labelsEnd.test(labels.name) && byName.get(labels.name.replace(labelsEnd, '$1scores'))
    if (!scores || labels.kind !== 'text' || String(labels.shape) !== String(scores.shape)) continue
    for (const one of sortedRanking(labels, scores)) byName.set(one.name, one)
  }
  return byName
}

/** Lists that every answer has, so that their lengths say nothing about what was answered. */
const envelopes: ReadonlySet<string> = new Set(['predictions.length', 'choices.length'])

const isAsked = ({ place }: Output, { compare }: Comparison): boolean =>
  compare !== 'top1' || place === undefined || place === 0

/** @returns undefined where they agree, or where nothing of the output is compared */
const differenceOf = (one: Output, other: Output | undefined, comparison: Comparison) => {
  if (!other) return { isCompared: true, reason: 'outputs' } as const
  if (one.kind !== other.kind || String(one.shape) !== String(other.shape))
    return { isCompared: true, reason: 'shape' } as const
  const isSame = rules[comparison.compare][one.kind](one, other, comparison)
  return { isCompared: isSame !== undefined, reason: isSame === false ? 'values' : undefined } as const
}

/** @param stable what the caller got @param canary what the copy got */
const compareOutputs = (
  stable: readonly Output[],
  canary: readonly Output[],
  comparison: Comparison,
): Agreement => {
  const asked = (outputs: readonly Output[]) =>
    withSortedRankings(outputs.filter((output) => isAsked(output, comparison)))
  const [ours, theirs] = [asked(stable), asked(canary)]
  let compared = 0
  for (const [name, one] of ours) {
    const { isCompared, reason } = differenceOf(one, theirs.get(name), comparison)
    if (reason) return { kind: 'disagreed', reason, output: name }
    compared += Number(isCompared && !envelopes.has(name))
  }
  for (const name of theirs.keys())
    if (!ours.has(name)) return { kind: 'disagreed', reason: 'outputs', output: name }
  return compared === 0 ? { kind: 'incomparable', reason: 'nothing-to-compare' } : { kind: 'agreed' }
}

const read = (answer: Answer, form: AnswerForm): readonly Output[] | undefined => {
  try {
    return outputsOf(answer, form)
  } catch (error) {
    // A list that is nested too deep ends the stack.
    if (error instanceof UnreadableAnswer || error instanceof RangeError) return undefined
    throw error
  }
}

export const compareAnswers = (
  stable: Answer,
  canary: Answer,
  form: AnswerForm,
  comparison: Comparison,
): Agreement => {
  if (stable.status !== canary.status) return { kind: 'disagreed', reason: 'status' }
  const ours = read(stable, form)
  if (!ours) return { kind: 'incomparable', reason: 'unreadable-answer' }
  const theirs = read(canary, form)
  return theirs ? compareOutputs(ours, theirs, comparison) : { kind: 'disagreed', reason: 'unreadable' }
}
