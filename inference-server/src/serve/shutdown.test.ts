/** SIGTERM while callers keep connections that ask nothing, with the real program. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { makeCertificate } from '../testing/certificates.ts'
import { identity, modelFolder, slow } from '../testing/models.ts'
import { freePort, type Program, ready, start } from '../testing/program.ts'
import {
  call,
  callTls,
  halfHello,
  http2Preface,
  http2Settings,
  type RawCaller,
} from '../testing/raw-sockets.ts'
import { mountedSecret } from '../testing/secrets.ts'

interface Ports {
  readonly http: number
  readonly grpc: number
}

/** The drain, the two seconds that connections may take, and what a busy machine adds; a stuck run is given up after 35 s. */
const longestMs = 10_000

const startServer = async (dir: string, ...more: readonly string[]): Promise<[Program, Ports]> => {
  const grpc = await freePort()
  const program = start([
    ...['serve', '--model', dir, '--name', 'm', '--port', '0', '--grpc-port', String(grpc)],
    ...['--drain-seconds', '0.2', ...more],
  ])
  return [program, { http: await ready(program), grpc }]
}

const messagesOf = ({ output }: Program): readonly string[] =>
  output.stderr
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { message: string }).message)

const endsWell = async (program: Program): Promise<void> => {
  const sinceMs = performance.now()
  program.process.kill('SIGTERM')
  assert.equal(await program.ended, 0, program.output.stderr)
  assert.ok(performance.now() - sinceMs < longestMs)
  assert.deepEqual(messagesOf(program).slice(-2), ['draining', 'stopped'])
}

const post = (path: string, headers: readonly string[], body = ''): string =>
  [`POST ${path} HTTP/1.1`, 'host: localhost', ...headers, '', body].join('\r\n')

/** 32 MB, sent and answered in binary: more than the system keeps for a caller that reads nothing. */
const largeRequest = (): Buffer => {
  const bytes = 32 << 20
  const x = { name: 'x', datatype: 'FP32', shape: [1, bytes / 4], parameters: { binary_data_size: bytes } }
  const json = JSON.stringify({ inputs: [x], parameters: { binary_data_output: true } })
  const head = [
    'content-type: application/octet-stream',
    `inference-header-content-length: ${json.length}`,
    `content-length: ${json.length + bytes}`,
  ]
  return Buffer.concat([Buffer.from(post('/v2/models/m/infer', head, json)), Buffer.alloc(bytes)])
}

/** A keep-alive client that got its answer. */
const idleClient = async ({ http }: Ports): Promise<RawCaller> => {
  const caller = await call(http, 'GET /v2/health/live HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await once(caller.socket, 'data')
  return caller
}

const refused = async ({ http }: Ports): Promise<RawCaller> => {
  const caller = await call(http, 'nonsense\r\n\r\n')
  await caller.ended
  return caller
}

const ignoring: Readonly<Record<string, (ports: Ports) => Promise<RawCaller>>> = {
  'silent at HTTP': ({ http }) => call(http),
  'half a head': ({ http }) => call(http, 'GET /v2/health/live HTTP/1.1\r\nhost: loc'),
  'half a body': ({ http }) => call(http, post('/v2/models/m/infer', ['content-length: 100'], '{"inputs"')),
  'refused, and its end ignored': refused,
  'idle after an answer': idleClient,
  'an answer that is not read': ({ http }) => call(http, largeRequest(), false),
  'silent at gRPC': ({ grpc }) => call(grpc),
  'half a preface': ({ grpc }) => call(grpc, http2Preface.slice(0, 11)),
  'a preface alone': ({ grpc }) => call(grpc, http2Preface),
  'an idle HTTP/2 session': ({ grpc }) =>
    call(grpc, Buffer.concat([Buffer.from(http2Preface), http2Settings])),
}

/** A call over HTTP/2 whose caller sends, and takes, only what it is told to. */
const grpcCall = (port: number, message: Buffer): Promise<RawCaller> =>
  new Promise((resolve, reject) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: 1000 } })
    session.on('error', () => {})
    const stream = session.request({
      ':method': 'POST',
      ':path': '/inference.GRPCInferenceService/ModelInfer',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    stream.on('error', reject)
    stream.write(message, () =>
      resolve({
        socket: session.socket as Socket,
        received: () => '',
        givenUp: async () => {},
        ended: once(session, 'close').then(() => {}),
      }),
    )
  })

/** Fifty bytes of a message that announces a thousand. */
const halfMessage = Buffer.concat([Buffer.from([0, 0, 0, 3, 232]), Buffer.alloc(50)])

const ignoringHere = { ...ignoring, 'half a message': ({ grpc }: Ports) => grpcCall(grpc, halfMessage) }

test('callers that keep their connections do not hold up the end, in every state of sending and reading', async () => {
  await using folder = await modelFolder(identity('FP32'))
  const [program, ports] = await startServer(folder.dir)
  await using _ = program
  const callers = []
  for (const open of Object.values(ignoringHere)) callers.push(await open(ports))
  while (!/infer",outcome="answered"} 1/.test(await metrics(ports)));
  await endsWell(program)
  for (const { socket } of callers) socket.destroy()
})

const metrics = async ({ http }: Ports): Promise<string> =>
  (await fetch(`http://localhost:${http}/metrics`)).text()

const ignoringTls: Readonly<Record<string, (ports: Ports) => Promise<RawCaller>>> = {
  'silent at HTTPS': ({ http }) => call(http),
  'half a handshake at HTTPS': ({ http }) => call(http, halfHello),
  'no request after the handshake': ({ http }) => callTls(http, '', 'http/1.1'),
  'half a head': ({ http }) => callTls(http, 'GET / HTTP/1.1\r\nhost: loc', 'http/1.1'),
  'silent at gRPC': ({ grpc }) => call(grpc),
  'half a handshake at gRPC': ({ grpc }) => call(grpc, halfHello),
  'no preface after the handshake': ({ grpc }) => callTls(grpc),
  'an idle HTTP/2 session': ({ grpc }) =>
    callTls(grpc, Buffer.concat([Buffer.from(http2Preface), http2Settings])),
}

test('nor over TLS, whether they finish the handshake or not', async () => {
  await using secret = await mountedSecret(await makeCertificate('localhost'))
  await using folder = await modelFolder(identity('FP32'))
  const files = ['--tls-cert', join(secret.dir, 'tls.crt'), '--tls-key', join(secret.dir, 'tls.key')]
  const [program, ports] = await startServer(folder.dir, ...files)
  await using _ = program
  const callers = []
  for (const open of Object.values(ignoringTls)) callers.push(await open(ports))
  await endsWell(program)
  for (const { socket } of callers) socket.destroy()
})

/** A model that takes a second or more for each request. */
const slowModel = () => modelFolder(slow(150))

const ask = async ({ http }: Ports, agent: Agent): Promise<number | undefined> => {
  const headers = { 'content-type': 'application/json' }
  const call = request({
    host: '127.0.0.1',
    port: http,
    path: '/v2/models/m/infer',
    method: 'POST',
    headers,
    agent,
  })
  call.end('{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1],"data":[1]}]}')
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}

test('who is being computed for is answered, and may keep the connection for as long as it likes', async () => {
  await using folder = await slowModel()
  const [program, ports] = await startServer(folder.dir)
  await using _ = program
  const silent = await Promise.all([call(ports.http), call(ports.grpc), call(ports.http, 'GET /')])
  const agent = new Agent({ keepAlive: true })
  const answer = ask(ports, agent)
  await fetch(`http://localhost:${ports.http}/v2/health/live`)
  await Promise.all([endsWell(program), answer.then((status) => assert.equal(status, 200))])
  for (const { socket } of silent) socket.destroy()
  agent.destroy()
})

test('an answer that is still being read when the port closes arrives whole', async () => {
  await using folder = await modelFolder(identity('FP32'))
  const [program, ports] = await startServer(folder.dir)
  await using _ = program
  const { socket } = await call(ports.http, largeRequest(), false)
  while (!/infer",outcome="answered"} 1/.test(await metrics(ports)));
  const ended = endsWell(program)
  let bytes = 0
  for (;;) {
    const chunk = socket.read() as Buffer | null
    if (chunk) bytes += chunk.length
    else if (socket.readableEnded || socket.destroyed) break
    // Slowly, so that much of it is left when the port closes.
    await pause(5)
  }
  await ended
  assert.ok(bytes > 32 << 20, `${bytes} bytes`)
})
