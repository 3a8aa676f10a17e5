/** An endpoint as the balance sees it: its connections, what is under way there, and whether it can be trusted. */
import type { Track } from '@gantry/contract/gateway.ts'
import { buildConnector, Pool } from 'undici'
import type { Endpoint } from '../models/model.ts'
import type { Trust } from '../tls/certificate.ts'

export interface Upstream {
  readonly url: string
  /** HOST:PORT, the value of the Host header and of x-gantry-endpoint. */
  readonly authority: string
  readonly grpcUrl: string | undefined
  readonly track: Track
  /** How its certificate is verified; undefined: it does not speak TLS. */
  readonly verified: { readonly serverName: string; readonly trust: Trust } | undefined
  readonly pool: Pool
  /** Requests without a whole answer. */
  outstanding: number
  /** First attempts so far. */
  asked: number
  /** When it was first seen, or came back; milliseconds of the clock that never jumps. -Infinity: it has always been there. */
  sinceMs: number
  /** Failures since the last success. */
  failures: number
  /** It gets no requests until then; 0: it is not ejected. */
  ejectedUntilMs: number
  /** Ejections in a row: each lasts longer. */
  ejections: number
  /** It has gone from the model; what is under way is still answered. */
  isGone: boolean
  /** Ends further connections to it, when it goes. */
  whenGone: (() => void) | undefined
}

/** A pod of Gantry keeps idle connections for 75 s; ours go before, so that none is used in the moment in which it closes. */
const keepAliveMs = 60_000
/** The connection to a pod of the same cluster takes a packet each way; a node that is gone answers nothing. */
const connectMs = 2000

/** A gateway without an authority of its own trusts those that Node knows. */
const noTrust: Trust = { authorities: () => undefined }

/** Connections trust the authorities of the moment in which they begin. */
const secureConnector = (servername: string, trust: Trust): buildConnector.connector => {
  const build = (ca: string | undefined) =>
    buildConnector({ timeout: connectMs, servername, ...(ca !== undefined && { ca }) })
  let ca = trust.authorities()
  let connector = build(ca)
  return (options, callback) => {
    if (ca !== trust.authorities()) {
      ca = trust.authorities()
      connector = build(ca)
    }
    connector(options, callback)
  }
}

/** @param sinceMs -Infinity for an endpoint that needs no slow start */
export const createUpstream = (endpoint: Endpoint, sinceMs: number, trust: Trust = noTrust): Upstream => ({
  url: endpoint.url,
  authority: new URL(endpoint.url).host,
  grpcUrl: endpoint.grpcUrl,
  track: endpoint.track,
  verified: endpoint.serverName === undefined ? undefined : { serverName: endpoint.serverName, trust },
  pool: new Pool(endpoint.url, {
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    connect:
      endpoint.serverName === undefined
        ? { timeout: connectMs }
        : secureConnector(endpoint.serverName, trust),
    // Deadlines are the request's, and each request has its own timer.
    headersTimeout: 0,
  }),
  outstanding: 0,
  asked: 0,
  sinceMs,
  failures: 0,
  ejectedUntilMs: 0,
  ejections: 0,
  isGone: false,
  whenGone: undefined,
})
