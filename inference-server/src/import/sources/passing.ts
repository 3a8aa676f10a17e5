/** Failures of a remote source that another attempt may mend. */
import { ImportError, type ImportErrorOptions } from '../../failures/import-error.ts'

/** A temporary failure of the server: another attempt makes sense, and goes on where this one ended. */
export class Passing extends ImportError {
  /** Delay that the server asks for by Retry-After. */
  readonly waitMs: number | undefined

  constructor(message: string, options: ImportErrorOptions & { readonly waitMs?: number | undefined } = {}) {
    super('SourceUnreachable', message, 'backoff', options)
    this.waitMs = options.waitMs
  }
}

/** The source is another one than at the beginning of the import: what was read so far is thrown away, and everything is read anew. */
export class SourceChanged extends Passing {}
