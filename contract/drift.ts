/** What an evaluation leaves for the server, so that it can tell whether requests still look like the data set. */
import type * as documents from './documents.gen.ts'
import type { Frozen } from './documents.ts'

export { type DriftMode, driftModes } from './documents.gen.ts'

/** File of a version's folder, beside metadata.json. */
export const driftReferenceFile = 'drift-reference.json'

/** Content of drift-reference.json. */
export type DriftReference = Frozen<documents.DriftReference>
export type DriftFeature = Frozen<documents.DriftFeature>

/** Answers the reference that a server with `--drift record` has made, and ends the recording. */
export const driftReferencePath = '/drift/reference'

/** A feature drifts where its distance is above the first, and until it is below the second. */
export const driftsAbove = 0.2
export const restsBelow = 0.1

/** Rows of requests of which nothing is judged before they were compared. */
export const enoughDriftRows = 500
