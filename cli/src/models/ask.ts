/** One HTTP request to a model, through a port-forward. */
import http from 'node:http'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { explain } from '@gantry/kube/errors.ts'
import { failed } from '../failure.ts'

export interface Question {
  readonly path: string
  readonly contentType: string
  readonly body: Buffer
  readonly apiKey: string | undefined
}

/** What is checked of the model's certificate; undefined for models without TLS. */
export interface Trust {
  /** The name that the certificate has to be for. */
  readonly host: string
  /** Certificates (PEM) of authorities, instead of the well-known ones. */
  readonly authority: string | undefined
  readonly isChecked: boolean
}

export interface Reply {
  readonly code: number
  readonly body: string
}

const secured = (
  tunnel: Duplex,
  { host, authority, isChecked }: Trust,
  signal: AbortSignal,
): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason)) // a pod may take the connection and say nothing
    const ca = authority === undefined ? {} : { ca: authority }
    const socket = tls.connect({ socket: tunnel, servername: host, rejectUnauthorized: isChecked, ...ca })
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', (cause: NodeJS.ErrnoException) => reject(certificateFailure(host, cause)))
  })

const certificateFailure = (host: string, cause: NodeJS.ErrnoException): Error =>
  /CERT|ISSUER|SIGNATURE|ALTNAME/.test(cause.code ?? '')
    ? failed(
        `The certificate of ${host} is not trusted: ${cause.message}.`,
        'Name the certificate of its authority with --ca-file, or do without the check with --insecure-skip-tls-verify.',
      )
    : cause

const send = (connection: Duplex, question: Question, host: string, signal: AbortSignal): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const { path, contentType, body, apiKey } = question
    const request = http.request({
      method: 'POST',
      path,
      headers: {
        host,
        'content-type': contentType,
        'content-length': body.length,
        connection: 'close',
        ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
      },
      createConnection: () => connection as never,
      signal,
    })
    request.once('error', reject)
    request.once('response', (response) => {
      text(response).then((answer) => resolve({ code: response.statusCode ?? 0, body: answer }), reject)
    })
    request.end(body)
  })

/** @throws Failure where the model does not answer */
export const ask = async (
  tunnel: Duplex,
  question: Question,
  host: string,
  trust: Trust | undefined,
  signal: AbortSignal,
): Promise<Reply> => {
  try {
    const connection = trust ? await secured(tunnel, trust, signal) : tunnel
    return await send(connection, question, host, signal)
  } catch (error) {
    if (error instanceof Error && error.name === 'Failure') throw error
    throw failed(`The model does not answer: ${explain(error)}.`)
  } finally {
    tunnel.destroy()
  }
}
