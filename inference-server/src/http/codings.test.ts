/** Bodies that come packed. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import { shifted } from '../testing/models.ts'
import { type TestServer, testServer } from '../testing/server.ts'

const plain = Buffer.from(
  JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }] }),
)
const gzip = gzipSync(plain)
const deflate = deflateSync(plain)

describe('content codings', () => {
  let server: TestServer
  before(async () => {
    server = await testServer(shifted(1), ['--max-body-mib', '1'])
  })
  after(() => server[Symbol.asyncDispose]())
  const ask = async (body: Buffer, coding: string) => {
    const response = await server.post('/v2/models/m/infer', body, { 'content-encoding': coding })
    return { status: response.status, answer: await response.text() }
  }

  test('are known in any case, by their old names, and in lists', async () => {
    const bodies: readonly (readonly [string, Buffer])[] = [
      ['gzip', gzip],
      ['GZIP', gzip],
      ['GZip', gzip],
      ['x-gzip', gzip],
      ['X-GZIP', gzip],
      ['deflate', deflate],
      ['Deflate', deflate],
      ['identity', plain],
      ['Identity', plain],
      ['', plain],
      [' ', plain],
      ['identity, identity', plain],
      ['gzip, identity', gzip],
      ['identity,gzip', gzip],
      ['gzip,', gzip],
      ['gzip, deflate', deflateSync(gzip)],
      ['deflate,X-Gzip', gzipSync(deflate)],
      ['gzip, gzip', gzipSync(gzip)],
    ]
    for (const [coding, body] of bodies) {
      const { status, answer } = await ask(body, coding)
      assert.equal(status, 200, `${coding}: ${answer}`)
    }
  })

  test('that are not known are named', async () => {
    for (const [coding, name] of [
      ['br', 'br'],
      ['ZSTD', 'zstd'],
      ['gzip, compress', 'compress'],
      ['compress, gzip', 'compress'],
      ['gzip;q=1', 'gzip;q=1'],
      ['__proto__', '__proto__'],
    ] as const) {
      const { status, answer } = await ask(gzip, coding)
      assert.equal(status, 415, coding)
      assert.ok(answer.includes(`content-encoding ${name} is not known`), answer)
    }
    assert.equal((await ask(gzip, 'gzip, gzip, gzip, gzip, gzip')).status, 415)
  })

  test('that are not the body’s are refused', async () => {
    for (const [coding, body] of [
      ['gzip', deflate],
      ['deflate', plain],
      ['deflate, gzip', deflateSync(gzip)],
    ] as const)
      assert.equal((await ask(body, coding)).status, 400, coding)
  })

  test('do not get past the limit, however often the body is packed', async () => {
    const large = gzipSync(Buffer.alloc(2 << 20, 0x20))
    for (const [coding, body] of [
      ['gzip', large],
      ['gzip, gzip', gzipSync(large)],
      ['gzip, deflate', deflateSync(large)],
    ] as const)
      assert.equal((await ask(body, coding)).status, 413, coding)
  })
})
