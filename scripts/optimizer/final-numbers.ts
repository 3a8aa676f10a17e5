/** Both models beside each other as the server serves them: the last word, on samples that the optimizer has not seen. */
import { isError, type Metric } from '../../contract/evaluation.ts'

/** What is read of the report of `evaluate`. */
export interface EvaluationResults {
  readonly status: {
    readonly results?: readonly {
      readonly name: string
      readonly metrics?: Readonly<Partial<Record<Metric, number>>>
      readonly message?: string
    }[]
  }
}

export const candidates = { before: 'before', after: 'after' } as const

/** Decimals such as 0.9 and 0.89 differ by a little more than their difference. */
const rounding = 1e-9

/** @returns why the optimized model is not good enough; undefined where it is */
export const refusalBy = (
  { status }: EvaluationResults,
  metric: Metric,
  maxAccuracyDrop: number,
): string | undefined => {
  const measured = (name: string): number | undefined =>
    status.results?.find((result) => result.name === name)?.metrics?.[metric]
  const before = measured(candidates.before)
  const after = measured(candidates.after)
  if (before === undefined || after === undefined)
    return `The server did not measure ${metric} of ${before === undefined ? 'the original' : 'the optimized'} model.`
  const drop = isError(metric) ? after - before : before - after
  if (drop <= maxAccuracyDrop + rounding) return undefined
  return `As the server serves it, ${metric} is ${after.toFixed(4)}, and was ${before.toFixed(4)}; ${maxAccuracyDrop} may be lost. Take a gentler recipe, or allow a larger --max-accuracy-drop.`
}
