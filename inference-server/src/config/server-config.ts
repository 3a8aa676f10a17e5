/** The server's configuration, fixed at its start. */

import type { DriftMode } from '@gantry/contract/drift.ts'
import type { LogLevel } from '@gantry/contract/log.ts'
import type { Device, RequestLogMode, RowMode, Task } from '@gantry/contract/server.ts'
import type { BatcherLimits } from '../batching/limits.ts'
import type { CertificateFiles } from '../security/certificate.ts'
import type { ExplainLimits } from './explain-config.ts'
import type { RepositoryConfig } from './repository-config.ts'

export interface RequestLogConfig {
  readonly mode: RequestLogMode
  /** Share of requests that are logged: above 0, at most 1. */
  readonly sampleRate: number
  /** Folder with the keys that modes hashed and encrypted need. */
  readonly keys: string | undefined
  /** Names of the contents that these modes hide; empty: everything. */
  readonly sensitiveFields: readonly string[]
  /** undefined: standard output. */
  readonly path: string | undefined
}

export interface ServerConfig {
  /** Absolute folder of the model, or of its versions. */
  readonly dir: string
  /** The graph in the model's folder; undefined: what the folder says. */
  readonly file: string | undefined
  /** Versions to serve; undefined: a single version. */
  readonly repository: RepositoryConfig | undefined
  readonly name: string
  /** undefined: the task that the folder names, else tensor. */
  readonly task: Task | undefined
  /** Whether a folder that leaves open what its task needs is refused. */
  readonly strict: boolean
  readonly version: string | undefined
  /** sha256:… of the version's files; undefined: what metadata.json of the folder says, where there is one. */
  readonly digest: string | undefined
  /** sha256:… of what else metadata.json says that decides about answers; undefined: it is believed. */
  readonly recordDigest: string | undefined
  readonly labels: readonly string[] | undefined
  readonly responses: Readonly<Record<string, string>> | undefined
  readonly device: Device
  readonly limits: BatcherLimits
  readonly explain: ExplainLimits
  /** Whether requests are compared with the reference of a version, or make one. */
  readonly drift: DriftMode
  /** Which rows may share a run. */
  readonly rows: RowMode
  /** Most tokens in one batch, or in the caches of the texts that a worker writes; undefined: what suits the device. */
  readonly maxTokens: number | undefined
  /** Intra-op threads of one run. */
  readonly threads: number
  /** Sessions, each in a thread of its own. */
  readonly workers: number
  /** Whether further sessions may open while more waits than a run can hold. */
  readonly lanes: boolean
  /** Longest run of a full batch that needs no worker; 0: all do. */
  readonly inlineMs: number
  /** undefined: every address of the machine. */
  readonly host: string | undefined
  /** Names that requests may call the server by, beside those that mean this machine anyway; '*': any. Off loopback, none: any. */
  readonly allowedHosts: readonly string[]
  readonly port: number
  /** undefined: no gRPC. */
  readonly grpcPort: number | undefined
  readonly maxBodyBytes: number
  /** Most connections on each port. */
  readonly maxConnections: number
  /** Most bytes of all requests that are being received or answered. */
  readonly maxInFlightBytes: number
  /** Most bytes of an answer as JSON. */
  readonly maxAnswerBytes: number
  /** How long requests are still answered after SIGTERM. */
  readonly drainMs: number
  readonly logLevel: LogLevel
  readonly requestLog: RequestLogConfig
  /** The environment, where it names a collector for traces. */
  readonly tracing: NodeJS.ProcessEnv | undefined
  /** Folder with the keys of encrypted versions; undefined: none is opened, and all have to be as they are. */
  readonly encryptionKeys: string | undefined
  /** Folder with the API keys; undefined: requests need none. */
  readonly apiKeys: string | undefined
  /** undefined: neither port speaks TLS. */
  readonly tls: CertificateFiles | undefined
}
