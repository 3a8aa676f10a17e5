import type { Task } from '@gantry/contract/server.ts'
import type { Sample } from '../datasets/sample.ts'
import { quotedText } from '../failures/shown-text.ts'
import type { AccuracyOptions } from './accuracy.ts'
import { type Answered, answeredBy, type Found, mistakesOf, unusable } from './answered.ts'
import { checkAnswers, checkClasses } from './class-names.ts'
import {
  accuracyStatistics,
  type ClassPairs,
  classPairs,
  classScores,
  confusionOf,
  f1Statistics,
  topKStatistics,
} from './classification.ts'
import type { Prediction } from './prediction.ts'

/** Most classes of a confusion matrix. A larger one would take most of the report. */
const mostConfused = 200

type Ranked = Answered<'class', 'classes'>

/** Why the label is always, or never, among the k best. */
const topKTrouble = (
  all: readonly Ranked[],
  topK: number,
  classes: readonly string[] | undefined,
): string | undefined => {
  if (classes !== undefined && classes.length <= topK)
    return `topK counts a label among the ${topK} best, and the model has ${classes.length} classes; set topK below that`
  if (topK > 1 && all.every(({ prediction }) => prediction.ranking.length === 1))
    return 'the model answers its best class only, and does not rank the others'
  return undefined
}

const refuseForeign = (
  samples: readonly Sample[],
  all: readonly Ranked[],
  { classes, task }: ClassOptions,
): void => {
  // Words that a model does not know are labels that it gets wrong.
  if (task === 'fill-mask') return
  if (classes !== undefined) checkClasses(samples, classes)
  else
    checkAnswers(
      all.map(({ label }) => label.name),
      all.flatMap(({ prediction }) => prediction.ranking),
    )
}

const remarksOf = (labels: readonly string[], { names }: ClassPairs): readonly string[] => {
  const [first = ''] = labels
  const one = labels.every((label) => label === first)
  return [
    ...(one ? [`every label is ${quotedText(first)}; the metrics say nothing about other classes`] : []),
    ...(names.length > mostConfused
      ? [
          `the confusion matrix is left out, since there are ${names.length} classes; it has at most ${mostConfused}`,
        ]
      : []),
  ]
}

export interface ClassOptions extends Pick<AccuracyOptions, 'classes'> {
  readonly task: Task
  readonly topK: number
}

/** Metrics of labels that are classes. @throws CandidateError LabelsMismatch, PredictionFailed */
export const classMetrics = (
  samples: readonly Sample[],
  predictions: readonly Prediction[],
  options: ClassOptions,
): Found => {
  const all = answeredBy(samples, predictions, ['class', 'classes'])
  const empty = all.find(({ prediction }) => prediction.ranking.length === 0)
  if (empty !== undefined) throw unusable(empty.line, 'the model answered no class')
  refuseForeign(samples, all, options)
  const labels = all.map(({ label }) => label.name)
  const rankings = all.map(({ prediction }) => prediction.ranking)
  const best = rankings.map(([first = '']) => first)
  const pairs = classPairs(labels, best)
  const trouble = topKTrouble(all, options.topK, options.classes)
  return {
    statistics: {
      accuracy: accuracyStatistics(pairs),
      ...f1Statistics(pairs),
      ...(trouble === undefined ? { topK: topKStatistics(labels, rankings, options.topK) } : {}),
    },
    undefinedMetrics: trouble === undefined ? {} : { topK: trouble },
    remarks: remarksOf(labels, pairs),
    perClass: [...classScores(pairs)],
    ...(pairs.names.length <= mostConfused ? { confusion: confusionOf(pairs) } : {}),
    mistakes: mistakesOf(all, ({ label, prediction: { ranking } }) => ({
      wrong: ranking[0] !== label.name,
      expected: label.name,
      predicted: ranking[0] ?? '',
    })),
  }
}
