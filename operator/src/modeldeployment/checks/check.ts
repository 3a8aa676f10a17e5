import type { Finding } from '../../runtime/finding.ts'
import type { ReconcileConfig } from '../config.ts'
import type { Observed } from '../observe.ts'

/** Undefined when there is nothing to report. */
export type Check = (observed: Observed) => Finding | undefined

/** A check of what spec asks for, before anything is done for it. */
export type Blocker = (observed: Observed, config: ReconcileConfig) => Finding | undefined
