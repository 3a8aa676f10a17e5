/** Samples with what a model answered to them. */
import type { Metric } from '@gantry/contract/evaluation.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { Label, Sample } from '../datasets/sample.ts'
import type { Accuracy } from './accuracy.ts'
import { CandidateError } from './candidate-error.ts'
import type { Prediction } from './prediction.ts'
import type { Statistics } from './statistics.ts'

/** What the metrics of one kind of labels find. */
export interface Found
  extends Pick<Accuracy, 'undefinedMetrics' | 'remarks' | 'mistakes' | 'confusion' | 'perClass'> {
  readonly statistics: Readonly<Partial<Record<Metric, Statistics>>>
}

export interface Answered<L extends Label['kind'], P extends Prediction['kind']> {
  readonly line: number
  readonly label: Extract<Label, { kind: L }>
  readonly prediction: Extract<Prediction, { kind: P }>
}

/** The candidate's answer to a line cannot be used. @param what a clause such as `the model answered NaN` */
export const unusable = (line: number, what: string): CandidateError =>
  new CandidateError('PredictionFailed', `line ${line}: ${what}`)

/**
 * The samples whose label is of a kind, with their predictions.
 * @throws CandidateError PredictionFailed for a prediction of another kind
 */
export const answeredBy = <L extends Label['kind'], P extends Prediction['kind']>(
  samples: readonly Sample[],
  predictions: readonly Prediction[],
  [labelKind, predictionKind]: readonly [L, P],
): readonly Answered<L, P>[] => {
  const isLabel = (label: Label): label is Extract<Label, { kind: L }> => label.kind === labelKind
  const isPrediction = (one: Prediction | undefined): one is Extract<Prediction, { kind: P }> =>
    one?.kind === predictionKind
  return samples.flatMap(({ line, label }, at) => {
    if (!isLabel(label)) return []
    const prediction = predictions[at]
    if (!isPrediction(prediction))
      throw unusable(
        line,
        `the model answered ${prediction?.kind ?? 'nothing'}, and the label needs ${predictionKind}`,
      )
    return [{ line, label, prediction }]
  })
}

/** Wrong answers that a report lists. */
const mostMistakes = 50
/** Characters of an answer or a label in a report. */
const mostCharacters = 200

type Mistake = Accuracy['mistakes'][number]

/** The first wrong answers, on a line each, cut where they are long. */
export const mistakesOf = <Of extends { readonly line: number }>(
  all: readonly Of[],
  shown: (one: Of) => { readonly wrong: boolean; readonly expected: string; readonly predicted: string },
): readonly Mistake[] => {
  const mistakes: Mistake[] = []
  for (const one of all) {
    if (mistakes.length === mostMistakes) break
    const { wrong, expected, predicted } = shown(one)
    if (wrong)
      mistakes.push({
        line: one.line,
        expected: plainText(expected, mostCharacters),
        predicted: plainText(predicted, mostCharacters),
      })
  }
  return mistakes
}
