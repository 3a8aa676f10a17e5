/** Connections of both ports whose callers do less than they should, and never hang up by themselves. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { makeCertificate } from '../testing/certificates.ts'
import { identity } from '../testing/models.ts'
import { call, callTls, halfHello, http2Preface, type RawCaller } from '../testing/raw-sockets.ts'
import { mountedSecret } from '../testing/secrets.ts'
import { type TestServer, testServer } from '../testing/server.ts'

let clear: TestServer
let secure: TestServer
let secret: Awaited<ReturnType<typeof mountedSecret>>
before(async () => {
  secret = await mountedSecret(await makeCertificate('localhost'))
  clear = await testServer(identity('FP32'))
  const files = ['--tls-cert', join(secret.dir, 'tls.crt'), '--tls-key', join(secret.dir, 'tls.key')]
  secure = await testServer(identity('FP32'), files)
})
after(async () => {
  await clear[Symbol.asyncDispose]()
  await secure[Symbol.asyncDispose]()
  await secret[Symbol.asyncDispose]()
})
const http = (): number => clear.serving.port
const grpc = (): number => clear.serving.grpcPort ?? 0
const https = (): number => secure.serving.port
const grpcs = (): number => secure.serving.grpcPort ?? 0

const get = (...headers: readonly string[]): string =>
  ['GET /v2/health/live HTTP/1.1', 'host: localhost', ...headers, '', ''].join('\r\n')

/** A connection that is kept stays for good, so that its test never ends by itself. */
const timeout = 30_000

const refused: readonly (readonly [string, () => Promise<RawCaller>, RegExp])[] = [
  ['no HTTP', () => call(http(), 'nonsense\r\n\r\n'), /^HTTP\/1\.1 400 /],
  ['no HTTP, over TLS', () => callTls(https(), 'nonsense\r\n\r\n', 'http/1.1'), /^HTTP\/1\.1 400 /],
  ['headers beyond the limit', () => call(http(), get(`x: ${'a'.repeat(20_000)}`)), /^HTTP\/1\.1 431 /],
  ['an answer that is the last one', () => call(http(), get('connection: close')), /^HTTP\/1\.1 200 /],
  [
    'a refusal before the body has come',
    () => call(http(), 'POST /nowhere HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{'),
    /^HTTP\/1\.1 404 /,
  ],
  ['HTTP/1.1 at the gRPC port', () => call(grpc(), get()), /^$/],
  ['HTTP/1.1 at the gRPC port, over TLS', () => callTls(grpcs(), get()), /^$/],
  [
    'a preface and no settings, but a PING',
    () => call(grpc(), Buffer.concat([Buffer.from(http2Preface), Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0])])),
    /^$/,
  ],
  ['plain HTTP at the HTTPS port', () => call(https(), get()), /^[^H]*$/],
  ['plain HTTP/2 at the port of gRPC over TLS', () => call(grpcs(), http2Preface), /^[^H]*$/],
]

describe('a connection that the server has ended goes, although its caller keeps it', () => {
  for (const [what, open, answer] of refused)
    test(what, { timeout }, async () => {
      const caller = await open()
      await caller.ended
      assert.match(caller.received(), answer)
      await caller.givenUp()
    })
})

const late: readonly (readonly [string, () => Promise<RawCaller>, RegExp])[] = [
  ['silent at HTTP', () => call(http()), /^$/],
  ['half a head', () => call(http(), 'GET / HTTP/1.1\r\nhost: loc'), /^HTTP\/1\.1 408 /],
  ['silent at gRPC', () => call(grpc()), /^$/],
  ['half a preface', () => call(grpc(), http2Preface.slice(0, 11)), /^$/],
  ['a preface without settings', () => call(grpc(), http2Preface), /^$/],
  ['silent at HTTPS', () => call(https()), /^$/],
  ['half a handshake at HTTPS', () => call(https(), halfHello), /^$/],
  ['silent after the handshake at HTTPS', () => callTls(https(), '', 'http/1.1'), /^$/],
  ['half a head over TLS', () => callTls(https(), 'GET / HT', 'http/1.1'), /^HTTP\/1\.1 408 /],
  ['silent at gRPC over TLS', () => call(grpcs()), /^$/],
  ['half a handshake at gRPC', () => call(grpcs(), halfHello), /^$/],
  ['half a preface over TLS', () => callTls(grpcs(), http2Preface.slice(0, 11)), /^$/],
]
describe('a connection that does not say what it wants in time is ended, and goes', {
  concurrency: true,
}, () => {
  for (const [what, open, answer] of late)
    test(what, { timeout: 2 * timeout }, async () => {
      const caller = await open()
      await caller.ended
      assert.match(caller.received(), answer)
      await caller.givenUp()
    })
})

const inferHead =
  'POST /v2/models/m/infer HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{'

const holders: readonly (readonly [string, boolean, (port: number) => Promise<RawCaller>])[] = [
  ['silent', false, (port) => call(port)],
  ['in the middle of a head', false, (port) => call(port, 'GET / HTTP/1.1\r\nhost: loc')],
  ['idle after an answer', false, (port) => call(port, get())],
  ['in the middle of a body', false, (port) => call(port, inferHead)],
  ['in the middle of a handshake', true, (port) => call(port, halfHello)],
  ['silent after the handshake', true, (port) => callTls(port, '', 'http/1.1')],
]
describe('connections that wait for no answer shut no client out of a full port: the oldest gives way', () => {
  for (const [what, isSecure, open] of holders)
    test(what, { timeout }, async () => {
      const files = ['--tls-cert', join(secret.dir, 'tls.crt'), '--tls-key', join(secret.dir, 'tls.key')]
      const more = ['--max-connections', '3', ...(isSecure ? files : [])]
      await using server = await testServer(identity('FP32'), more)
      const { port } = server.serving
      const first = await open(port)
      await Promise.all([open(port), open(port)])
      await pause(1200)
      const probe = isSecure ? await callTls(port, get(), 'http/1.1') : await call(port, get())
      while (!probe.received().startsWith('HTTP/1.1 200 ')) await pause(20)
      await first.givenUp()
    })
  // The limit is less than the time that a silent one has anyway.
  test('at the gRPC port', { timeout: 8000 }, async () => {
    await using server = await testServer(identity('FP32'), ['--max-connections', '2'])
    const { grpcPort = 0 } = server.serving
    const silent = await call(grpcPort)
    const session = await call(grpcPort, http2Preface)
    const third = await call(grpcPort, http2Preface)
    await silent.givenUp()
    const fourth = await call(grpcPort, http2Preface)
    await session.givenUp()
    third.socket.destroy()
    fourth.socket.destroy()
  })
})

test('where every connection of a full port waits for an answer, new ones are refused, with one line in the log', {
  timeout,
}, async () => {
  const slow = ['--max-delay-ms', '3000', '--inline-ms', '0', '--max-connections', '2']
  await using server = await testServer(identity('FP32'), slow)
  const { port } = server.serving
  const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }] })
  const asked = `POST /v2/models/m/infer HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  const waiting = await Promise.all([call(port, asked), call(port, asked)])
  await pause(300)
  for (let more = 0; more < 3; more++) {
    const turned = await call(port)
    await turned.ended
    await turned.givenUp()
  }
  for (const caller of waiting) while (!caller.received().startsWith('HTTP/1.1 200 ')) await pause(20)
  const lines = server.lines.filter(({ message }) => /--max-connections/.test(message))
  assert.deepEqual(
    lines.map(({ level, fields }) => [level, fields['port'], fields['maxConnections']]),
    [['warn', port, 2]],
  )
})
