import type * as documents from './documents.gen.ts'
import type { Frozen } from './documents.ts'

export { type ImportFailure, importFailures } from './documents.gen.ts'

/** The kubelet passes on no more of a termination message, in bytes. */
export const maxReportBytes = 4096

/** Message of the line that an import logs while its source comes. The line has the members of an ImportProgress. */
export const progressLine = 'import progress'

/** How much of its source an import has read, in bytes as they are sent. */
export type ImportProgress = Frozen<documents.ImportProgress>

/** What an import leaves as its container's termination message: JSON of at most `maxReportBytes`. */
export type ImportReport = Frozen<documents.ImportReport>
