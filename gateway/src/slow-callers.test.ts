/**
 * Callers that hold a connection and do nothing with it, or as little as they can: each of them is ended, whatever it speaks, and
 * others are answered meanwhile. The limits are options of the program; here they are short.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { makeCertificate } from '../../inference-server/src/testing/certificates.ts'
import {
  call,
  callTls,
  halfHello,
  http2Preface,
  http2Settings,
  type RawCaller,
} from '../../inference-server/src/testing/raw-sockets.ts'
import { type MountedSecret, mountedSecret } from '../../inference-server/src/testing/secrets.ts'
import { silentLog } from '../../operator/src/testing/claims.ts'
import { parseOptions } from './config/options.ts'
import { closed, support, type TestGateway, testGateway, type Upstream, upstream } from './testing/gateway.ts'
import { createCertificate } from './tls/certificate.ts'

const timeout = 20_000
const ms = 250
const patience = { headersMs: ms, requestMs: 2 * ms, idleMs: ms, unreadMs: ms }

let server: Upstream
let secret: MountedSecret
let gateway: TestGateway
before(async () => {
  server = await upstream((request, response) => {
    if (request.url === '/large') return void response.end(Buffer.alloc(2 ** 26))
    request.resume().on('end', () => response.end('{}'))
  })
  secret = await mountedSecret(await makeCertificate('gateway'))
  const certificate = createCertificate({
    ...{ dir: secret.dir, clock: manualClock(), log: silentLog, wallClock: Date.now, handshakeMs: ms },
  })
  gateway = await testGateway([support([server.url])], { patience }, { certificate })
})
after(async () => {
  await gateway[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  await secret[Symbol.asyncDispose]()
})

const head = 'POST /shop/support/predict HTTP/1.1\r\nHost: localhost\r\n'
/** The header of a HEADERS frame of stream 1 with 4 bytes, whose block goes on in further frames. */
const openHeaders = Buffer.from([0, 0, 4, 1, 0, 0, 0, 0, 1, 0x82, 0x86, 0x84, 0x41])

const silent: readonly (readonly [what: string, open: (port: number) => Promise<RawCaller>])[] = [
  ['that sends nothing', (port) => call(port)],
  ['that sends half of a line', (port) => call(port, 'POST /shop')],
  ['that sends half of the first bytes of HTTP/2', (port) => call(port, 'PR')],
  ['that does not end its headers', (port) => call(port, head)],
  ['that does not send its body', (port) => call(port, `${head}Content-Length: 5\r\n\r\n`)],
  ['that does not end its chunks', (port) => call(port, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nab`)],
  ['that begins a handshake of TLS', (port) => call(port, halfHello)],
  ['that sends nothing over TLS', (port) => callTls(port, '', 'http/1.1')],
  ['that does not end its headers over TLS', (port) => callTls(port, head, 'http/1.1')],
  [
    'that calls nothing over HTTP/2',
    (port) => call(port, Buffer.concat([Buffer.from(http2Preface), http2Settings])),
  ],
  [
    'that calls nothing over HTTP/2 and TLS',
    (port) => callTls(port, Buffer.concat([Buffer.from(http2Preface), http2Settings])),
  ],
  ['that says nothing after the handshake for HTTP/2', (port) => callTls(port)],
  [
    'that does not end the headers of a call',
    (port) => call(port, Buffer.concat([Buffer.from(http2Preface), http2Settings, openHeaders])),
  ],
]

describe('a connection is ended', { concurrency: true }, () => {
  for (const [what, open] of silent)
    test(what, { timeout }, async () => {
      const caller = await open(gateway.gateway.port)
      await caller.ended
      await caller.givenUp()
      assert.doesNotMatch(caller.received(), /HTTP\/1\.1 (?!408)/)
      caller.socket.destroy()
      assert.equal((await gateway.post('/shop/support/predict', {})).status, 200)
    })
})

test('a flood of headers of one call over HTTP/2 ends its connection long before it ends', {
  timeout,
}, async () => {
  await using patient = await testGateway([support([server.url])])
  const { port } = patient.gateway
  const caller = await call(port, Buffer.concat([Buffer.from(http2Preface), http2Settings, openHeaders]))
  // CONTINUATION of 1 KiB, and none of them is the last one. Its bytes are literal headers that are never indexed.
  const more = Buffer.concat([Buffer.from([0, 4, 0, 9, 0, 0, 0, 0, 1]), Buffer.alloc(1024, 0x10)])
  const most = 10_000
  let sent = 0
  let isOver = false
  void caller.ended.then(() => {
    isOver = true
  })
  for (; sent < most && !isOver; sent += 1) {
    if (!caller.socket.write(more)) await Promise.race([caller.ended, pause(20)])
    if (sent % 16 === 0) await pause(1)
  }
  await caller.ended
  assert.ok(sent < most, 'the connection stood all of them')
  caller.socket.destroy()
  assert.equal((await patient.post('/shop/support/predict', {})).status, 200)
})

/** Writes byte by byte as long as the other side takes it. */
const trickle = async (bytes: string): Promise<RawCaller> => {
  const caller = await call(gateway.gateway.port)
  let isOver = false
  void caller.ended.then(() => {
    isOver = true
  })
  for (let at = 0; at < bytes.length && !isOver; at += 1) {
    caller.socket.write(bytes[at] ?? '')
    await pause(20)
  }
  await caller.ended
  caller.socket.destroy()
  return caller
}

test('headers that come byte by byte are 408 once their time is over, however alive their caller is', {
  timeout,
}, async () => {
  const caller = await trickle(`${head}X-Long: ${'a'.repeat(500)}`)
  assert.match(caller.received(), /^HTTP\/1\.1 408 .*did not arrive in time/s)
})

test('a body that comes byte by byte is 408 once its time is over, and its endpoint has had none of it', {
  timeout,
}, async () => {
  const before = server.requests.length
  const caller = await trickle(`${head}Content-Length: 500\r\n\r\n${'a'.repeat(499)}`)
  assert.match(caller.received(), /^HTTP\/1\.1 408 /)
  assert.equal(server.requests.length, before)
})

test('a caller that takes nothing of its answer is ended, and so is the answer of the endpoint', {
  timeout,
}, async () => {
  const before = server.requests.length
  const get = 'GET /shop/support/large HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const caller = await call(gateway.gateway.port, get, false)
  await server.until(before + 1)
  await closed(server.requests.at(-1))
  await caller.givenUp()
  caller.socket.destroy()
})

test('a caller that ends its side before its answer has left: the endpoint sees the request end', {
  timeout,
}, async () => {
  await using endless = await upstream(() => {})
  await using half = await testGateway([support([endless.url])], { patience })
  const caller = await call(half.gateway.port, `${head}Content-Length: 2\r\n\r\n{}`)
  await endless.until(1)
  caller.socket.end()
  await closed(endless.requests[0])
  await caller.givenUp()
  caller.socket.destroy()
})

test('a connection between two requests is ended after its idle time, and not while one is under way', {
  timeout,
}, async () => {
  await using slow = await upstream((_, response) => setTimeout(() => response.end('{}'), 3 * ms))
  await using idle = await testGateway([support([slow.url])], { patience })
  const caller = await call(idle.gateway.port, `${head}Content-Length: 2\r\n\r\n{}`)
  await caller.ended
  assert.match(caller.received(), /^HTTP\/1\.1 200 /)
  caller.socket.destroy()
})

test('the limits are options of the program, and those of a whole request hold its headers', () => {
  const of = (...args: readonly string[]) => {
    const options = parseOptions(args)
    return options === 'help' ? undefined : options.patience
  }
  assert.deepEqual(of(), { headersMs: 20_000, requestMs: 120_000, idleMs: 75_000, unreadMs: 30_000 })
  assert.equal(of('--unread-seconds', '0.5')?.unreadMs, 500)
  assert.throws(() => of('--request-seconds', '10'), /--request-seconds must be at least --headers-seconds/)
})
