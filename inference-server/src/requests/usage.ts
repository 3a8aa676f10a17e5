import type { ModelFolder } from '../models/model-files.ts'
import type { Declared } from './declared-names.ts'

/** What one request was for the model; filled in on the way, like its timings. */
export interface Usage {
  /** Tokens that the model read, those of each item once. */
  promptTokens: number
  /** Tokens that it wrote. */
  newTokens: number
  /** Rows of the largest batch that the request was part of; 0 for texts that are written token by token. */
  batchRows: number
  /** Rows that an explanation asked the model about; 0 for predictions. */
  evaluations: number
  /** Which version answered, or was to. */
  model?: Pick<ModelFolder, 'version' | 'task'> & { readonly declared?: Declared | undefined }
}

export const newUsage = (): Usage => ({ promptTokens: 0, newTokens: 0, batchRows: 0, evaluations: 0 })
