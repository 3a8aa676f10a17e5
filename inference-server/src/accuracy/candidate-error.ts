import type { CandidateFailure } from '@gantry/contract/evaluation.ts'

/** Why one candidate has no metrics, while others may have. Its message is a sentence that says what to do next. */
export class CandidateError extends Error {
  override readonly name = 'CandidateError'
  readonly reason: CandidateFailure

  constructor(reason: CandidateFailure, message: string, options: ErrorOptions = {}) {
    super(message, options)
    this.reason = reason
  }
}
