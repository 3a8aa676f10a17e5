import type * as documents from './documents.gen.ts'
import type { Frozen } from './documents.ts'

export { versionIdPattern } from './documents.gen.ts'

/** The model volume: `versions.json`, and one folder per version with its files and `metadata.json`. */
export const versionsFile = 'versions.json'
export const metadataFile = 'metadata.json'

export type KeptProof = Frozen<documents.KeptProof>
/** Content of metadata.json. */
export type VersionMetadata = Frozen<documents.VersionMetadata>
/** A version as versions.json has it. */
export type IndexedVersion = Frozen<documents.IndexedVersion>
/** The object that asked for a version. */
export type Requester = Frozen<documents.Requester>
/** Content of versions.json. */
export type VersionsIndex = Frozen<documents.VersionsIndex>
