/** Answers that are known before the body has been read, to clients that write all of it before they read. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { shifted } from '../testing/models.ts'
import { type TestServer, testServer } from '../testing/server.ts'

const bodyBytes = 8 << 20
const key = 'shop-0123456789abcdef'
const piece = Buffer.alloc(1 << 16, 0x20)
const chunk = Buffer.concat([Buffer.from('10000\r\n'), piece, Buffer.from('\r\n')])

interface Sent {
  readonly path: string
  readonly headers: readonly string[]
  readonly pieces: number
  readonly isChunked?: boolean
}

describe('an answer before the body has been read', () => {
  let server: TestServer
  let keys: string
  before(async () => {
    keys = await mkdtemp(join(tmpdir(), 'gantry-keys-'))
    await writeFile(join(keys, 'shop'), key)
    server = await testServer(shifted(1), ['--max-body-mib', '1', '--api-keys', keys])
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    await rm(keys, { recursive: true })
  })

  /** Reads nothing before it has written all, as many clients do. @returns the whole answer, once the server has ended it */
  const exchange = async ({ path, headers, pieces, isChunked = false }: Sent): Promise<string> => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    const write = promisify(socket.write.bind(socket) as (content: string | Buffer, done: () => void) => void)
    try {
      socket.pause()
      await write([`POST ${path} HTTP/1.1`, 'host: m', ...headers, '', ''].join('\r\n'))
      for (let left = pieces; left > 0; left--) await write(isChunked ? chunk : piece)
      if (isChunked) await write('0\r\n\r\n')
      return await text(socket)
    } finally {
      socket.destroy()
    }
  }

  const pieces = bodyBytes / piece.length
  const length = `content-length: ${bodyBytes}`
  const json = 'content-type: application/json'
  const admitted = `x-api-key: ${key}`
  const infer = '/v2/models/m/infer'
  const answers: readonly (readonly [status: number, sent: Sent])[] = [
    [413, { path: infer, headers: [admitted, json, length], pieces }],
    [413, { path: infer, headers: [admitted, json, 'transfer-encoding: chunked'], pieces, isChunked: true }],
    [413, { path: '/v2/repository/index', headers: [admitted, json, length], pieces }],
    [401, { path: infer, headers: [json, length], pieces }],
    [
      401,
      { path: '/v1/completions', headers: [json, 'transfer-encoding: chunked'], pieces, isChunked: true },
    ],
    [404, { path: '/v2/models/q/infer', headers: [admitted, json, length], pieces }],
    [405, { path: '/v2/models/m', headers: [admitted, json, length], pieces }],
    [415, { path: infer, headers: [admitted, 'content-type: image/png', length], pieces }],
    [415, { path: infer, headers: [admitted, json, 'content-encoding: br', length], pieces }],
  ]
  for (const [status, sent] of answers) {
    test(`${status} reaches who has written all: ${sent.path}, ${sent.headers.join(', ')}`, async () => {
      const answer = await exchange(sent)
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `))
      assert.match(answer, /\r\nconnection: close\r\n/i)
      assert.match(answer, /\r\n\r\n\{"error":.*\}$/)
    })
  }

  test('does not wait for a body that never comes', async () => {
    const answer = await exchange({ path: infer, headers: [admitted, json, length], pieces: 1 })
    assert.match(answer, /^HTTP\/1.1 413 /)
  })

  test('leaves the server to others', async () => {
    const x = { name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }
    const response = await server.post(infer, { inputs: [x] }, { 'x-api-key': key })
    assert.equal(response.status, 200)
  })
})
