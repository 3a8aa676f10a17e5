import type { EvaluationFailure } from '@gantry/contract/evaluation.ts'
import type { Retry } from '../failures/import-error.ts'

/** Why no candidate can be measured on a data set. Its message is a sentence for the person who gave the data set. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError'
  readonly reason: EvaluationFailure
  readonly retry: Retry

  constructor(reason: EvaluationFailure, message: string, options: ErrorOptions & { retry?: Retry } = {}) {
    super(message, options)
    this.reason = reason
    this.retry = options.retry ?? 'never'
  }
}

/** The data set cannot be used as it is. */
export const invalid = (message: string, cause?: unknown): DatasetError =>
  new DatasetError('DatasetInvalid', message, cause === undefined ? {} : { cause })

/** @param what a clause such as `label is missing` */
export const invalidLine = (line: number, what: string): DatasetError => invalid(`line ${line}: ${what}`)
