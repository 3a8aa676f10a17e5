import type * as documents from './documents.gen.ts'
import type { Frozen } from './documents.ts'

export { type ImportFailure, importFailures } from './documents.gen.ts'

/** The kubelet passes on no more of a termination message, in bytes. */
export const maxReportBytes = 4096

/** What an import leaves as its container's termination message: JSON of at most `maxReportBytes`. */
export type ImportReport = Frozen<documents.ImportReport>
