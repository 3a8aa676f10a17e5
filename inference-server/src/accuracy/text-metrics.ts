import type { Metric } from '@gantry/contract/evaluation.ts'
import type { Sample } from '../datasets/sample.ts'
import { type Answered, answeredBy, type Found, mistakesOf, unusable } from './answered.ts'
import { bleuStatistics } from './bleu.ts'
import { tokenizerFor } from './bleu-tokens.ts'
import { chrfStatistics } from './chrf.ts'
import type { Prediction } from './prediction.ts'
import { perplexityStatistics } from './regression.ts'
import { exactMatchStatistics, tokenF1Statistics } from './squad.ts'
import { rowCount, type Statistics } from './statistics.ts'

type Written = Answered<'texts', 'text'>

const noLikelihoods = 'the model is served without the likelihoods of given texts, which perplexity needs'

/** @throws CandidateError PredictionFailed */
const perplexity = (all: readonly Written[]): Statistics | undefined => {
  const likelihoods = all.flatMap(({ line, prediction: { likelihood } }) => {
    if (likelihood === undefined) return []
    const { logLikelihood, tokens } = likelihood
    if (!Number.isFinite(logLikelihood) || !(tokens > 0))
      throw unusable(
        line,
        `the model finds the label impossible, with the logarithm ${logLikelihood} for ${tokens} tokens`,
      )
    return [likelihood]
  })
  return likelihoods.length === all.length ? perplexityStatistics(likelihoods) : undefined
}

const firstAmount = ({ rows }: Statistics, row: number): number =>
  rows.amounts[rows.starts[row] as number] ?? 0

/** Metrics of labels that are texts. @param wanted those that the task has @throws CandidateError PredictionFailed */
export const textMetrics = (
  samples: readonly Sample[],
  predictions: readonly Prediction[],
  wanted: readonly Metric[],
): Found => {
  const all = answeredBy(samples, predictions, ['texts', 'text'])
  const answers = all.map(({ prediction }) => prediction.text)
  const texts = all.map(({ label }) => label.texts)
  const exactMatch = exactMatchStatistics(answers, texts)
  const tokenizer = tokenizerFor(texts.flat())
  const likely = wanted.includes('perplexity') ? perplexity(all) : undefined
  const corpus = wanted.includes('bleu')
    ? { bleu: bleuStatistics(answers, texts, tokenizer), chrf: chrfStatistics(answers, texts) }
    : {}
  const wrong = new Set(
    all.filter((_, at) => at < rowCount(exactMatch.rows) && firstAmount(exactMatch, at) === 0),
  )
  return {
    statistics: {
      exactMatch,
      tokenF1: tokenF1Statistics(answers, texts),
      ...corpus,
      ...(likely === undefined ? {} : { perplexity: likely }),
    },
    undefinedMetrics:
      wanted.includes('perplexity') && likely === undefined ? { perplexity: noLikelihoods } : {},
    remarks:
      wanted.includes('bleu') && tokenizer !== '13a'
        ? [
            `bleu is computed with the tokenizer ${tokenizer} of sacrebleu, which fits the language of the labels`,
          ]
        : [],
    mistakes: mistakesOf(all, (one) => ({
      wrong: wrong.has(one),
      expected: one.label.texts.join(' | '),
      predicted: one.prediction.text,
    })),
  }
}
