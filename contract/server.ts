/** What the operator sets up and the inference server relies on. */
import type * as documents from './documents.gen.ts'
import type { Frozen } from './documents.ts'

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
  /** Folder of the Secret with the keys of encrypted versions, one file each. */
  encryptionKeys: '/secrets/encryption',
  /** Folder of the Secret with the certificate: `tls.crt` and `tls.key`. */
  tls: '/secrets/tls',
  /** Folder of the ConfigMap with certificates of authorities that imports trust: `ca.crt`. */
  caBundle: '/etc/gantry-ca',
  /** Source volume of an import (pvc:// and configMapRef). */
  source: '/source',
  /** Source volume of a data set. */
  dataset: '/dataset',
  /** Folder where an evaluation keeps what it downloads; it goes with the pod. */
  scratch: '/evaluation-scratch',
  /** Folder with the samples of an optimization, which what optimizes cannot change; it goes with the pod. */
  samples: '/samples',
  /** Folder with what an optimization has made; it goes with the pod. */
  optimization: '/optimization',
  /** The kubelet shows what is written here as the container's termination message (at most 4096 bytes). */
  terminationLog: '/dev/termination-log',
} as const

/** Key in the settings ConfigMap, and so the file's name. */
export const settingsFile = 'settings.json'

export {
  type Accelerator,
  accelerators,
  type Device,
  devices,
  type RequestLogMode,
  type RowMode,
  type RowVerdict,
  requestLogModes,
  rowModes,
  rowVerdicts,
  type Task,
  tasks,
} from './documents.gen.ts'

/** Content of settings.json. */
export type ServerSettings = Frozen<documents.ServerSettings>

/** What a server says of itself in the model metadata answer, GET /v2/models/NAME. */
export type ServedModel = Frozen<documents.ServedModel>
/** Member name of ServedModel in the metadata answer. */
export const servedModelMember = 'gantry'

/** Exit code of a server that loads nothing, since the files of its version are not those that were imported. */
export const digestMismatchExit = 3

/** Must be set to "1" before a process loads onnxruntime, which sends usage data otherwise. */
export const telemetryOff = 'ORT_DISABLE_TELEMETRY'
