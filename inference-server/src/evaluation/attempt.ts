/** What one candidate fails with is its result, and the others go on. */
import type { EvaluationCandidate, Unmeasured } from '@gantry/contract/evaluation.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { CandidateError } from '../accuracy/candidate-error.ts'
import { StartError } from '../failures/errors.ts'
import { ImportError } from '../failures/import-error.ts'
import type { Log } from '../process/log.ts'

/** What is known of a candidate so far, or why there will be no more. */
export type Known<Value> = { readonly value: Value } | { readonly unmeasured: Unmeasured }

const unmeasuredOf = (name: string, error: unknown): Unmeasured | undefined => {
  if (error instanceof CandidateError)
    return { name, reason: error.reason, message: plainText(error.message) }
  if (error instanceof StartError) return { name, reason: 'LoadFailed', message: error.message }
  if (!(error instanceof ImportError)) return undefined
  const message = plainText(error.message.replaceAll('spec.model.source', 'source'))
  return { name, reason: error.reason, message, retry: error.retry }
}

/** @throws what is no failure of the candidate, and where the signal says so */
export const attempt = async <Value>(
  { name }: Pick<EvaluationCandidate, 'name'>,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
  work: () => Promise<Value>,
): Promise<Known<Value>> => {
  try {
    return { value: await work() }
  } catch (error) {
    signal.throwIfAborted()
    const unmeasured = unmeasuredOf(name, error)
    if (!unmeasured) throw error
    const detail = error instanceof ImportError || error instanceof StartError ? error.detail : undefined
    log.warn('a candidate could not be measured', {
      candidate: name,
      reason: unmeasured.reason,
      error: unmeasured.message,
      ...(detail !== undefined && { detail }),
    })
    return { unmeasured }
  }
}
