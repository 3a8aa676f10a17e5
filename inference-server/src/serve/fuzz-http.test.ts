/** HTTP on the level of bytes: headers, framing, forms and compression that no ordinary client sends. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { mutated, pick, printedRandom, randomBytes } from '../testing/fuzz.ts'
import { exchange, statusesOf } from '../testing/http-bytes.ts'
import { addition } from '../testing/models.ts'
import { folderServer, type TestServer, testServer } from '../testing/server.ts'

const infer = '/v2/models/m/infer'
const right = JSON.stringify({
  inputs: ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] })),
})

const post = (headers: readonly string[], body: string, path = infer): string =>
  `${[`POST ${path} HTTP/1.1`, 'host: localhost', 'content-type: application/json', ...headers].join('\r\n')}\r\n\r\n${body}`

/** What a proxy in front might take for the rest of a body, and the server for a request of its own. */
const smuggled = 'GET /v2/health/live HTTP/1.1\r\nhost: localhost\r\n\r\n'
const length = `content-length: ${right.length}`
const chunked = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`

const ambiguous: readonly (readonly [string, string])[] = [
  ['a length and chunks', post([length, 'transfer-encoding: chunked'], `0\r\n\r\n${smuggled}`)],
  [
    'chunks and a length',
    post(['transfer-encoding: chunked', 'content-length: 4'], chunked(right) + smuggled),
  ],
  ['two lengths', post([length, 'content-length: 1'], right + smuggled)],
  ['two lengths in one line', post([`content-length: ${right.length}, 1`], right + smuggled)],
  ['a length below zero', post(['content-length: -1'], right + smuggled)],
  ['a length with a plus', post([`content-length: +${right.length}`], right + smuggled)],
  ['a length in hex', post(['content-length: 0x10'], right + smuggled)],
  ['a length beyond all numbers', post([`content-length: ${'9'.repeat(30)}`], right + smuggled)],
  ['a space before the colon', post([`content-length : ${right.length}`], right + smuggled)],
  ['a folded line', post(['transfer-encoding:\r\n chunked', length], right + smuggled)],
  ['chunks by another name', post(['transfer-encoding: xchunked'], chunked(right) + smuggled)],
  ['chunks not last', post(['transfer-encoding: chunked, identity'], chunked(right) + smuggled)],
  ['a chunk of no number', post(['transfer-encoding: chunked'], `zz\r\n${right}\r\n0\r\n\r\n${smuggled}`)],
  ['a chunk of 2^64', post(['transfer-encoding: chunked'], `ffffffffffffffff\r\n${right}${smuggled}`)],
  [
    'a chunk longer than it says',
    post(['transfer-encoding: chunked'], `4\r\n${right}\r\n0\r\n\r\n${smuggled}`),
  ],
  ['a NUL in a header', post([length, 'x: a\0b'], right + smuggled)],
  ['lines that end in LF', post([length, 'x: 1'], right + smuggled).replaceAll('\r\n', '\n')],
  ['a header of 40 kB', post([length, `x: ${'a'.repeat(40_000)}`], right + smuggled)],
  [
    'three thousand headers',
    post([length, ...Array.from({ length: 3000 }, (_, i) => `x${i}: ${'y'.repeat(9)}`)], right + smuggled),
  ],
  ['another version', `GET /v2/health/live HTTP/3.0\r\nhost: localhost\r\n\r\n${smuggled}`],
  ['no host', `GET /v2/health/live HTTP/1.1\r\n\r\n${smuggled}`],
]

describe('HTTP', () => {
  let server: TestServer
  let port: number
  before(async () => {
    server = await testServer(addition(), ['--max-body-mib', '1'])
    port = server.serving.port
  })
  after(() => server[Symbol.asyncDispose]())

  const stillServes = async (): Promise<void> => {
    assert.equal((await server.post(infer, right)).status, 200)
    assert.deepEqual(
      server.lines.filter(({ level }) => level === 'error'),
      [],
    )
  }

  for (const [what, bytes] of ambiguous) {
    test(`${what}: refused, and nothing behind it is taken for a request`, async () => {
      const answer = await exchange(port, bytes)
      const [status = 0, ...others] = statusesOf(answer)
      assert.ok((status >= 400 && status < 500) || status === 501, answer)
      assert.deepEqual(others, [], answer)
      await stillServes()
    })
  }

  test('compressed bodies of any kind are answered below 500, and bombs are refused', async (context) => {
    const random = printedRandom(context)
    const packers = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }
    const post = async (body: Buffer, encoding: string): Promise<number> => {
      const headers = { 'content-encoding': encoding }
      return (await server.post(infer, body, headers)).status
    }
    for (const [encoding, pack] of Object.entries(packers)) {
      const bomb = pack(Buffer.alloc(32 * 2 ** 20, 0x20))
      assert.equal(await post(bomb, encoding), encoding === 'br' ? 415 : 413)
      for (let round = 0; round < 150; round++) {
        const status = await post(mutated(random, pack(Buffer.from(right))), encoding)
        assert.ok(status < 500, String(status))
      }
    }
    assert.equal(await post(gzipSync(gzipSync(right)), 'gzip'), 400)
    await stillServes()
  })
})

describe('forms', () => {
  const boundary = 'xyz'
  const part = (head: string, content: string): string =>
    `--${boundary}\r\ncontent-disposition: ${head}\r\n\r\n${content}\r\n`
  const form = (...parts: readonly string[]): Buffer =>
    Buffer.from(`${parts.join('')}--${boundary}--\r\n`, 'latin1')
  const forms: readonly Buffer[] = [
    form(part('form-data; name="file"; filename="x.png"', 'no picture')),
    form(part('form-data; name="file"', 'no file')),
    form(part('form-data; name="__proto__"', 'x'), part('form-data; name="constructor"; filename="y"', 'z')),
    form(part('form-data; name="file"; filename="../../etc/passwd"', '')),
    form(
      ...Array.from({ length: 200 }, (_, index) => part(`form-data; name="f${index}"; filename="f"`, 'x')),
    ),
    form(part(`form-data; name="${'n'.repeat(20_000)}"`, 'x')),
    form(part("form-data; name=file; filename*=UTF-8''%E0%A4%A", 'x')),
    form(part('attachment', 'x')),
    Buffer.from(`--${boundary}`),
    Buffer.from(`--${boundary}\r\n`.repeat(2000)),
  ]
  const types = [
    `multipart/form-data; boundary=${boundary}`,
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary="${'b'.repeat(300)}"`,
    `multipart/form-data; boundary=${boundary}; charset=x`,
    'multipart/mixed; boundary=xyz',
  ]

  test('of any kind are refused with a sentence', async (context) => {
    const folder = join(import.meta.dirname, '../../golden/models/image-classification')
    await using server = await folderServer(folder)
    const random = printedRandom(context)
    for (let round = 0; round < 400; round++) {
      const whole = random() < 0.9 ? pick(random, forms) : randomBytes(random, 300)
      const body = random() < 0.3 ? whole : mutated(random, whole)
      const type = random() < 0.7 ? (types[0] as string) : pick(random, types)
      const response = await server.post(pick(random, ['/predict', '/analyze']), body, {
        'content-type': type,
      })
      const text = await response.text()
      assert.ok(
        response.status >= 400 && response.status < 500,
        `${response.status} ${text} ${type}\n${body}`,
      )
      assert.equal(typeof (JSON.parse(text) as { error: string }).error, 'string')
    }
    assert.deepEqual(
      server.lines.filter(({ level }) => level === 'error'),
      [],
    )
  })
})
