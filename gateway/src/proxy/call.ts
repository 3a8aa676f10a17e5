/** One request on its way to an endpoint, and what became of it. */
import type { IncomingMessage } from 'node:http'
import type { ServedModel } from '../balancing/served-model.ts'
import type { Upstream } from '../balancing/upstream.ts'
import type { Failure } from '../failure.ts'
import type { Body } from './body.ts'
import type { Sink } from './sink.ts'

/** Who sent a request, for the access log. */
export interface Sender {
  /** Whose requests are counted together: a key, a namespace, an account or an address. */
  readonly client: string
  /** Address of the connection. */
  readonly address: string
}

export interface Call {
  readonly from: Sender
  readonly served: ServedModel
  readonly method: string
  /** The pod's path, with its query. */
  readonly path: string
  /** Names and values in turn, as the endpoint gets them. */
  readonly headers: string[]
  readonly body: Body
  readonly trace: string
  /** The time at which the request came, milliseconds of the clock that never jumps. */
  readonly startedMs: number
  readonly isRoundRobin: boolean
  /** Whether a model may be woken for its caller. */
  readonly mayWake: boolean
  readonly sink: Sink
}

/** The end of a request to a model. */
export interface Outcome {
  /** The endpoint that answered, or was asked last. */
  readonly upstream: Upstream | undefined
  /** 499 where the caller left. */
  readonly status: number
  readonly failure: Failure | undefined
  readonly retries: number
}

/** What is known of a request at its end. */
export interface EndedCall extends Pick<Call, 'served' | 'from' | 'method' | 'path' | 'trace' | 'startedMs'> {
  readonly sink: Pick<Sink, 'sentBytes'>
}

/** What the gateway tells of its requests: metrics, access log. */
export interface Records {
  readonly began: (served: ServedModel) => void
  readonly ended: (call: EndedCall, outcome: Outcome) => void
  /** A request that reached no model. */
  readonly refused: (request: IncomingMessage, failure: Failure, startedMs: number, error: unknown) => void
  readonly ejected: (served: ServedModel, upstream: Upstream) => void
}

/** nginx's status for a caller that has closed its connection; it is for metrics and log only. */
export const callerLeft = 499

const inferencePath =
  /^\/(?:v2\/models\/[^/?]+(?:\/versions\/[^/?]+)?\/(?:infer|explain)|predict|chat|analyze|explain|v1\/(?:(?:chat\/)?completions|embeddings))\/?(?:\?|$)/

/** Whether a request has the model compute something. */
export const isInference = (method: string, path: string): boolean =>
  method === 'POST' && inferencePath.test(path)

/** Whether a request may reach a second endpoint although the first may have computed it: it changes nothing there. */
export const isRepeatable = (method: string, path: string): boolean =>
  method === 'GET' || method === 'HEAD' || isInference(method, path)
