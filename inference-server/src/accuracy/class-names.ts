import { byCodePoint } from '../datasets/order.ts'
import type { Sample } from '../datasets/sample.ts'
import { quotedList } from '../failures/shown-text.ts'
import { CandidateError } from './candidate-error.ts'

/** Names that a message lists. */
const mostNames = 5

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)].sort(byCodePoint)

/**
 * Refuses labels that a model cannot answer.
 * @param classes names of all classes that the model has
 * @throws CandidateError LabelsMismatch, which names them
 */
export const checkClasses = (samples: readonly Sample[], classes: readonly string[]): void => {
  const known = new Set(classes)
  const labels = samples.flatMap(({ label }) => (label.kind === 'class' ? [label.name] : []))
  const unknown = distinct(labels.filter((name) => !known.has(name)))
  if (unknown.length === 0) return
  throw new CandidateError(
    'LabelsMismatch',
    `the model has no class for the labels ${quotedList(unknown, mostNames)} of the data set; it has ${quotedList(classes, mostNames)}. Give the candidate's labels, or label the samples with its classes`,
  )
}

/**
 * Refuses answers that no label could ever be, of a model that does not say which classes it has.
 * @throws CandidateError LabelsMismatch
 */
export const checkAnswers = (labels: readonly string[], answers: readonly string[]): void => {
  const known = new Set(labels)
  if (answers.some((answer) => known.has(answer))) return
  throw new CandidateError(
    'LabelsMismatch',
    `the model answers ${quotedList(distinct(answers), mostNames)} and the labels of the data set are ${quotedList(distinct(labels), mostNames)}; give the candidate's labels, or label the samples with its classes`,
  )
}
