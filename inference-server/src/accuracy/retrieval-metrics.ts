import type { Sample } from '../datasets/sample.ts'
import { type Answered, answeredBy, type Found, mistakesOf, unusable } from './answered.ts'
import { CandidateError } from './candidate-error.ts'
import type { Prediction } from './prediction.ts'
import { ranking, recallStatistics, reciprocalRankStatistics } from './retrieval.ts'

type Embedded = Pick<Answered<'document' | 'relevant', 'vector'>, 'line' | 'prediction'>

/** @throws CandidateError for NaN, and for vectors of different lengths */
const checkVectors = (all: readonly Embedded[]): void => {
  const length = all[0]?.prediction.vector.length ?? 0
  for (const { line, prediction } of all) {
    const { vector } = prediction
    if (vector.length !== length || length === 0)
      throw new CandidateError(
        'ShapeMismatch',
        `line ${line}: the model answered a vector of ${vector.length} numbers, and one of ${length} before; vectors of one length can be compared`,
      )
    for (let at = 0; at < length; at += 1)
      if (!Number.isFinite(vector[at])) throw unusable(line, `the model answered a vector with ${vector[at]}`)
  }
}

/** Metrics of queries and documents. @throws CandidateError PredictionFailed, ShapeMismatch */
export const retrievalMetrics = (
  samples: readonly Sample[],
  predictions: readonly Prediction[],
  topK: number,
): Found => {
  const documents = answeredBy(samples, predictions, ['document', 'vector'])
  const queries = answeredBy(samples, predictions, ['relevant', 'vector'])
  checkVectors([...documents, ...queries])
  const places = new Map(documents.map(({ label }, at) => [label.id, at]))
  const ranks = ranking(
    queries.map(({ label, prediction }) => ({
      vector: prediction.vector,
      relevant: label.documents.map((id) => places.get(id) as number),
    })),
    documents.map(({ prediction }) => prediction.vector),
  )
  const trouble =
    documents.length <= topK
      ? `recallAtK counts documents among the first ${topK}, and the data set has ${documents.length}; set topK below that`
      : undefined
  const first = new Map(queries.map((query, at) => [query, ranks[at]?.[0] ?? 0]))
  return {
    statistics: {
      meanReciprocalRank: reciprocalRankStatistics(ranks),
      ...(trouble === undefined ? { recallAtK: recallStatistics(ranks, topK) } : {}),
    },
    undefinedMetrics: trouble === undefined ? {} : { recallAtK: trouble },
    remarks: [],
    mistakes: mistakesOf(queries, (query) => ({
      wrong: first.get(query) !== 1,
      expected: query.label.documents.join(', '),
      predicted: `the first of them has rank ${first.get(query)}`,
    })),
  }
}
