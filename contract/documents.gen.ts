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
  | 'SignatureInvalid'
  | 'NotOnnx'
  | 'UnsafePath'
  | 'ModelIncomplete'
  | 'ModelUnsupported'
  | 'VolumeFull'
  | 'EncryptionKeyUnusable'
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
export type ProgramVersion = string
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
    /**
     * The salt in the header of an encrypted file, 32 bytes in base64; sizes and digests are those of the content.
     */
    seal?: string
  }[]
  /**
   * Proofs of the graphs, by the paths of their files.
   */
  rows?: {
    [k: string]: KeptProof
  }
  evaluation?: VersionEvaluation
  /**
   * The version's own key, wrapped by the key `encryptionKey`: nonce, encrypted key and tag in base64.
   */
  wrappedKey?: string
  /**
   * What the volume answered to a hard link, such as EPERM; then files of the version take room of their own.
   */
  linksRefused?: string
}
/**
 * Lower and upper bound of a 95 % bootstrap interval.
 *
 * @minItems 2
 * @maxItems 2
 */
export type Interval = [number, number]
/**
 * What is computed from predictions and labels. `accuracy` is top-1; `topK` counts a label among the k best; `f1Macro` and `f1Weighted` average over classes; `entityF1` counts whole entities as seqeval does; `exactMatch` and `tokenF1` are SQuAD's; `bleu` and `chrf` are sacrebleu's, 0 to 100; `perplexity` is that of the label's tokens; `recallAtK` and `meanReciprocalRank` rank vectors by cosine.
 */
export type Metric =
  | 'accuracy'
  | 'topK'
  | 'f1Macro'
  | 'f1Weighted'
  | 'entityF1'
  | 'exactMatch'
  | 'tokenF1'
  | 'bleu'
  | 'chrf'
  | 'perplexity'
  | 'meanAbsoluteError'
  | 'meanSquaredError'
  | 'r2'
  | 'recallAtK'
  | 'meanReciprocalRank'
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
 * Whether requests are compared with the reference of the version: where it has one, or never; or whether they make a reference.
 */
export type DriftMode = 'auto' | 'off' | 'record'
/**
 * Why an evaluation failed as a whole; also the reason of the condition and of the Event. Time may mend DatasetUnreachable; somebody must act on the others.
 */
export type EvaluationFailure =
  | 'DatasetUnreachable'
  | 'DatasetNotFound'
  | 'DatasetForbidden'
  | 'DatasetNotAllowed'
  | 'DatasetInvalid'
  | 'MetricUnsupported'
  | 'EvaluationFailed'
/**
 * Why one candidate has no measurement, beside the reasons of an import.
 */
export type CandidateFailure =
  | 'LoadFailed'
  | 'OutOfMemory'
  | 'LabelsMismatch'
  | 'ShapeMismatch'
  | 'PredictionFailed'
  | 'OutOfTime'
  | 'MetricUnsupported'
  | 'EvaluationFailed'
  | 'RecipeFailed'
/**
 * What an evaluation leaves as its container's termination message: JSON, at most 4096 bytes.
 */
export type EvaluationReport = MeasuredReport | EvaluationFailedReport
/**
 * Why an optimization failed; also the reason of the condition and of the Event. Time may mend none of them.
 */
export type OptimizationFailure =
  | 'OptimizationUnsupported'
  | 'NothingToOptimize'
  | 'CalibrationInvalid'
  | 'OptimizationOutOfMemory'
  | 'AgreementTooLow'
  | 'AccuracyDropped'
  | 'NotComparable'
  | 'VolumeFull'
  | 'OptimizationFailed'
/**
 * What the optimizer writes to --report.
 */
export type OptimizationReport = OptimizedReport | OptimizationFailedReport
/**
 * The pods that serve a model: those that are trusted, and those that are being tried.
 */
export type Track = 'stable' | 'canary'

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
  /**
   * v_YYYYMMDD_HHMMSS in UTC; `_2`, `_3`, … follows when several imports fall into one second. Also a folder's name and the value of a label.
   */
  parent?: string
  input?: ExportInput
  optimization?: VersionOptimization
  /**
   * The key that the version's own key is wrapped by, an entry of the Secret of spec.storage.encryptionKeySecretRef; absent where the files are not encrypted.
   */
  encryptionKey?: string
  /**
   * `sha256:<hex>` over what else metadata.json says that decides about answers: task, chosen graph, proofs of rows. Absent in versions of older releases.
   */
  recordDigest?: string
  /**
   * What the source itself called the content that was brought: a commit, the digest of a manifest, an ETag. Absent where it has no name for it.
   */
  sourceRevision?: string
  signature?: VerifiedSignature
  requestedBy?: Requester
  tools?: Tools
}
/**
 * What a version holds that has no graph: a model of another library. It is not served; spec.optimize.export makes a version of it that is.
 */
export interface ExportInput {
  format: 'scikit-learn' | 'xgboost' | 'lightgbm' | 'catboost' | 'pytorch' | 'hugging-face'
  /**
   * The file of the model, which lies in the version's own folder; absent where that whole folder is the model.
   */
  file?: string
}
/**
 * How a version was made from its parent.
 */
export interface VersionOptimization {
  recipe: OptimizationRecipe
  /**
   * How much worse than the parent it was allowed to be when it was made: steps that try several results choose by it.
   */
  aim?: number
  /**
   * Size of the graph with its weights.
   */
  sizeBytes: {
    before: SizeBytes
    after: SizeBytes
  }
  agreement?: ModelAgreement
  /**
   * Why the answers could not be compared: a sentence without its full stop, in place of agreement.
   */
  agreementUnknown?: string
  /**
   * Latency of the parent by that of the version on the CPU, as the inference server measured it when it checked the folder. Absent where it could not.
   */
  speedup?: number
  /**
   * A sentence for each step.
   */
  steps?: string[]
}
/**
 * What is done to a model before it is served, spec.optimize. The order is always distill, graph, prune, quantize. An export is a recipe of its own, and the others begin from its graph.
 */
export interface OptimizationRecipe {
  /**
   * A graph is made of the model of another library, and compared with it.
   */
  export?: {
    /**
     * Whether answers to rows with missing numbers (NaN) are compared.
     */
    missingValues: boolean
  }
  /**
   * A student: the model with fewer layers and narrower blocks, trained on the answers of the whole one.
   */
  distill?: {
    /**
     * Share that stays of the layers that repeat; 1 keeps all.
     */
    layers: number
    /**
     * Share that stays of neurons, channels and heads; 1 keeps all.
     */
    width: number
    /**
     * Most times that each sample is learned from.
     */
    epochs: number
    /**
     * Most seconds of training.
     */
    seconds: number
    /**
     * Decides the order of samples and which ones are held out.
     */
    seed: number
  }
  /**
   * How far operators are merged: not at all, by rules that change no number, or by all that measured faster.
   */
  graph?: 'none' | 'basic' | 'all'
  prune?: {
    /**
     * `l1-unstructured` sets the smallest weights to zero; `structured` takes whole neurons, channels or heads away.
     */
    method: 'l1-unstructured' | 'structured'
    /**
     * Share that goes.
     */
    ratio: number
    /**
     * Whether attention heads may go, too; structured only.
     */
    heads?: boolean
  }
  /**
   * Number format of the weights, and of the arithmetic where the runtime has it.
   */
  quantize?: 'none' | 'int8-dynamic' | 'int8-static' | 'int4' | 'fp16'
}
/**
 * How the answers of two models differ on the same inputs.
 */
export interface ModelAgreement {
  /**
   * Whether the inputs are samples of a data set, or were generated from the graph's input shapes, which says less.
   */
  inputs: 'dataset' | 'generated'
  samples: number
  /**
   * Largest absolute difference of a value of an output; absent numbers are not compared.
   */
  largestDifference: number
  meanDifference: number
  /**
   * Share of rows, 0 to 1, whose largest value along the last axis stands at the same place; of outputs that are no scores, whose values are equal within the tolerance of the step.
   */
  sameAnswers: number
  /**
   * Name and version of the library that answered for the parent, where that has no graph; the exporter measured it then. Absent where the inference server ran both.
   */
  library?: string
}
/**
 * The signature of the source's files (OpenSSF model signing v1.0) that was verified before anything was kept of them.
 */
export interface VerifiedSignature {
  /**
   * `sha256:<hex>` over the public key as PEM (SubjectPublicKeyInfo): the hint that the signature itself gives of its key.
   */
  key: string
  /**
   * How many files it names. All of them were there, and no other.
   */
  files: number
  /**
   * `sha256:<hex>`, the digest of its subject: over the digests of all its files.
   */
  digest: string
}
/**
 * The object that asked for the version.
 */
export interface Requester {
  uid: string
  /**
   * Its metadata.generation at the time.
   */
  generation: number
  namespace: string
  name: string
}
/**
 * Versions of the programs that checked and made the version.
 */
export interface Tools {
  gantry: ProgramVersion
  /**
   * The one that its graphs were checked for.
   */
  onnxruntime: string
  /**
   * The one that made it from its parent.
   */
  optimizer?: string
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
/**
 * The evaluation of a version, in metadata.json.
 */
export interface VersionEvaluation {
  measurement: Measurement
  dataset: EvaluatedDataset
  evaluatedAt: Time
  comparisons?: Comparison[]
}
/**
 * What was measured of one candidate.
 */
export interface Measurement {
  /**
   * Name of the candidate.
   */
  name: string
  task: Task
  /**
   * Digest of the version's files.
   */
  digest: string
  sizeBytes: SizeBytes
  /**
   * Values by the names of metrics.
   */
  metrics: {
    [k: string]: number
  }
  /**
   * Bootstrap intervals by the names of metrics.
   */
  intervals: {
    [k: string]: Interval
  }
  performance: PerformanceMeasurement
  hardware: MeasuringHardware
}
/**
 * Latency and throughput of a warm server of the model, by HTTP; latencies at concurrency 1.
 */
export interface PerformanceMeasurement {
  /**
   * Milliseconds of a request, arithmetic mean.
   */
  meanMs: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  /**
   * Samples answered per second, median of the rounds.
   */
  throughputPerSecond: number
  byConcurrency: ConcurrencyMeasurement[]
  /**
   * From the start of the server to its first ready answer, in milliseconds.
   */
  loadMs: number
  peakMemoryBytes: SizeBytes
  /**
   * Energy of the processor or GPU, where its counters can be read.
   */
  joulesPerInference?: number
}
/**
 * What was measured with a number of requests in flight.
 */
export interface ConcurrencyMeasurement {
  concurrency: number
  /**
   * Requests that were timed.
   */
  requests: number
  /**
   * Milliseconds of a request, arithmetic mean.
   */
  meanMs: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  /**
   * Samples answered per second, median of the rounds.
   */
  throughputPerSecond: number
  /**
   * Half the range of the rounds' throughputs between the quartiles, as a share of their median.
   */
  spread: number
}
/**
 * Where it was measured, and with what.
 */
export interface MeasuringHardware {
  /**
   * Model name of the processor.
   */
  processor: string
  /**
   * Processors that the container may use.
   */
  cores: number
  memoryBytes: SizeBytes
  accelerator: Accelerator
  /**
   * Name of the GPU.
   */
  gpu?: string
  /**
   * Name of the node.
   */
  node?: string
  /**
   * Version of onnxruntime.
   */
  onnxruntime: string
  /**
   * Version of the inference server.
   */
  server?: string
}
/**
 * The data that were used.
 */
export interface EvaluatedDataset {
  /**
   * Where they came from, without credentials.
   */
  source: string
  /**
   * Digest of the file, or of the folder.
   */
  digest: string
  /**
   * Samples that were used.
   */
  samples: number
  /**
   * Samples in the file.
   */
  total: number
}
/**
 * A paired test of two candidates on the same samples.
 */
export interface Comparison {
  /**
   * The candidate.
   */
  name: string
  /**
   * The one it is compared with.
   */
  with: string
  metric: Metric
  /**
   * Metric of the candidate less that of the other.
   */
  difference: number
  interval: Interval
  /**
   * Chance of a difference at least as large where there is none: exact McNemar test of right and wrong answers, else a sign-flip permutation test.
   */
  pValue: number
  /**
   * Samples that both answered.
   */
  samples: number
}
/**
 * How much of its source an import has read: members of a line in its log.
 */
export interface ImportProgress {
  bytes: number
  /**
   * Absent where the source does not say its size.
   */
  totalBytes?: number
}
export interface ImportedReport {
  outcome: 'imported'
  version: ReportedVersion
  /**
   * Ids removed from the volume because of the history limit.
   */
  pruned: VersionId[]
  /**
   * Ids of encrypted versions whose own keys are wrapped by another key now, the `encryptionKey` of `version`.
   */
  rewrapped?: VersionId[]
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
 * drift-reference.json: how the inputs and predictions of an evaluation are distributed. Counts alone, no sample.
 */
export interface DriftReference {
  /**
   * Random, of this reference: what the values of categories are hashed with.
   */
  salt: string
  format: number
  /**
   * Rows that were counted.
   */
  samples: number
  /**
   * @maxItems 64
   */
  features: DriftFeature[]
}
export interface DriftFeature {
  /**
   * An input, output, or a figure of one.
   */
  name: string
  kind: 'number' | 'category' | 'vector'
  /**
   * Of a number: lower bounds of all bins but the first, ascending.
   *
   * @maxItems 32
   */
  edges?: number[]
  /**
   * Of a number: rows in each bin. Of a category: rows with each value.
   *
   * @maxItems 64
   */
  counts?: number[]
  /**
   * Of a number: rows with NaN. Of a category: rows with any other value, or with one that few rows have.
   */
  missing?: number
  least?: number
  most?: number
  /**
   * Of a category: the salted hashes of its most frequent values.
   *
   * @maxItems 64
   */
  values?: string[]
  /**
   * Of a vector: how many the mean is of.
   */
  samples?: number
  /**
   * @maxItems 4096
   */
  mean?: number[]
  /**
   * Of a vector: the variances of its members together.
   */
  variance?: number
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
   * What of the version's files is no longer as it was imported, while the server answers by what it has loaded; a sentence without a full stop. Absent where nothing is.
   */
  damage?: string
  /**
   * How requests differ from those of the evaluation. Absent where the version has no reference, or where drift is off.
   */
  drift?: {
    /**
     * Rows that are compared.
     */
    samples: number
    /**
     * Whether these are enough for a judgement.
     */
    enough: boolean
    /**
     * Those that drift, the furthest first.
     *
     * @maxItems 64
     */
    features: {
      name: string
      statistic: 'psi' | 'distance'
      value: number
      /**
       * When it was first seen to drift; RFC 3339, in UTC.
       */
      since: string
    }[]
    /**
     * Why the reference of the version is refused; then nothing is compared. A sentence without a full stop.
     */
    unusable?: string
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
  /**
   * Digest of the version, as in status.versions: files that do not have it are not loaded. Default is the one that metadata.json of the folder names, where there is one.
   */
  digest?: string
  /**
   * Digest over task, chosen graph and proofs of rows in metadata.json, as in status.versions. Default: they are believed.
   */
  recordDigest?: string
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
  drift?: DriftMode
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
   * Folder with the keys of encrypted versions, one file for each; then every version has to be encrypted.
   */
  encryptionKeys?: string
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
/**
 * A model to measure: a source that is fetched first, or a folder of the volume.
 */
export interface EvaluationCandidate {
  /**
   * Name of the candidate.
   */
  name: string
  task: Task
  /**
   * Address or path of the source, as the option --source of `import` takes it; absent with `folder`.
   */
  source?: string
  /**
   * What reports call the source.
   */
  sourceName?: string
  /**
   * The graph that the user chose.
   */
  file?: string
  /**
   * Digest that the source's file must have.
   */
  sha256?: string
  /**
   * A folder that has been imported; absent with `source`.
   */
  folder?: string
  /**
   * Folder with the keys that open the encrypted files of `folder`.
   */
  encryptionKeys?: string
  /**
   * Digest of the version in `folder`, as in status.versions: a folder with another one is not measured.
   */
  digest?: string
  /**
   * Path of the optimizer's report, where one has made `folder`: without a report that says `optimized`, the candidate is not measured.
   */
  optimizationReport?: string
  /**
   * Class names in output order; default is labels.json or config.json of the folder.
   */
  labels?: string[]
  /**
   * Intra-op threads of one inference; default is that of the request.
   */
  threads?: number
  /**
   * Most rows in a batch; default is that of the request.
   */
  maxRows?: number
  /**
   * Name of the candidate that this one is compared with; default is that of the request.
   */
  compareWith?: string
  /**
   * Whether it answers the samples for the comparison alone: it gets no load, and the report has no result of it.
   */
  onlyCompared?: boolean
}
/**
 * Labelled samples, one a line.
 */
export interface EvaluationDataset {
  /**
   * Address or path, as for a model; of one file, or of a folder or archive that also has the pictures.
   */
  source: string
  /**
   * What reports call the source.
   */
  sourceName?: string
  /**
   * The file of a folder or archive that has the samples.
   */
  file?: string
  /**
   * Digest that the source's file must have.
   */
  sha256?: string
  /**
   * Default follows from the file's name.
   */
  format?: 'jsonl' | 'csv'
  /**
   * Divides the samples in two, shuffled by the seed, and keeps one part.
   */
  split?: {
    /**
     * Share of the samples in the held-out part.
     */
    share: number
    part: 'held-out' | 'rest'
    /**
     * Seed of the shuffle; default 0.
     */
    seed?: number
  }
  /**
   * Draws samples without replacement.
   */
  sample?: {
    /**
     * How many.
     */
    size: number
    /**
     * Seed of the draw; default 0.
     */
    seed?: number
  }
  /**
   * Of the samples that split and sample leave, those that may calibrate an optimization (about a quarter, at most 512 are used), or all others. The place in the whole data set decides, so that other samples of the same data leave none in both.
   */
  calibration?: 'only' | 'without'
}
/**
 * What one run of `evaluate` measures; the operator passes it as the value of --request.
 */
export interface EvaluationRequest {
  /**
   * @minItems 1
   */
  candidates: [EvaluationCandidate, ...EvaluationCandidate[]]
  dataset: EvaluationDataset
  metric: Metric
  /**
   * Tensor models: the output that is the prediction.
   */
  output?: string
  /**
   * The k of topK and recallAtK; default 5.
   */
  topK?: number
  /**
   * Requests in flight, measured one after another; default 1 and 8. 1 is always measured.
   */
  concurrencies?: number[]
  device?: Device
  /**
   * Intra-op threads of one inference.
   */
  threads?: number
  /**
   * As batching of settings.json.
   */
  batching?: {
    rows?: RowMode
    /**
     * Most rows in a batch.
     */
    maxRows?: number
    /**
     * Longest wait for a batch to fill, in milliseconds.
     */
    maxDelayMs?: number
    /**
     * Most waiting requests.
     */
    maxQueue?: number
    /**
     * Most tokens in a batch.
     */
    maxTokens?: number
  }
  /**
   * Deadline of one request.
   */
  timeoutSeconds?: number
  /**
   * Time for all candidates together.
   */
  timeBudgetSeconds?: number
  /**
   * Seed of the bootstrap; default 0.
   */
  seed?: number
  /**
   * Name of the candidate that the others are compared with, sample by sample.
   */
  compareWith?: string
  /**
   * Where the measurement of a version is kept.
   */
  recordIn?: {
    /**
     * Name of the candidate.
     */
    candidate: string
    /**
     * The folder of its version, whose metadata.json gets the measurement.
     */
    folder: string
  }
  /**
   * Most bytes of a candidate's report in the log, gzipped.
   */
  reportBytes?: number
}
/**
 * A candidate that could not be measured; the others go on.
 */
export interface Unmeasured {
  /**
   * Name of the candidate.
   */
  name: string
  reason: ImportFailure | CandidateFailure
  /**
   * A sentence that says what to do next.
   */
  message: string
  /**
   * Whether time may mend it; default never.
   */
  retry?: 'never' | 'backoff'
}
/**
 * The whole report in the log: gzipped JSON (CandidateReports), in base64, a line for each part.
 */
export interface ReportLocation {
  /**
   * Digest of the gzipped bytes.
   */
  sha256: string
  sizeBytes: SizeBytes
  /**
   * Lines.
   */
  parts: number
}
export interface MeasuredReport {
  outcome: 'measured'
  candidates: (Measurement | Unmeasured)[]
  dataset: EvaluatedDataset
  comparisons?: Comparison[]
  report?: ReportLocation
}
export interface EvaluationFailedReport {
  outcome: 'failed'
  reason: EvaluationFailure
  /**
   * A sentence that says what to do next.
   */
  message: string
  retry: 'never' | 'backoff'
}
/**
 * counts[i][j] samples of class i were predicted as class j.
 */
export interface ConfusionMatrix {
  labels: string[]
  counts: number[][]
}
/**
 * counts[i] values lie from edges[i] up to edges[i + 1].
 */
export interface Histogram {
  edges: number[]
  counts: number[]
}
/**
 * All that is kept of a candidate's evaluation.
 */
export interface CandidateReport {
  measurement: Measurement
  confusion?: ConfusionMatrix
  perClass?: {
    label: string
    precision: number
    recall: number
    f1: number
    support: number
  }[]
  /**
   * Distribution of the latencies at concurrency 1, in milliseconds.
   */
  latencies?: Histogram
  /**
   * Throughput of each round by concurrency, per second.
   */
  rounds?: {
    concurrency: number
    throughputPerSecond: number[]
  }[]
  /**
   * What a reader of the metrics should know, a sentence each: a metric that has no value, a data set of one class.
   */
  remarks?: string[]
  /**
   * The first wrong answers, with the number of their line.
   */
  mistakes?: {
    line: number
    expected: string
    predicted: string
  }[]
}
/**
 * The report of one run of `evaluate`.
 */
export interface CandidateReports {
  evaluatedAt: Time
  dataset: EvaluatedDataset
  metric?: Metric
  candidates: (CandidateReport | Unmeasured)[]
  comparisons?: Comparison[]
}
/**
 * What a check of a model volume has found: the output of fsck --json.
 */
export interface VolumeReport {
  /**
   * repaired: everything that was found is repaired. broken: something is left for a person.
   */
  outcome: 'sound' | 'repaired' | 'broken'
  versions: number
  /**
   * Files that the versions name.
   */
  files: number
  /**
   * Bytes that were read: files with one content are read once.
   */
  sizeBytes: number
  findings: VolumeFinding[]
  /**
   * Number of findings that the list leaves out.
   */
  leftOut: number
}
export interface VolumeFinding {
  problem:
    | 'FileDamaged'
    | 'FileMissing'
    | 'FileUnreadable'
    | 'FileUnknown'
    | 'DigestWrong'
    | 'MetadataUnreadable'
    | 'ParentMissing'
    | 'IndexStale'
    | 'BlobDamaged'
    | 'BlobUnneeded'
    | 'BlobMissing'
    | 'BlobUnknown'
    | 'LeftByImport'
    | 'NotOpened'
    | 'KeyUnusable'
  /**
   * Id of the version.
   */
  version?: string
  /**
   * Relative to the volume.
   */
  path?: string
  message: string
  /**
   * What to do.
   */
  advice: string
  /**
   * repairable: --repair does it. repaired: it did. broken: a person has to. harmless: nothing has to be done.
   */
  state: 'repairable' | 'repaired' | 'broken' | 'harmless'
}
/**
 * Share of labelled samples whose answer is the label, where the samples have class labels.
 */
export interface StepAccuracy {
  before: number
  after: number
  difference: number
  interval: Interval
  samples: number
}
/**
 * Milliseconds of a run of the same inputs on onnxruntime, rounds of both models interleaved, medians.
 */
export interface StepLatency {
  beforeMs: number
  afterMs: number
  /**
   * Median of before by after of each round.
   */
  speedup: number
  /**
   * Half the range between the quartiles of the rounds' speedups.
   */
  spread: number
  rows: number
  threads: number
}
/**
 * How a student learned.
 */
export interface StepDistillation {
  /**
   * Layers that repeat; 0 where they were not looked for.
   */
  layers: {
    before: number
    after: number
  }
  /**
   * Samples that it learned from, and those that said when it had learned enough. Others judge it.
   */
  samples: {
    learned: number
    heldOut: number
  }
  epochs: number
  seconds: number
  /**
   * Why it stopped learning: all epochs were made, the held-out samples got no better, or time was up.
   */
  stopped: 'epochs' | 'heldOut' | 'time'
  /**
   * Where it learned, as torch calls it.
   */
  device: 'cpu' | 'cuda'
  /**
   * Shares, 0 to 1, of the held-out samples that it answers as the whole model does: before it learned, and after.
   */
  sameAnswers: {
    before: number
    after: number
  }
}
/**
 * One step of a recipe.
 */
export interface OptimizationStep {
  name: 'export' | 'distill' | 'graph' | 'prune' | 'quantize'
  /**
   * Library and version that did it.
   */
  tool: string
  sizeBytes: {
    before: SizeBytes
    after: SizeBytes
    compressedBefore?: SizeBytes
    compressedAfter?: SizeBytes
  }
  nodes: {
    /**
     * Nodes of the graph by operator; subgraphs count.
     */
    before: {
      [k: string]: number
    }
    /**
     * Nodes of the graph by operator; subgraphs count.
     */
    after: {
      [k: string]: number
    }
  }
  latency?: StepLatency
  agreement: ModelAgreement
  accuracy?: StepAccuracy
  /**
   * What structured pruning made narrower.
   */
  blocks?: {
    node: string
    kind: 'linear' | 'convolution' | 'heads'
    from: number
    to: number
    refitted?: boolean
  }[]
  /**
   * Nodes that stayed in floating point.
   */
  kept?: {
    node: string
    operator?: string
    reason: string
  }[]
  distillation?: StepDistillation
  /**
   * What was tried and measured before one was chosen.
   */
  choices?: {
    name: string
    chosen: boolean
    sameAnswers?: number
    accuracy?: number
    speedup?: number
    sizeBytes?: SizeBytes
    message?: string
  }[]
  /**
   * Sentences for people.
   */
  remarks?: string[]
}
export interface OptimizedReport {
  outcome: 'optimized'
  recipe: OptimizationRecipe
  /**
   * The graph's file, relative to the folder of the model.
   */
  model: string
  steps: OptimizationStep[]
  /**
   * First graph against last.
   */
  total: {
    sizeBytes: {
      before: SizeBytes
      after: SizeBytes
      compressedBefore?: SizeBytes
      compressedAfter?: SizeBytes
    }
    latency?: StepLatency
    agreement: ModelAgreement
    accuracy?: StepAccuracy
  }
  /**
   * What the samples say of the last graph beside the first, by maxAccuracyDrop.
   */
  verdict?: {
    /**
     * What it rests on. At least 8 labelled samples are needed for labels.
     */
    basis: 'labels' | 'samples' | 'generated'
    passed: boolean
    /**
     * With the interval, and what the samples do not exclude.
     */
    sentence: string
  }
  /**
   * What the server measured of both models on samples that the optimizer has not seen; only from a checkout with --task.
   */
  served?: string
  /**
   * Versions of the libraries, by name.
   */
  versions: {
    [k: string]: string
  }
}
export interface OptimizationFailedReport {
  outcome: 'failed'
  reason: OptimizationFailure
  /**
   * A sentence that says what to do next.
   */
  message: string
}
/**
 * An input or an output of a graph.
 */
export interface ExportedValue {
  name: string
  /**
   * As ONNX names it, in lower case.
   */
  type: string
  /**
   * An axis of any length has a name.
   */
  shape: (number | string)[]
}
/**
 * A graph beside the model that it was made of, on one kind of inputs.
 */
export interface ExportParity {
  inputs: 'generated' | 'thresholds' | 'missing' | 'dataset'
  samples: number
  /**
   * Samples of which a number differs by more than rounding, or whose label is another one.
   */
  different: number
  largestDifference: number
  meanDifference: number
}
/**
 * What the optimizer writes to --report of an export; a failure is an OptimizationFailedReport.
 */
export interface ExportReport {
  outcome: 'exported'
  /**
   * The file that was read, and the library that it was compared with.
   */
  source: {
    file: string
    sha256: string
    library: string
    version: string
  }
  /**
   * The graph's file, relative to the folder that was written.
   */
  model: string
  sizeBytes: SizeBytes
  /**
   * Versions by domain.
   */
  opset: {
    [k: string]: number
  }
  inputs: ExportedValue[]
  outputs: ExportedValue[]
  parity: ExportParity[]
  /**
   * Sentences for people.
   */
  remarks: string[]
  /**
   * Versions of the libraries, by name.
   */
  versions: {
    [k: string]: string
  }
}
/**
 * What one run of `samples` writes: the tensors that the server would give the model for each sample. The operator passes it as the value of --request.
 */
export interface SamplesRequest {
  /**
   * Folder of the model, absolute.
   */
  folder: string
  /**
   * The source that is brought to `folder` first, as an import does; absent where the folder is there.
   */
  fetch?: {
    /**
     * Address or path of the source, as the option --source of `import` takes it.
     */
    source: string
    /**
     * What reports call the source.
     */
    sourceName?: string
    /**
     * The graph that the user chose.
     */
    file?: string
    /**
     * Digest that the source's file must have.
     */
    sha256?: string
  }
  task: Task
  /**
   * The graph that the user chose.
   */
  file?: string
  /**
   * Class names in output order.
   */
  labels?: string[]
  /**
   * Absent where no samples are written, and the source is only fetched.
   */
  dataset?: EvaluationDataset
  metric?: Metric
  /**
   * Tensor models: the output that is the prediction.
   */
  output?: string
  /**
   * Whether a student learns from the samples: at most 2048 are taken then, instead of 512.
   */
  trains?: boolean
}
/**
 * The file of `gateway --config`: models and where they are served, without a cluster. Unknown fields are refused.
 */
export interface GatewayFile {
  /**
   * @minItems 1
   * @maxItems 1000
   */
  models: [GatewayModel, ...GatewayModel[]]
  rateLimit?: GatewayRateLimit
}
/**
 * A model and its endpoints.
 */
export interface GatewayModel {
  /**
   * NAMESPACE/NAME.
   */
  name: string
  /**
   * Deadline of a request until its answer begins, and from one part of the answer to the next. Default 30.
   */
  timeoutSeconds?: number
  canary?: GatewayCanary
  /**
   * @minItems 1
   * @maxItems 1000
   */
  endpoints: [GatewayEndpoint, ...GatewayEndpoint[]]
}
/**
 * How many requests go to the endpoints of the track canary.
 */
export interface GatewayCanary {
  /**
   * Percent of the requests; in each hundred exactly so many.
   */
  weight: number
  /**
   * Number of the step of the rollout, from 0; it tells the counts of GET /demand apart. Default 0.
   */
  step?: number
  shadow?: GatewayShadow
  /**
   * An answer that takes longer is counted in overLimit, milliseconds.
   */
  limitMs?: number
  /**
   * Requests with the same value of the header go to the same track.
   */
  sticky?: {
    /**
     * Name of the header, such as X-Session.
     */
    header: string
  }
  /**
   * An answer that takes longer is counted as slow, milliseconds for each track.
   */
  slowMs?: {
    stable: number
    canary: number
  }
}
/**
 * Copies of requests that go to the endpoints of the track canary while its weight is 0, and whose answers are compared.
 */
export interface GatewayShadow {
  /**
   * Percent of the requests; in each hundred exactly so many.
   */
  percent: number
  /**
   * What has to agree. Default top1.
   */
  compare?: 'top1' | 'maxAbs' | 'cosine' | 'text'
  /**
   * maxAbs: the largest difference of two numbers that agree. Default 0.01.
   */
  maxDifference?: number
  /**
   * cosine: the least cosine of two vectors that agree. Default 0.99.
   */
  minCosine?: number
  /**
   * What the access log may hold of requests whose answers differ. Default metadata.
   */
  requestLogMode?: 'off' | 'metadata' | 'hashed' | 'encrypted' | 'full'
}
/**
 * A server of a model.
 */
export interface GatewayEndpoint {
  /**
   * http://HOST:PORT of its HTTP port.
   */
  url: string
  /**
   * http://HOST:PORT of its gRPC port.
   */
  grpcUrl?: string
  track?: Track
}
/**
 * How many requests one client may send; in the place of --rate-limit and --rate-burst.
 */
export interface GatewayRateLimit {
  /**
   * On average.
   */
  requestsPerSecond: number
  /**
   * At once after a pause; default twice requestsPerSecond, and 1 at least.
   */
  burst?: number
}
/**
 * An exponential histogram as OpenTelemetry has it, of milliseconds: bucket i counts latencies above 2^(i/2^scale), up to 2^((i+1)/2^scale). counts[0] is bucket offset.
 */
export interface LatencyHistogram {
  scale: number
  offset: number
  /**
   * @maxItems 800
   */
  counts: number[]
}
/**
 * Copies of requests that both tracks answered and that were compared.
 */
export interface ShadowDemand {
  copies: number
  disagreements: number
  /**
   * Requests that were chosen for a copy and not compared, by reason.
   */
  uncompared?: {
    [k: string]: number
  }
}
/**
 * What first attempts on a track came to, since the gateway started. Cumulative.
 */
export interface TrackDemand {
  requests: number
  /**
   * Answers of 500 and above, and attempts without an answer.
   */
  errors: number
  /**
   * Answers that took longer than the limit of their track.
   */
  slow: number
  /**
   * Answers that took longer than spec.rollout.abort.maxLatencyP95Ms; left out where that is not set.
   */
  overLimit?: number
  latencies?: LatencyHistogram
}
/**
 * Counts of one model at one step of one rollout.
 */
export interface ModelDemand {
  /**
   * NAMESPACE/NAME.
   */
  model: string
  /**
   * What is being rolled out; empty where nothing is.
   */
  revision: string
  step: number
  /**
   * Percent of requests that went to the canary by draw: 0 while no endpoint of the canary was ready, 100 while none of stable was.
   */
  weight: number
  stable: TrackDemand
  canary: TrackDemand
  shadow?: ShadowDemand
  sessions?: SessionDemand
}
/**
 * It is there where sessions are counted in place of requests: each once in a step and track, its first error and its first slow answer once in the rollout.
 */
export interface SessionDemand {
  /**
   * Requests of sessions that found no room to be remembered, which count nowhere else.
   */
  uncounted: number
}
/**
 * A port of a gateway that leads to one model.
 */
export interface GatewayPort {
  port: number
  /**
   * NAMESPACE/NAME.
   */
  model: string
  /**
   * Ready endpoints of the model that this gateway knows.
   */
  endpoints: number
}
/**
 * Answer of a gateway's GET /ports: the ports that are open, each with the model that it leads to.
 */
export interface GatewayPorts {
  /**
   * Which gateway it is: the name of its pod, or of its machine.
   */
  instance: string
  ports: GatewayPort[]
}
/**
 * What a gateway that has a certificate can do for models whose pods speak TLS; without a certificate it is absent.
 */
export interface GatewayTls {
  /**
   * DNS names of its certificate, in lower case.
   *
   * @maxItems 1000
   */
  names: string[]
  /**
   * Models whose pods have certificates that it cannot verify.
   */
  untrusted: {
    /**
     * NAMESPACE/NAME.
     */
    model: string
    message: string
  }[]
}
/**
 * Answer of a gateway's GET /demand. A restart is seen by another instance or a later start.
 */
export interface Demand {
  /**
   * Which gateway it is: the name of its pod, or of its machine.
   */
  instance: string
  startedAt: Time
  models: ModelDemand[]
  tls?: GatewayTls
  /**
   * The models that may sleep.
   */
  activity?: ModelActivity[]
}
/**
 * Inferences that a gateway was asked for of a model that may sleep. Others neither wake it nor keep it awake.
 */
export interface ModelActivity {
  /**
   * NAMESPACE/NAME.
   */
  model: string
  /**
   * All since the gateway started.
   */
  requests: number
  /**
   * Those that an endpoint was asked for and that have no whole answer.
   */
  inFlight: number
  /**
   * Those that are held until an endpoint is ready.
   */
  waiting: number
  /**
   * Time since the last one came, by the gateway's clock that never jumps; left out where none has come.
   */
  idleSeconds?: number
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
export const driftModes = [
  'auto',
  'off',
  'record',
] as const
export const importFailures = [
  'SourceUnreachable',
  'SourceNotFound',
  'SourceForbidden',
  'SourceNotAllowed',
  'SourceUnsupported',
  'DigestMismatch',
  'SignatureInvalid',
  'NotOnnx',
  'UnsafePath',
  'ModelIncomplete',
  'ModelUnsupported',
  'VolumeFull',
  'EncryptionKeyUnusable',
  'ImportFailed',
] as const
export const metrics = [
  'accuracy',
  'topK',
  'f1Macro',
  'f1Weighted',
  'entityF1',
  'exactMatch',
  'tokenF1',
  'bleu',
  'chrf',
  'perplexity',
  'meanAbsoluteError',
  'meanSquaredError',
  'r2',
  'recallAtK',
  'meanReciprocalRank',
] as const
export const evaluationFailures = [
  'DatasetUnreachable',
  'DatasetNotFound',
  'DatasetForbidden',
  'DatasetNotAllowed',
  'DatasetInvalid',
  'MetricUnsupported',
  'EvaluationFailed',
] as const
export const candidateFailures = [
  'LoadFailed',
  'OutOfMemory',
  'LabelsMismatch',
  'ShapeMismatch',
  'PredictionFailed',
  'OutOfTime',
  'MetricUnsupported',
  'EvaluationFailed',
  'RecipeFailed',
] as const
export const optimizationFailures = [
  'OptimizationUnsupported',
  'NothingToOptimize',
  'CalibrationInvalid',
  'OptimizationOutOfMemory',
  'AgreementTooLow',
  'AccuracyDropped',
  'NotComparable',
  'VolumeFull',
  'OptimizationFailed',
] as const
export const logLevels = [
  'error',
  'warn',
  'info',
  'debug',
] as const
export const tracks = [
  'stable',
  'canary',
] as const
export const versionIdPattern = /^v_\d{8}_\d{6}(_\d+)?$/
