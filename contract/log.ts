import type * as documents from './documents.gen.ts'
import type { Frozen } from './documents.ts'

export { type LogLevel, logLevels } from './documents.gen.ts'

/** A line of the log of either program, and so often the last line of a container that ended. */
export type LogLine = Frozen<documents.LogLine>
