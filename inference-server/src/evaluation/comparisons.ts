import type { Comparison, EvaluationRequest } from '@gantry/contract/evaluation.ts'
import { compare } from '../accuracy/compare.ts'
import type { Log } from '../process/log.ts'
import type { Answered } from './answered.ts'

/**
 * The others against one, sample by sample. A pair that cannot be compared is left out, and the log says why.
 * @param measured candidates that have a measurement
 */
export const comparisonsOf = (
  { compareWith, metric, seed }: Pick<EvaluationRequest, 'compareWith' | 'metric' | 'seed'>,
  measured: readonly Pick<Answered, 'candidate' | 'accuracy'>[],
  log: Log,
): readonly Comparison[] => {
  const other = measured.find(({ candidate }) => candidate.name === compareWith)
  if (compareWith === undefined || !other) return []
  return measured.flatMap((one): readonly Comparison[] => {
    if (one === other) return []
    const { name } = one.candidate
    const found = compare(metric, one.accuracy, other.accuracy, seed)
    if ('notComparable' in found) {
      log.warn(`${name} cannot be compared with ${compareWith}: ${found.notComparable}`, { candidate: name })
      return []
    }
    const { interval, ...test } = found
    return [{ name, with: compareWith, metric, ...test, interval: [...interval] }]
  })
}
