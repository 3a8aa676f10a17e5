/** Callers without a key who hold, by their number alone, what others need: connections, calls, places in a row. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { request as secureRequest } from 'node:https'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { makeCertificate } from '../testing/certificates.ts'
import { endingOf, frame, methodPath, openCall, openSession, status } from '../testing/grpc-frames.ts'
import { identity } from '../testing/models.ts'
import {
  call,
  callTls,
  halfHello,
  http2Preface,
  http2Settings,
  type RawCaller,
} from '../testing/raw-sockets.ts'
import { type MountedSecret, mountedSecret } from '../testing/secrets.ts'
import { type TestServer, testServer } from '../testing/server.ts'

const most = 8
let clear: TestServer
let secure: TestServer
let secret: MountedSecret
before(async () => {
  secret = await mountedSecret(await makeCertificate('localhost'))
  const few = ['--max-connections', String(most)]
  clear = await testServer(identity('FP32'), few)
  const files = ['--tls-cert', join(secret.dir, 'tls.crt'), '--tls-key', join(secret.dir, 'tls.key')]
  secure = await testServer(identity('FP32'), [...few, ...files])
})
after(async () => {
  await clear[Symbol.asyncDispose]()
  await secure[Symbol.asyncDispose]()
  await secret[Symbol.asyncDispose]()
})
const http = (): number => clear.serving.port
const grpc = (): number => clear.serving.grpcPort ?? 0
const https = (): number => secure.serving.port

const get = (path = '/v2/health/live'): string => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`

/** Asks as the kubelet does: with a connection of its own, and without verifying the certificate. */
const probe = (port: number): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const send = port === https() ? secureRequest : request
    const options = {
      port,
      host: '127.0.0.1',
      path: '/v2/health/live',
      agent: false,
      rejectUnauthorized: false,
    }
    send(options, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end()
  })

const body = 'POST /v2/models/m/infer HTTP/1.1\r\nhost: m\r\ncontent-length: 9\r\n\r\n{'
const crowds: readonly (readonly [string, () => number, () => Promise<RawCaller>])[] = [
  ['say nothing', http, () => call(http())],
  ['have half a head', http, () => call(http(), 'GET / HT')],
  ['have been answered', http, () => call(http(), get())],
  ['send half a body', http, () => call(http(), body)],
  ['take no answers', http, () => call(http(), get('/openapi.json').repeat(20), false)],
  ['say nothing over TLS', https, () => call(https())],
  ['have half a handshake', https, () => call(https(), halfHello)],
  ['have been answered over TLS', https, () => callTls(https(), get(), 'http/1.1')],
]
const crowdOf = async (open: () => Promise<RawCaller>): Promise<readonly RawCaller[]> => {
  const callers: RawCaller[] = []
  for (let count = 0; count < most + 4; count++) callers.push(await open())
  await pause(100)
  return callers
}
const leave = (callers: readonly RawCaller[]): void => {
  for (const { socket } of callers) socket.destroy()
}

describe('callers who keep all connections of a port do not shut out a probe', () => {
  for (const [what, port, open] of crowds)
    test(`callers who ${what}`, async () => {
      const callers = await crowdOf(open)
      try {
        for (let count = 0; count < 3; count++) assert.equal(await probe(port()), 200)
      } finally {
        leave(callers)
      }
    })

  for (const [what, bytes] of [
    ['say nothing', ''],
    ['have begun HTTP/2', Buffer.concat([Buffer.from(http2Preface), http2Settings])],
  ] as const)
    test(`callers of gRPC who ${what}`, async () => {
      const callers = await crowdOf(() => call(grpc(), bytes))
      const session = openSession(grpc())
      const { code } = await ask(session, 'ServerLive')
      assert.equal(code, status.OK)
      session.destroy()
      leave(callers)
    })
})

const ask = (session: ReturnType<typeof openSession>, method: string) => {
  const stream = openCall(session, { ':path': methodPath(method) })
  const ending = endingOf(stream)
  stream.end(frame(Buffer.alloc(0)))
  return ending
}

test('callers who keep as many calls as there may be, of those that ask for no key, do not shut out others', async () => {
  await using server = await testServer(identity('FP32'))
  const sessions = Array.from({ length: 42 }, () => openSession(server.serving.grpcPort))
  let answered = 0
  let ended = 0
  for (const session of sessions)
    for (let count = 0; count < 99; count++) {
      const stream = openCall(session, { ':path': '/grpc.health.v1.Health/Watch' })
      stream.on('error', () => {})
      stream.once('data', () => {
        answered += 1
      })
      stream.once('close', () => {
        ended += 1
      })
      stream.end(frame(Buffer.alloc(0)))
    }
  while (answered + ended < 42 * 99) await pause(50)
  const session = openSession(server.serving.grpcPort)
  const { code, details } = await ask(session, 'RepositoryIndex')
  assert.equal(code, status.OK, details)
  for (const one of [...sessions, session]) one.destroy()
})

const answersIn = (text: string): number => text.split('HTTP/1.1 200 ').length - 1

test('requests that follow each other on a connection without waiting are answered, up to 32', {
  timeout: 30_000,
}, async () => {
  const caller = await call(http(), get('/metrics').repeat(32))
  while (answersIn(caller.received()) < 32) await pause(20)
  caller.socket.write(get('/metrics').repeat(32))
  while (answersIn(caller.received()) < 64) await pause(20)
  caller.socket.destroy()
})

test('a connection on which too many requests wait is closed, and no further request of it is answered', {
  timeout: 30_000,
}, async () => {
  const caller = await call(http(), get('/metrics').repeat(1000))
  await caller.ended
  assert.equal(answersIn(caller.received()), 0)
})
