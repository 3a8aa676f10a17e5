import type { RowVerdict, Task } from './server.ts'

/** The model volume: `versions.json`, and one folder per version with its files and `metadata.json`. */
export const versionsFile = 'versions.json'
export const metadataFile = 'metadata.json'

/** v_YYYYMMDD_HHMMSS in UTC; `_2`, `_3`, … follows when several imports fall into one second. */
export const versionIdPattern = /^v_\d{8}_\d{6}(_\d+)?$/

/** What the proof found of the rows of a graph, kept so that a start does not repeat it. */
export interface KeptProof {
  /** Of the rules it was proven by: with other ones it is proven anew. */
  readonly proofVersion: number
  readonly verdict: Exclude<RowVerdict, 'coupled'>
  /** What was found, and the first node and operator that say so; absent where rows are independent. */
  readonly reason?: string
  readonly node?: string
  readonly operator?: string
}

/** metadata.json: one imported version. */
export interface VersionMetadata {
  readonly id: string
  /** The user's label, spec.model.version. */
  readonly label?: string
  /** Hash of the source and label it was imported from; for one task, the same revision is never imported twice. */
  readonly revision: string
  /** Where it came from, without credentials. */
  readonly source: string
  /** `sha256:<hex>` over the sorted list of (file digest, relative path). */
  readonly digest: string
  readonly task: Task
  /** The graph that the user chose, spec.model.source.file; relative to the version's folder. */
  readonly file?: string
  /** What the import changed in the source's files, a sentence each. */
  readonly changed?: readonly string[]
  /** Sum of the sizes of its files, in bytes. */
  readonly sizeBytes: number
  /** RFC 3339, UTC. */
  readonly createdAt: string
  readonly files: readonly { readonly path: string; readonly sizeBytes: number; readonly sha256: string }[]
  /** Proofs of the graphs, by the paths of their files. */
  readonly rows?: Readonly<Record<string, KeptProof>>
}

/** versions.json: what is on the volume, oldest first. */
export interface VersionsIndex {
  readonly versions: readonly Omit<VersionMetadata, 'files' | 'rows'>[]
}
