/** What the operator sets up and the inference server relies on. */

/** Port of HTTP: Open Inference Protocol (REST), probes, metrics. */
export const httpPort = 9000
/** Port of gRPC: Open Inference Protocol. */
export const grpcPort = 9001

/** Paths that probes and scrapers call. */
export const paths = {
  live: '/v2/health/live',
  ready: '/v2/health/ready',
  metrics: '/metrics',
} as const

/** Where a pod finds its files. */
export const mounts = {
  /** The model volume: versions.json and one folder per version. */
  models: '/models',
  /** Folder of the ConfigMap with the server's settings. */
  settings: '/etc/gantry',
  /** Folder of the Secret with the API keys, one file each. */
  apiKeys: '/secrets/api-keys',
  /** Folder of the Secret with the keys of the request log, one file each. */
  requestLogKeys: '/secrets/request-log',
  /** Folder of the Secret with the certificate: `tls.crt` and `tls.key`. */
  tls: '/secrets/tls',
  /** Folder of the ConfigMap with certificates of authorities that imports trust: `ca.crt`. */
  caBundle: '/etc/gantry-ca',
  /** Source volume of an import (pvc:// and configMapRef). */
  source: '/source',
  /** The kubelet shows what is written here as the container's termination message (at most 4096 bytes). */
  terminationLog: '/dev/termination-log',
} as const

/** Key in the settings ConfigMap, and so the file's name. */
export const settingsFile = 'settings.json'

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
export type Task = (typeof tasks)[number]

export const devices = ['auto', 'gpu', 'cpu'] as const
export type Device = (typeof devices)[number]

/** What a session really runs on. */
export const accelerators = ['cuda', 'cpu'] as const
export type Accelerator = (typeof accelerators)[number]

/** What the request log holds of each request: nothing, no content, content made unreadable in one of two ways, everything. */
export const requestLogModes = ['off', 'metadata', 'hashed', 'encrypted', 'full'] as const
export type RequestLogMode = (typeof requestLogModes)[number]

/**
 * What is known of the rows of a model, one row being one entry of axis 0 of every input and output:
 * `independent` is proven from the graph; `scaled` is too, but for one quantization scale that a whole batch shares; `unproven`
 * could not be proven; `coupled` was seen not to hold; `unbatchable` has no free axis 0.
 */
export const rowVerdicts = ['independent', 'scaled', 'unproven', 'coupled', 'unbatchable'] as const
export type RowVerdict = (typeof rowVerdicts)[number]

/** Whose rows may share a run: those that are proven independent, also those that the user says are, or nobody's. */
export const rowModes = ['auto', 'independent', 'alone'] as const
export type RowMode = (typeof rowModes)[number]

/** Content of settings.json. Everything but `name`, `model` and `task` has a default in the server. */
export interface ServerSettings {
  /** Name of the model in URLs. */
  readonly name: string
  /** Folder of the version, absolute. */
  readonly model: string
  /** Id of the version, as in status.versions. */
  readonly version?: string
  readonly task: Task
  /** Whether a folder that leaves open what its task needs is refused. */
  readonly strict?: boolean
  /** Class names in output order; default is labels.json or config.json of the folder. */
  readonly labels?: readonly string[]
  /** Reply template per category, `default` for all others. */
  readonly responses?: Readonly<Record<string, string>>
  readonly device?: Device
  /** Whose rows share a run, most rows in a batch, longest wait in milliseconds, most waiting requests, most tokens in a batch. */
  readonly batching?: {
    readonly rows?: RowMode
    readonly maxRows: number
    readonly maxDelayMs: number
    readonly maxQueue: number
    readonly maxTokens?: number
  }
  /** Intra-op threads of one inference. */
  readonly threads?: number
  readonly timeoutSeconds?: number
  readonly requestLog?: {
    readonly mode: RequestLogMode
    /** Share of the requests that are logged, above 0 and at most 1. */
    readonly sampleRate?: number
    /** Folder with the keys of modes hashed and encrypted. */
    readonly keys?: string
  }
  /** Names of what modes hashed and encrypted hide; without any, they hide everything. */
  readonly sensitiveFields?: readonly string[]
  /** Folder with the API keys; without it, everybody may ask. */
  readonly apiKeys?: string
  /** PEM files; with them both ports speak TLS, without them neither does. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

/**
 * Extra member of the model metadata answer (GET /v2/models/NAME) next to the protocol's own: what the operator reads
 * back from a running server, so that Ready speaks of what answers and not of what was asked for.
 */
export interface ServedModel {
  readonly version: string
  readonly device: { readonly requested: Device; readonly active: Accelerator; readonly reason?: string }
  /** Whether requests share runs. Absent in the answers of older servers. */
  readonly batching?: {
    readonly rows: RowVerdict
    readonly batched: boolean
    /** Why not, or what makes it differ from plain independence; a sentence without a full stop. */
    readonly reason?: string
  }
  /** What nothing in the folder says and the task takes for granted; sentences without a full stop. Absent where there is none. */
  readonly assumptions?: readonly string[]
}
/** Member name of ServedModel in the metadata answer. */
export const servedModelMember = 'gantry'

/** Set to "1" wherever onnxruntime is loaded, before it is: it sends usage data otherwise. */
export const telemetryOff = 'ORT_DISABLE_TELEMETRY'
