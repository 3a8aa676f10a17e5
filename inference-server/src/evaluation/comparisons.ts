import type { Comparison, EvaluationRequest } from '@gantry/contract/evaluation.ts'
import { compare } from '../accuracy/compare.ts'
import type { Log } from '../process/log.ts'
import type { Answered } from './answered.ts'

/**
 * Candidates against those that they name, or the request names, sample by sample. A pair that cannot be compared is left out, and the log says why.
 * @param measured candidates that have a measurement
 */
export const comparisonsOf = (
  { compareWith, metric, seed }: Pick<EvaluationRequest, 'compareWith' | 'metric' | 'seed'>,
  measured: readonly Pick<Answered, 'candidate' | 'accuracy'>[],
  log: Log,
): readonly Comparison[] => {
  return measured.flatMap((one): readonly Comparison[] => {
    const { name, compareWith: own = compareWith } = one.candidate
    const other = measured.find(({ candidate }) => candidate.name === own)
    if (own === undefined || !other || other === one) return []
    const found = compare(metric, one.accuracy, other.accuracy, seed)
    if ('notComparable' in found) {
      log.warn(`${name} cannot be compared with ${own}: ${found.notComparable}`, { candidate: name })
      return []
    }
    const { interval, ...test } = found
    return [{ name, with: own, metric, ...test, interval: [...interval] }]
  })
}
