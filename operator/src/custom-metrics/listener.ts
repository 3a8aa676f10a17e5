/** The port that the API server asks, over TLS on both sides. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { explain } from '@gantry/kube/errors.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Answer } from './answers.ts'
import { statusDocument } from './documents.ts'
import { type User, userOf } from './front-proxy.ts'
import type { Trust } from './trust.ts'

export interface ListenerOptions {
  readonly port: number
  readonly trust: Trust
  readonly answer: (user: User, url: string) => Answer | Promise<Answer>
  readonly log: Log
}

export interface Listener {
  readonly port: number
  /** Replaces certificate and authorities. Connections whose certificate an earlier authority has signed are closed. */
  readonly exchange: (trust: Trust) => void
  readonly close: () => void
}

/** API servers have a few connections each. */
const mostConnections = 256
/** Requests have no bodies, and their headers name a user with its groups. Bytes. */
const mostHeaderBytes = 64 * 1024
const timeouts = { headersTimeout: 10_000, requestTimeout: 15_000, handshakeTimeout: 10_000 }

const reply = (response: ServerResponse, answer: Answer): void => {
  const body = JSON.stringify(answer.code === 200 ? answer.body : statusDocument(answer))
  response.writeHead(answer.code, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}

const commonNameOf = (socket: TLSSocket): string | undefined => {
  const name: unknown = socket.getPeerCertificate()?.subject?.CN
  return typeof name === 'string' ? name : undefined
}

/** @throws Error when the port is taken */
export const openListener = async ({ port, trust, answer, log }: ListenerOptions): Promise<Listener> => {
  let { proxy } = trust

  const answerOf = async (request: IncomingMessage): Promise<Answer> => {
    const socket = request.socket as TLSSocket
    const peer = { authorized: socket.authorized, commonName: commonNameOf(socket) }
    const user = userOf(proxy, peer, request.headersDistinct)
    if (typeof user === 'string') return { code: 401, message: user }
    if (request.method !== 'GET') return { code: 405, message: `only GET is answered, not ${request.method}` }
    return answer(user, request.url ?? '')
  }
  const server = createServer(
    {
      ...trust.context,
      ...timeouts,
      maxHeaderSize: mostHeaderBytes,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      answerOf(request).then(
        (given) => reply(response, given),
        (error: unknown) => {
          log.warn('a request for custom metrics failed', { path: request.url, error: explain(error) })
          reply(response, { code: 500, message: explain(error) })
        },
      )
    },
  )
  server.maxConnections = mostConnections
  // Node ends no connection whose handshake failed.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  server.listen(port)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    exchange: (next) => {
      const isNewAuthority = next.proxy.authorities !== proxy.authorities
      proxy = next.proxy
      server.setSecureContext(next.context)
      if (isNewAuthority) server.closeAllConnections()
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
