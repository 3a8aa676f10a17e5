/**
 * Requests that a proxy in front might end elsewhere than this server does. Behind each comes a request that only one of the
 * two would see: it is answered where the bytes leave no doubt that it is one, and never else.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { addition } from '../testing/models.ts'
import { call } from '../testing/raw-sockets.ts'
import { type TestServer, testServer } from '../testing/server.ts'

const body = JSON.stringify({
  inputs: ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] })),
})
const size = body.length
const length = `Content-Length: ${size}`
const chunked = 'Transfer-Encoding: chunked'
const chunk = `${size.toString(16)}\r\n${body}\r\n0\r\n\r\n`
/** Answered by 200 and the word `extensions`, which no other answer has. */
const smuggled = 'GET /v2 HTTP/1.1\r\nHost: m\r\n\r\n'

const post = (headers: readonly string[], content: string): string =>
  [
    'POST /v2/models/m/infer HTTP/1.1',
    'Host: m',
    'Content-Type: application/json',
    ...headers,
    '',
    content + smuggled,
  ].join('\r\n')
const get = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n${smuggled}`

type Form = readonly [what: string, bytes: string, status: number | readonly number[]]

const lengths: readonly Form[] = [
  ['a length and chunks', post([length, chunked], chunk), 400],
  ['chunks and a length', post([chunked, length], chunk), 400],
  ['chunks and a length of nothing', post([chunked, 'Content-Length: 0'], chunk), 400],
  ['two equal lengths', post([length, length], body), 400],
  ['two lengths', post([length, 'Content-Length: 1'], body), 400],
  ['a list of equal lengths', post([`${length}, ${size}`], body), 400],
  ['a list of lengths', post([`${length}, 1`], body), 400],
  ['a length with a plus', post([`Content-Length: +${size}`], body), 400],
  ['a length below zero', post(['Content-Length: -1'], body), 400],
  ['a length in hex', post([`Content-Length: 0x${size.toString(16)}`], body), 400],
  ['a length with a point', post([`Content-Length: ${size}.0`], body), 400],
  ['a length in quotes', post([`Content-Length: "${size}"`], body), 400],
  ['a length of two words', post([`Content-Length: ${size} 1`], body), 400],
  ['an empty length', post(['Content-Length:'], body), 400],
  ['a length beyond all numbers', post([`Content-Length: ${'9'.repeat(30)}`], body), 400],
  ['a length of 2^64 and more', post([`Content-Length: ${2n ** 64n + BigInt(size)}`], body), 400],
]

const codings: readonly Form[] = [
  ['chunks by another name', post(['Transfer-Encoding: xchunked'], chunk), [400, 501]],
  ['chunks behind a tab', post(['Transfer-Encoding:\tchunked', length], chunk), 400],
  [
    'chunks in a second list element and a length',
    post(['Transfer-Encoding: , chunked', length], chunk),
    400,
  ],
  ['chunks not last', post(['Transfer-Encoding: chunked, identity'], chunk), 400],
  ['chunks twice', post(['Transfer-Encoding: chunked, chunked'], chunk), [400, 501]],
  ['chunks in two headers', post([chunked, chunked], chunk), [400, 501]],
  ['chunks and identity in two headers', post([chunked, 'Transfer-Encoding: identity'], chunk), 400],
  ['identity and a length', post(['Transfer-Encoding: identity', length], body), 400],
  ['gzip and chunks', post(['Transfer-Encoding: gzip, chunked'], chunk), 501],
  ['gzip and chunks in two headers', post(['Transfer-Encoding: gzip', chunked], chunk), [400, 501]],
  ['gzip alone', post(['Transfer-Encoding: gzip'], chunk), [400, 501]],
  ['chunks in quotes', post(['Transfer-Encoding: "chunked"'], chunk), [400, 501]],
  ['chunks with a parameter', post(['Transfer-Encoding: chunked;a=b'], chunk), [400, 501]],
  ['chunks behind a vertical tab', post(['Transfer-Encoding: \x0bchunked'], chunk), 400],
  ['no coding and a length', post(['Transfer-Encoding:', length], body), 400],
]

const lines: readonly Form[] = [
  ['a space before the colon of the length', post([`Content-Length : ${size}`], body), 400],
  ['a space before the colon of the coding', post(['Transfer-Encoding : chunked'], chunk), 400],
  ['a folded coding', post(['Transfer-Encoding:\r\n chunked', length], chunk), 400],
  ['a folded header', post([length, 'X: a\r\n b'], body), 400],
  ['a first header that is folded', get('GET /v2/health/live HTTP/1.1', ' Host: m'), 400],
  ['a header without a colon', post([length, 'X'], body), 400],
  ['a header without a name', post([length, ': a'], body), 400],
  ['a name with a NUL', post([length, 'X\0: a'], body), 400],
  ['a value with a NUL', post([length, 'X: a\0b'], body), 400],
  ['a value with a bare CR', post([length, 'X: a\rContent-Length: 0'], body), 400],
  ['lines that end in LF', post([length], body).replaceAll('\r\n', '\n'), 400],
  ['lines that end in CR', post([length], body).replaceAll('\r\n', '\r'), 400],
  ['one line that ends in LF', post([`${length}\nX: 1`], body), 400],
  ['a header of 20 kB', post([length, `X: ${'a'.repeat(20_000)}`], body), 431],
  ['headers of 20 kB', post([length, ...Array.from({ length: 2000 }, (_, i) => `X${i}: abc`)], body), 431],
]

const chunks: readonly Form[] = [
  ['a chunk of no number', post([chunked], `zz\r\n${body}\r\n0\r\n\r\n`), 400],
  ['a chunk below zero', post([chunked], `-1\r\n${body}\r\n0\r\n\r\n`), 400],
  ['a chunk of 0x', post([chunked], `0x${chunk}`), 400],
  ['a chunk of 2^64', post([chunked], `10000000000000000\r\n${body}\r\n0\r\n\r\n`), 400],
  ['a chunk longer than it says', post([chunked], `4\r\n${body}\r\n0\r\n\r\n`), 400],
  ['a chunk that ends in LF', post([chunked], `${size.toString(16)}\n${body}\n0\n\n`), 400],
  ['a chunk size behind a space', post([chunked], ` ${chunk}`), 400],
  ['a chunk extension with a LF', post([chunked], `${size.toString(16)};a\nb\r\n${body}\r\n0\r\n\r\n`), 400],
  ['a trailer with a NUL', post([chunked], `${size.toString(16)}\r\n${body}\r\n0\r\nX: \0\r\n\r\n`), 400],
]

const firstLines: readonly Form[] = [
  ['no host', get('GET /v2/health/live HTTP/1.1'), 400],
  ['two hosts', get('GET /v2/health/live HTTP/1.1', 'Host: m', 'Host: localhost'), 400],
  ['the same host twice', get('GET /v2/health/live HTTP/1.1', 'Host: m', 'host: m'), 400],
  ['a host of two words', get('GET /v2/health/live HTTP/1.1', 'Host: m localhost'), 400],
  ['a host with a user', get('GET /v2/health/live HTTP/1.1', 'Host: m@localhost'), 400],
  ['a host with a path', get('GET /v2/health/live HTTP/1.1', 'Host: m/v2'), 400],
  ['another version', get('GET /v2/health/live HTTP/3.0', 'Host: m'), 400],
  ['no version', get('GET /v2/health/live', 'Host: m'), 400],
  ['an address with a space', get('GET /v2/health /live HTTP/1.1', 'Host: m'), 400],
  ['a method with a colon', get('GET: /v2/health/live HTTP/1.1', 'Host: m'), 400],
  ['the preface of HTTP/2', get('PRI * HTTP/2.0', '', 'SM'), 400],
]

/** How long the server may take for another answer than the first. */
const restMs = 100

const exchange = async (port: number, bytes: string): Promise<string> => {
  const caller = await call(port, Buffer.from(bytes, 'latin1'))
  await caller.ended
  await pause(restMs)
  caller.socket.destroy()
  return caller.received()
}

const statusesIn = (answers: string): readonly number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

describe('is refused, the connection ends, and what comes behind is not answered', () => {
  let server: TestServer
  before(async () => {
    server = await testServer(addition())
  })
  after(() => server[Symbol.asyncDispose]())

  for (const [what, bytes, status] of [...lengths, ...codings, ...lines, ...chunks, ...firstLines])
    test(what, { timeout: 30_000 }, async () => {
      const answers = await exchange(server.serving.port, bytes)
      const [first, ...more] = statusesIn(answers)
      assert.ok([status].flat().includes(first ?? 0), answers)
      assert.deepEqual(more, [])
      assert.doesNotMatch(answers, /extensions/)
      assert.match(answers, /\r\nconnection: close\r\n/i)
    })
})

describe('is answered, and so is the one request behind it', () => {
  let server: TestServer
  let keys: string
  before(async () => {
    keys = await mkdtemp(join(tmpdir(), 'gantry-keys-'))
    await writeFile(join(keys, 'shop'), 'shop-0123456789abcdef')
    server = await testServer(addition(), ['--api-keys', keys])
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    await rm(keys, { recursive: true })
  })
  const key = 'X-Api-Key: shop-0123456789abcdef'
  const last = 'GET /v2 HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n'
  const followed = (bytes: string): string => bytes.slice(0, -smuggled.length) + last

  const plain: readonly (readonly [string, string, readonly number[]])[] = [
    ['a length', post([key, length], body), [200, 200]],
    ['chunks', post([key, chunked], chunk), [200, 200]],
    ['chunks in capitals', post([key, 'Transfer-Encoding: CHUNKED'], chunk), [200, 200]],
    ['chunks with an extension', post([key, chunked], chunk.replace('\r\n', ';a=b\r\n')), [200, 200]],
    ['chunks with a trailer', post([key, chunked], chunk.replace(/\r\n$/, 'X: 1\r\n\r\n')), [200, 200]],
    [
      'a GET with a body',
      get('GET /v2/health/live HTTP/1.1', 'Host: m', 'Content-Length: 4', '', 'abcd').replace(
        'abcd\r\n\r\n',
        'abcd',
      ),
      [200, 200],
    ],
    ['an address with a host', get('GET http://m/v2/health/live HTTP/1.1', 'Host: m'), [200, 200]],
  ]
  for (const [what, bytes, statuses] of plain)
    test(what, async () => {
      const answers = await exchange(server.serving.port, followed(bytes))
      assert.deepEqual(statusesIn(answers), statuses, answers)
    })

  test('but nothing behind an offer to speak HTTP/2, whose connection ends', {
    timeout: 30_000,
  }, async () => {
    const offer = ['GET /v2/health/live HTTP/1.1', 'Host: m', 'Connection: Upgrade', 'Upgrade: h2c']
    const answers = await exchange(server.serving.port, get(...offer))
    assert.deepEqual(statusesIn(answers), [200])
    assert.match(answers, /\r\nconnection: close\r\n/i)
  })

  test('behind a 401 whose body has come, and not behind one whose body has not', async () => {
    const whole = await exchange(server.serving.port, followed(post([length], body)))
    assert.ok(['401', '401,200'].includes(String(statusesIn(whole))), whole)
    const part = await exchange(server.serving.port, post([`Content-Length: ${size + 2000}`], body))
    assert.deepEqual(statusesIn(part), [401])
    assert.doesNotMatch(part, /extensions/)
  })
})
