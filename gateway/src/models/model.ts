/** What the gateway knows of a model. A file or the watches of a cluster say it; nothing else in the gateway asks where it comes from. */
import type { Track } from '@gantry/contract/gateway.ts'
import type { Comparison } from '../shadow/compare.ts'

export interface Endpoint {
  /** Origin of its HTTP port, such as http://10.0.0.7:9000 or, of one that speaks TLS, https://10.0.0.7:9000. */
  readonly url: string
  /** The name that the certificate of an endpoint with TLS has to have. */
  readonly serverName?: string | undefined
  /** Origin of its gRPC port; undefined where it has none. */
  readonly grpcUrl?: string | undefined
  readonly track: Track
}

/** What of a request log may be written of a request: `spec.serve.requestLog.mode`. */
export type RequestLogMode = 'off' | 'metadata' | 'hashed' | 'encrypted' | 'full'

/** Copies of requests that are compared before the canary has any share of them. */
export interface Shadow extends Comparison {
  /** Percent of the requests, 1 to 100. */
  readonly percent: number
  /** What may be written of requests whose answers differ. */
  readonly logMode: RequestLogMode
}

export interface Canary {
  /** Percent of the requests, 0 to 100. */
  readonly weight: number
  /** Number of the step, from 0. */
  readonly step: number
  /** What is being rolled out. */
  readonly revision: string
  /** An answer that takes longer is counted as slow, milliseconds; undefined: none is. */
  readonly slowMs?: Readonly<Record<Track, number>> | undefined
  /** The limit of spec.rollout.abort.maxLatencyP95Ms, milliseconds; undefined: there is none. */
  readonly limitMs?: number | undefined
  readonly shadow?: Shadow | undefined
  /** The header that names sessions, in lower case; undefined: each request is drawn by itself. */
  readonly sticky?: string | undefined
}

export interface Sleep {
  /** Whether a request wakes it. One that has never served, or whose spec is not acted on, has to be seen to first. */
  readonly mayBeWoken: boolean
}

export interface Model {
  readonly namespace: string
  readonly name: string
  /** Deadline until an answer begins, and from one part of it to the next. */
  readonly timeoutMs: number
  /** Endpoints that are ready. */
  readonly endpoints: readonly Endpoint[]
  /** The gateway's port that leads to this model alone; undefined: its Service does not lead to the gateway. */
  readonly port?: number | undefined
  readonly canary?: Canary | undefined
  /** Whether it takes requests over TLS only. */
  readonly isSecure?: boolean
  /** Whether each of its servers asks callers for an API key. */
  readonly asksForKeys?: boolean
  /** Set where the model may sleep, so that it has no endpoint until a request wakes it. */
  readonly sleep?: Sleep | undefined
  /** Why no endpoint is ready, as a sentence without a full stop; for callers. */
  readonly unready?: string | undefined
}

/** NAMESPACE/NAME. */
export const keyOf = ({ namespace, name }: Pick<Model, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`

export const defaultTimeoutMs = 30_000
