/** What a ModelEvaluation asks to measure, as a request. */
import { dirname, resolve } from 'node:path'
import { parsedSeconds } from '@gantry/contract/duration.ts'
import type { EvaluationCandidate, EvaluationRequest } from '@gantry/contract/evaluation.ts'
import { lacking } from '@gantry/evaluation/requirements.ts'
import { StartError } from '../failures/errors.ts'
import { schemeOf } from '../import/sources/source.ts'
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

const datasetOf = (
  { uri = '', file, sha256, format, split, sample }: EvaluationSpec['dataset'],
  folder: string,
): EvaluationRequest['dataset'] => ({
  source: sourceOf(uri, folder),
  ...(file !== undefined && { file }),
  ...(sha256 !== undefined && { sha256 }),
  ...(format && { format }),
  ...(split && { split }),
  ...(sample && { sample }),
})

/** @throws StartError with exit code 2 where no candidate has the name */
const requireCandidate = ({ candidates }: EvaluationSpec, name: string | undefined): void => {
  const names = candidates.map((candidate) => candidate.name)
  if (name === undefined || names.includes(name)) return
  throw new StartError(`--compare-with ${name} names no candidate; there are ${names.join(', ')}`, 2)
}

/**
 * Candidates that lack what is required are left out: they need no measurement.
 * @param path of the file
 * @param compareWith the candidate that the others are compared with
 * @returns undefined where no candidate is left
 * @throws StartError where `compareWith` is no candidate
 */
export const requestOf = (
  spec: EvaluationSpec,
  path: string,
  compareWith?: string,
): EvaluationRequest | undefined => {
  requireCandidate(spec, compareWith)
  const folder = dirname(path)
  const able = spec.candidates.filter((candidate) => lacking(spec.requirements, candidate).length === 0)
  const [first, ...others] = able.map((candidate) => candidateOf(candidate, folder))
  if (!first) return undefined
  const { metric = 'accuracy', output, topK, concurrencies, serve = {}, timeBudget } = spec
  const seconds = parsedSeconds(timeBudget ?? '')
  return {
    candidates: [first, ...others],
    dataset: datasetOf(spec.dataset, folder),
    metric,
    ...(compareWith !== undefined && { compareWith }),
    ...(output !== undefined && { output }),
    ...(topK !== undefined && { topK }),
    ...(concurrencies && { concurrencies }),
    ...(serve.device && { device: serve.device }),
    ...(serve.threads !== undefined && { threads: serve.threads }),
    ...(serve.maxRows !== undefined && { batching: { maxRows: serve.maxRows } }),
    ...(seconds !== undefined && { timeBudgetSeconds: seconds * able.length }),
  }
}
