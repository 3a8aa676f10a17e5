import type { Finding } from '../finding.ts'
import type { Observed } from '../observe.ts'

/** Undefined when there is nothing to report. */
export type Check = (observed: Observed) => Finding | undefined
