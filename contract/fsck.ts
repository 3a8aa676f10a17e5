/** What a check of a model volume reports. */
import type * as documents from './documents.gen.ts'
import type { Frozen } from './documents.ts'

/** What `fsck --json` writes. */
export type VolumeReport = Frozen<documents.VolumeReport>
export type VolumeFinding = Frozen<documents.VolumeFinding>
