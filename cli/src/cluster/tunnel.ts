/**
 * A connection to a port of a pod, through the API server and the kubelet: the subresource `portforward` over a WebSocket
 * (protocol v4.channel.k8s.io). It enters the pod's own network, so that no NetworkPolicy and no route to pods is needed.
 */
import type { IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import { plainText } from '@gantry/contract/plain-text.ts'
import { refusal } from '@gantry/kube/call.ts'
import { pathOf, query } from '@gantry/kube/path.ts'
import { Pod } from '@gantry/kube/resources.ts'
import WebSocket from 'ws'
import type { Session } from './session.ts'

const protocol = 'v4.channel.k8s.io'
/** First byte of each message: which of the two streams of the port it belongs to. */
const channels = { data: 0, error: 1 } as const
/** The first message of each stream has the number of the port, two bytes, and nothing else. */
const portBytes = 2
const connectTimeoutMs = 15_000
/** The WebSocket keeps what is not sent yet: beyond this, the writer waits. */
const mostBuffered = 1 << 20
const drainMs = 5
/** Most characters of a refusal; what comes after them is no Status of an API server. */
const mostOfRefusal = 64 * 1024

export interface Target {
  readonly namespace: string
  readonly pod: string
  readonly port: number
}

/** The refusal of the API server to open a WebSocket, with its own words. */
const refusalOf = async (response: IncomingMessage): Promise<Error> => {
  let body = ''
  for await (const chunk of response.setEncoding('utf8')) {
    body += chunk
    if (body.length > mostOfRefusal) break
  }
  return refusal('the port-forward', { code: response.statusCode ?? 0, headers: response.headers, body })
}

const begin = async ({ access }: Session, path: string): Promise<WebSocket> => {
  const { headers, options } = await access.credentials()
  const base = `${access.server.origin}${access.server.pathname.replace(/\/$/, '')}`
  return new WebSocket(`${base.replace(/^http/, 'ws')}${path}`, [protocol], {
    ...options,
    headers,
    handshakeTimeout: connectTimeoutMs,
    perMessageDeflate: false,
  })
}

const opened = (socket: WebSocket, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('unexpected-response', (_request, response) => {
      refusalOf(response)
        .then(reject, reject)
        .finally(() => socket.terminate())
    })
    socket.once('error', (cause) => reject(new Error(`the API server did not answer GET ${path}`, { cause })))
  })

const framed = (chunk: Buffer): Buffer => Buffer.concat([Buffer.of(channels.data), chunk])

/** Hands messages to `onData` and `onError`, without the port numbers in front of each stream. */
const reader = (onData: (data: Buffer) => void, onError: (message: string) => void) => {
  const missing = [portBytes, portBytes]
  return (message: Buffer): void => {
    const channel = message[0] ?? 0
    const skipped = Math.min(missing[channel] ?? 0, message.length - 1)
    if (missing[channel]) missing[channel] -= skipped
    const data = message.subarray(1 + skipped)
    if (data.length === 0) return
    if (channel === channels.data) onData(data)
    else if (channel === channels.error) onError(plainText(data.toString()))
  }
}

const duplexOf = (socket: WebSocket): Duplex => {
  const whenDrained = (done: () => void): void => {
    if (socket.bufferedAmount < mostBuffered || socket.readyState !== WebSocket.OPEN) done()
    else setTimeout(whenDrained, drainMs, done)
  }
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) =>
      socket.send(framed(chunk), (error) => (error ? done(error) : whenDrained(done))),
    // The protocol has no half-closed connections: the other side ends it after its answer.
    final: (done) => done(),
    destroy: (error, done) => {
      socket.terminate()
      done(error)
    },
  })
  const read = reader(
    (data) => {
      if (!stream.push(data)) socket.pause()
    },
    (message) => stream.destroy(new Error(message)),
  )
  socket.on('message', (message) => read(message as Buffer))
  socket.on('close', () => stream.push(null))
  socket.on('error', (error) => stream.destroy(error))
  return stream
}

/** @throws ApiError for a refusal, Error where the API server does not answer. The stream ends with an Error where nothing listens on the port. */
export const openTunnel = async (session: Session, { namespace, pod, port }: Target): Promise<Duplex> => {
  const path = pathOf(Pod, namespace, pod, 'portforward') + query({ ports: port })
  const socket = await begin(session, path)
  const tunnel = duplexOf(socket) // listens before the WebSocket is open: the first message may come with the answer
  tunnel.on('error', () => {}) // told by the promise, or by what reads the stream
  await opened(socket, path)
  return tunnel
}
