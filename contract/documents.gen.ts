/** Generated from contract/documents.schema.json by scripts/generate.ts; change the schema, not this file. */

/**
 * What the server does around the model, spec.model.task.
 */
export type Task =
  | 'tensor'
  | 'text-classification'
  | 'token-classification'
  | 'question-answering'
  | 'feature-extraction'
  | 'zero-shot-classification'
  | 'fill-mask'
  | 'text-generation'
  | 'code-generation'
  | 'translation'
  | 'image-classification'
  | 'zero-shot-image-classification'
  | 'image-to-text'
/**
 * The hardware that is asked for, spec.serve.device.
 */
export type Device = 'auto' | 'gpu' | 'cpu'
/**
 * The hardware that a session really runs on.
 */
export type Accelerator = 'cuda' | 'cpu'
/**
 * What is known of the rows of a model, one row being one entry of axis 0 of every input and output. `independent` is proven from the graph. `scaled` is too, but for one quantization scale that a whole batch shares. `unproven` could not be proven. `coupled` was seen not to hold. `unbatchable` has no free axis 0.
 */
export type RowVerdict = 'independent' | 'scaled' | 'unproven' | 'coupled' | 'unbatchable'
/**
 * Whose rows may share a run: those that are proven independent, also those that the user says are, or nobody's.
 */
export type RowMode = 'auto' | 'independent' | 'alone'
/**
 * What the request log holds of each request: nothing, no content, content made unreadable in one of two ways, everything.
 */
export type RequestLogMode = 'off' | 'metadata' | 'hashed' | 'encrypted' | 'full'
/**
 * Why an import failed; also the reason of the condition and of the Event. Time may mend SourceUnreachable; somebody must act on the others.
 */
export type ImportFailure =
  | 'SourceUnreachable'
  | 'SourceNotFound'
  | 'SourceForbidden'
  | 'SourceNotAllowed'
  | 'SourceUnsupported'
  | 'DigestMismatch'
  | 'NotOnnx'
  | 'UnsafePath'
  | 'ModelIncomplete'
  | 'ModelUnsupported'
  | 'VolumeFull'
  | 'ImportFailed'
/**
 * v_YYYYMMDD_HHMMSS in UTC; `_2`, `_3`, … follows when several imports fall into one second. Also a folder's name and the value of a label.
 */
export type VersionId = string
/**
 * RFC 3339, UTC.
 */
export type Time = string
/**
 * A size in bytes; at most 2^53 - 1, the largest whole number that every reader of JSON keeps exactly.
 */
export type SizeBytes = number
/**
 * A version as versions.json has it.
 */
export type IndexedVersion = Version & {
  /**
   * What the import changed in the source's files, a sentence each.
   */
  changed?: string[]
}
/**
 * metadata.json: one imported version.
 */
export type VersionMetadata = IndexedVersion & {
  files: {
    /**
     * Relative to the version's folder.
     */
    path: string
    sizeBytes: SizeBytes
    sha256: string
  }[]
  /**
   * Proofs of the graphs, by the paths of their files.
   */
  rows?: {
    [k: string]: KeptProof
  }
}
/**
 * A version in the report of a Job, with the revision and the label that the operator gave it.
 */
export type ReportedVersion = Version & {
  revision?: string
  label?: string
}
/**
 * What an import leaves as its container's termination message: JSON, at most 4096 bytes.
 */
export type ImportReport = ImportedReport | FailedReport
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/**
 * One imported version, as far as every document about it tells.
 */
export interface Version {
  id: VersionId
  /**
   * The user's label, spec.model.version.
   */
  label?: string
  /**
   * Hash of the source and label it was imported from; for one task, the same revision is never imported twice.
   */
  revision: string
  /**
   * Where it came from, without credentials.
   */
  source: string
  /**
   * `sha256:<hex>` over the sorted list of (file digest, relative path).
   */
  digest: string
  task: Task
  /**
   * The graph that the user chose, spec.model.source.file; relative to the version's folder.
   */
  file?: string
  sizeBytes: SizeBytes
  createdAt: Time
}
/**
 * versions.json: what is on the volume, oldest first.
 */
export interface VersionsIndex {
  versions: IndexedVersion[]
}
/**
 * What the proof found of the rows of a graph, kept so that a start does not repeat it.
 */
export interface KeptProof {
  /**
   * Version of the rules it was proven by: with other ones it is proven anew.
   */
  proofVersion: number
  verdict: 'independent' | 'scaled' | 'unproven' | 'unbatchable'
  /**
   * What was found; absent where rows are independent.
   */
  reason?: string
  /**
   * The first node that says so.
   */
  node?: string
  /**
   * The operator of that node.
   */
  operator?: string
}
export interface ImportedReport {
  outcome: 'imported'
  version: ReportedVersion
  /**
   * Ids removed from the volume because of the history limit.
   */
  pruned: VersionId[]
}
export interface FailedReport {
  outcome: 'failed'
  reason: ImportFailure
  /**
   * A sentence that says what to do next.
   */
  message: string
  /**
   * Whether somebody must act first, or time may mend it.
   */
  retry: 'never' | 'backoff'
}
/**
 * A line of the log of either program: one JSON object with these members first, then what the line is about. The last line at level error of a container that ended is in the status of its model.
 */
export interface LogLine {
  timestamp: Time
  level: LogLevel
  message: string
}
/**
 * Extra member of the model metadata answer (GET /v2/models/NAME) next to the protocol's own: what the operator reads back from a running server, so that Ready speaks of what answers and not of what was asked for.
 */
export interface ServedModel {
  /**
   * Id of the version.
   */
  version: string
  device: {
    requested: Device
    active: Accelerator
    /**
     * Why not what was requested.
     */
    reason?: string
  }
  /**
   * Whether requests share runs. Absent in the answers of older servers.
   */
  batching?: {
    rows: RowVerdict
    batched: boolean
    /**
     * Why not, or what makes it differ from plain independence; a sentence without a full stop.
     */
    reason?: string
  }
  /**
   * What nothing in the folder says and the task takes for granted; sentences without a full stop. Absent where there is none.
   */
  assumptions?: string[]
}
/**
 * settings.json. Everything but `name`, `model` and `task` has a default in the server.
 */
export interface ServerSettings {
  /**
   * Name of the model in URLs.
   */
  name: string
  /**
   * Folder of the version, absolute.
   */
  model: string
  /**
   * Id of the version, as in status.versions.
   */
  version?: string
  task: Task
  /**
   * Whether a folder that leaves open what its task needs is refused.
   */
  strict?: boolean
  /**
   * Class names in output order; default is labels.json or config.json of the folder.
   */
  labels?: string[]
  /**
   * Reply template per category, `default` for all others.
   */
  responses?: {
    [k: string]: string
  }
  device?: Device
  batching?: {
    rows?: RowMode
    /**
     * Most rows in a batch.
     */
    maxRows: number
    /**
     * Longest wait for a batch to fill, in milliseconds.
     */
    maxDelayMs: number
    /**
     * Most waiting requests.
     */
    maxQueue: number
    /**
     * Most tokens in a batch.
     */
    maxTokens?: number
  }
  /**
   * Intra-op threads of one inference.
   */
  threads?: number
  /**
   * Deadline of one request.
   */
  timeoutSeconds?: number
  requestLog?: {
    mode: RequestLogMode
    /**
     * Share of the requests that are logged, above 0 and at most 1.
     */
    sampleRate?: number
    /**
     * Folder with the keys of modes hashed and encrypted.
     */
    keys?: string
  }
  /**
   * Names of what modes hashed and encrypted hide; without any, they hide everything.
   */
  sensitiveFields?: string[]
  /**
   * Folder with the API keys; without it, everybody may ask.
   */
  apiKeys?: string
  /**
   * PEM files; with them both ports speak TLS, without them neither does.
   */
  tls?: {
    cert: string
    key: string
  }
}

export const tasks = [
  'tensor',
  'text-classification',
  'token-classification',
  'question-answering',
  'feature-extraction',
  'zero-shot-classification',
  'fill-mask',
  'text-generation',
  'code-generation',
  'translation',
  'image-classification',
  'zero-shot-image-classification',
  'image-to-text',
] as const
export const devices = [
  'auto',
  'gpu',
  'cpu',
] as const
export const accelerators = [
  'cuda',
  'cpu',
] as const
export const rowVerdicts = [
  'independent',
  'scaled',
  'unproven',
  'coupled',
  'unbatchable',
] as const
export const rowModes = [
  'auto',
  'independent',
  'alone',
] as const
export const requestLogModes = [
  'off',
  'metadata',
  'hashed',
  'encrypted',
  'full',
] as const
export const importFailures = [
  'SourceUnreachable',
  'SourceNotFound',
  'SourceForbidden',
  'SourceNotAllowed',
  'SourceUnsupported',
  'DigestMismatch',
  'NotOnnx',
  'UnsafePath',
  'ModelIncomplete',
  'ModelUnsupported',
  'VolumeFull',
  'ImportFailed',
] as const
export const logLevels = [
  'error',
  'warn',
  'info',
  'debug',
] as const
export const versionIdPattern = /^v_\d{8}_\d{6}(_\d+)?$/
