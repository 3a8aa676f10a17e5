/**
 * Requests that the gateway and a server behind it might end in different places. Behind each comes a request that only one of
 * the two would see: it is answered where the bytes leave no doubt that it is one, and never else.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { call } from '../../inference-server/src/testing/raw-sockets.ts'
import { support, type TestGateway, testGateway, type Upstream, upstream } from './testing/gateway.ts'

const timeout = 20_000
const body = '{"text": "a"}'
const length = `Content-Length: ${body.length}`
const chunked = 'Transfer-Encoding: chunked'
const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
const smuggled = 'GET /shop/support/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'

const post = (headers: readonly string[], content: string): string =>
  ['POST /shop/support/predict HTTP/1.1', 'Host: localhost', ...headers, '', content + smuggled].join('\r\n')
const get = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n${smuggled}`

type Form = readonly [what: string, bytes: string, status: number | readonly number[]]
const forms: readonly Form[] = [
  ['a length and chunks', post([length, chunked], chunk), 400],
  ['chunks and a length', post([chunked, length], chunk), 400],
  ['two equal lengths', post([length, length], body), 400],
  ['two lengths', post([length, 'Content-Length: 1'], body), 400],
  ['a list of lengths', post([`${length}, 1`], body), 400],
  ['a length with a plus', post([`Content-Length: +${body.length}`], body), 400],
  ['chunks by another name', post(['Transfer-Encoding: xchunked'], chunk), [400, 501]],
  ['chunks not last', post(['Transfer-Encoding: chunked, identity'], chunk), 400],
  ['gzip and chunks', post(['Transfer-Encoding: gzip, chunked'], chunk), 501],
  ['identity and a length', post(['Transfer-Encoding: identity', length], body), 400],
  ['a space before the colon of the length', post([`Content-Length : ${body.length}`], body), 400],
  ['a folded header', post([length, 'X: a\r\n b'], body), 400],
  ['a value with a bare CR', post([length, 'X: a\rContent-Length: 0'], body), 400],
  ['a value with a NUL', post([length, 'X: a\0b'], body), 400],
  ['lines that end in LF', post([length], body).replaceAll('\r\n', '\n'), 400],
  ['one line that ends in LF', post([`${length}\nX: 1`], body), 400],
  ['a header of 20 kB', post([length, `X: ${'a'.repeat(20_000)}`], body), 431],
  [
    '2000 short headers',
    post([length, ...Array.from({ length: 2000 }, (_, at) => `X${at}: abc`)], body),
    431,
  ],
  ['a chunk longer than it says', post([chunked], `4\r\n${body}\r\n0\r\n\r\n`), [400, 502]],
  ['a chunk in 0x', post([chunked], `0x${chunk}`), 400],
  ['a negative chunk', post([chunked], `-${chunk}`), 400],
  ['a chunk of 17 digits', post([chunked], `1${'0'.repeat(16)}\r\n${body}\r\n0\r\n\r\n`), 400],
  ['a chunk with a space before its size', post([chunked], ` ${chunk}`), 400],
  ['an extension of a chunk with a bare LF', post([chunked], chunk.replace('\r\n', ';a\n\r\n')), 400],
  ['a chunk without its end', post([chunked], chunk.replace(`${body}\r\n`, body)), 400],
  ['a length in hexadecimal', post([`Content-Length: 0x${body.length.toString(16)}`], body), 400],
  ['a length with a space in it', post(['Content-Length: 1 3'], body), 400],
  ['a negative length', post(['Content-Length: -1'], body), 400],
  ['a length beyond all', post([`Content-Length: ${'9'.repeat(30)}`], body), 400],
  ['chunks behind a vertical tab', post(['Transfer-Encoding: \x0bchunked'], chunk), [400, 501]],
  ['two codings in two headers', post([chunked, 'Transfer-Encoding: identity'], chunk), [400, 501]],
  ['a coding that is empty', post(['Transfer-Encoding: ', length], body), [400, 501]],
  [
    'an endless extension of a chunk',
    post([chunked], chunk.replace('\r\n', `;${'a'.repeat(20_000)}\r\n`)),
    [400, 413],
  ],
  [
    'trailers of 20 kB',
    post([chunked], chunk.replace(/\r\n$/, `X: ${'a'.repeat(20_000)}\r\n\r\n`)),
    [400, 431],
  ],
  ['a chunk that ends in LF', post([chunked], `${body.length.toString(16)}\n${body}\n0\n\n`), 400],
  ['no host', get('GET /shop/support/x HTTP/1.1'), 400],
  ['two hosts', get('GET /shop/support/x HTTP/1.1', 'Host: localhost', 'Host: support.shop'), 400],
  ['a host with a path', get('GET /shop/support/x HTTP/1.1', 'Host: localhost/v2'), 400],
  [
    'an address with another host',
    get('GET http://localhost/shop/support/x HTTP/1.1', 'Host: support.shop.svc'),
    400,
  ],
  [
    'chunks over HTTP/1.0',
    post([chunked, 'Connection: keep-alive'], chunk).replace('HTTP/1.1', 'HTTP/1.0'),
    400,
  ],
  ['another version', get('GET /shop/support/x HTTP/3.0', 'Host: localhost'), 400],
  ['an address with a space', get('GET /shop/support /x HTTP/1.1', 'Host: localhost'), 400],
]

let server: Upstream
let gateway: TestGateway
before(async () => {
  server = await upstream((request, response) =>
    request.resume().on('end', () => response.end(`{"path": "${request.url}"}`)),
  )
  gateway = await testGateway([support([server.url])])
})
after(async () => {
  await gateway[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const statusesIn = (answers: string): readonly number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

const exchange = async (bytes: string, { gateway: { port } } = gateway): Promise<string> => {
  const caller = await call(port, Buffer.from(bytes, 'latin1'))
  await caller.ended
  await pause(50)
  caller.socket.destroy()
  return caller.received()
}

describe('is refused, the connection ends, and what comes behind reaches no endpoint', () => {
  for (const [what, bytes, status] of forms)
    test(what, { timeout }, async () => {
      const answers = await exchange(bytes)
      const [first, ...more] = statusesIn(answers)
      assert.ok([status].flat().includes(first ?? 0), answers)
      assert.deepEqual(more, [])
      assert.match(answers, /\r\nconnection: close\r\n/i)
      assert.ok(!server.requests.some(({ url }) => url === '/smuggled'))
    })
})

describe('is answered, and so is the one request behind it', () => {
  const last = 'GET /shop/support/last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
  const plain: readonly (readonly [string, string])[] = [
    ['a length', post([length], body)],
    ['chunks', post([chunked], chunk)],
    ['chunks in capitals', post(['Transfer-Encoding: CHUNKED'], chunk)],
    ['an address with a host', get('GET http://localhost/shop/support/x HTTP/1.1', 'Host: localhost')],
  ]
  for (const [what, bytes] of plain)
    test(what, { timeout }, async () => {
      const answers = await exchange(bytes.slice(0, -smuggled.length) + last)
      assert.deepEqual(statusesIn(answers), [200, 200], answers)
      assert.match(answers, /\{"path": "\/last"\}$/)
    })

  test('a body that comes byte by byte', { timeout }, async () => {
    const caller = await call(gateway.gateway.port)
    for (const byte of post([length], body).slice(0, -smuggled.length) + last) {
      caller.socket.write(byte)
      await pause(1)
    }
    await caller.ended
    assert.deepEqual(statusesIn(caller.received()), [200, 200])
    caller.socket.destroy()
  })
})

test('a foreign page, and a name that was made to stand for this machine, are refused', {
  timeout,
}, async () => {
  const ask = (...headers: readonly string[]) =>
    exchange(`GET /shop/support/x HTTP/1.1\r\n${headers.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  assert.deepEqual(statusesIn(await ask('Host: evil.example.com')), [403])
  // Anybody may own these, and have them stand for 127.0.0.1.
  assert.deepEqual(statusesIn(await ask('Host: support.shop')), [403])
  await using named = await testGateway([support([server.url])], { allowedHosts: ['support.shop'] })
  const get = 'GET /x HTTP/1.1\r\nHost: support.shop\r\nConnection: close\r\n\r\n'
  assert.deepEqual(statusesIn(await exchange(get, named)), [200])
  assert.deepEqual(statusesIn(await ask('Host: support.shop.svc.evil.example.com')), [403])
  assert.deepEqual(statusesIn(await ask('Host: support.shop.svc.cluster.local:8000')), [200])
  assert.deepEqual(statusesIn(await ask('Host: localhost', 'Origin: https://evil.example.com')), [403])
  assert.deepEqual(statusesIn(await ask('Host: localhost', 'Sec-Fetch-Site: cross-site')), [403])
  assert.deepEqual(statusesIn(await ask('Host: localhost', 'Origin: http://localhost:3000')), [200])
})

test('connections that ask nothing shut no caller out of a full gateway', { timeout }, async () => {
  await using few = await testGateway([support([server.url])], { maxConnections: 3 })
  const silent = await Promise.all([call(few.gateway.port), call(few.gateway.port), call(few.gateway.port)])
  await pause(100)
  assert.equal((await fetch(`${few.url}/shop/support/x`)).status, 200)
  await silent[0]?.ended
  for (const { socket } of silent) socket.destroy()
})
