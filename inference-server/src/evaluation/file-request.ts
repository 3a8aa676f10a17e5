/** What a ModelEvaluation asks to measure, as a request. */
import { dirname, resolve } from 'node:path'
import { parsedSeconds } from '@gantry/contract/duration.ts'
import type { EvaluationCandidate, EvaluationRequest } from '@gantry/contract/evaluation.ts'
import { lacking } from '@gantry/evaluation/requirements.ts'
import { schemeOf } from '../import/source.ts'
import type { EvaluationSpec } from './evaluation-object.ts'

/** A path is relative to the file that names it. */
const sourceOf = (uri: string, folder: string): string => {
  const scheme = schemeOf(uri)
  return scheme === undefined ? `file://${resolve(folder, uri)}` : uri
}

const candidateOf = (
  { name, task, source, labels }: EvaluationSpec['candidates'][number],
  folder: string,
): EvaluationCandidate => ({
  ...{ name, task },
  source: sourceOf(source.uri ?? '', folder),
  ...(source.file !== undefined && { file: source.file }),
  ...(source.sha256 !== undefined && { sha256: source.sha256 }),
  ...(labels && { labels }),
})

/**
 * Candidates that lack what is required are left out: they need no measurement.
 * @param path of the file
 * @returns undefined where no candidate is left
 */
export const requestOf = (spec: EvaluationSpec, path: string): EvaluationRequest | undefined => {
  const folder = dirname(path)
  const able = spec.candidates.filter((candidate) => lacking(spec.requirements, candidate).length === 0)
  const [first, ...others] = able.map((candidate) => candidateOf(candidate, folder))
  if (!first) return undefined
  const { dataset, metric = 'accuracy', output, topK, concurrencies, serve = {}, timeBudget } = spec
  const { file, sha256, format, split, sample } = dataset
  const seconds = parsedSeconds(timeBudget ?? '')
  return {
    candidates: [first, ...others],
    dataset: {
      source: sourceOf(dataset.uri ?? '', folder),
      ...(file !== undefined && { file }),
      ...(sha256 !== undefined && { sha256 }),
      ...(format && { format }),
      ...(split && { split }),
      ...(sample && { sample }),
    },
    metric,
    ...(output !== undefined && { output }),
    ...(topK !== undefined && { topK }),
    ...(concurrencies && { concurrencies }),
    ...(serve.device && { device: serve.device }),
    ...(serve.threads !== undefined && { threads: serve.threads }),
    ...(serve.maxRows !== undefined && { batching: { maxRows: serve.maxRows } }),
    ...(seconds !== undefined && { timeBudgetSeconds: seconds * able.length }),
  }
}
