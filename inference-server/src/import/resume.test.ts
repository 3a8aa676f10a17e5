/** Downloads that break off: they go on where they ended, and never put two files together. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { tar } from '../testing/archives.ts'
import { failing, importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { type ImportOptions, importModel } from './import-model.ts'

/** A file of the store, as it is right now. */
interface Stored {
  readonly content: Buffer
  readonly headers: Record<string, string>
}
type Answer = (request: IncomingMessage, response: ServerResponse) => void

const folder = temporaryFolder()
const weights = randomBytes(1_000_000)
const other = randomBytes(1_000_000)
const archive = (content: Buffer): Buffer =>
  tar([
    { path: 'model.onnx', content: model },
    { path: 'weights.bin', content },
  ])
const plain: Stored = { content: archive(weights), headers: { etag: '"one"' } }
const changed: Stored = { content: archive(other), headers: { etag: '"two"' } }
let base = ''
let answers: Answer[] = []
let ranges: (string | undefined)[] = []

const server = createServer((request, response) => {
  ranges.push(request.headers.range)
  const answer = answers.length > 1 ? answers.shift() : answers[0]
  answer?.(request, response)
})
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  ranges = []
})
after(() => {
  server.close()
  server.closeAllConnections()
  folder.remove()
})

/** A store that keeps to RFC 9110, and sends `most` bytes of a body before its connection breaks off. */
const store =
  ({ content, headers }: Stored, most = Number.POSITIVE_INFINITY): Answer =>
  ({ headers: asked }, response) => {
    const [, first] = /^bytes=(\d+)-$/.exec(asked.range ?? '') ?? []
    const validator = headers['etag'] ?? headers['last-modified']
    const from = first !== undefined && asked['if-range'] === validator ? Number(first) : 0
    const rest = content.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, {
      ...headers,
      'content-length': rest.length,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    })
    if (rest.length <= most) response.end(rest)
    // A client that has not read what came when the connection ends loses it, so that much comes.
    else response.write(rest.subarray(0, most), () => response.destroy())
  }

let volumes = 0
const importing = async (change: Partial<ImportOptions> = {}) => {
  const volume = join(folder.path, `models-${volumes++}`)
  const { version } = await importModel(importOptions({ source: `${base}/m.tar`, volume, ...change }))
  return readFileSync(join(volume, version.id, 'weights.bin'))
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

describe('what broke off goes on where it ended', () => {
  const zipped: Stored = { content: gzipSync(plain.content), headers: { etag: '"zipped"' } }
  const dated: Stored = {
    content: plain.content,
    headers: { 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' },
  }
  for (const [what, stored] of [
    ['in the middle of an archive', plain],
    ['in the middle of a compressed archive', zipped],
    ['by Last-Modified, where there is no ETag', dated],
  ] as const)
    test(what, async () => {
      answers = [store(stored, 700_000), store(stored, 200_000), store(stored)]
      assert.ok((await importing({ sha256: sha256(stored.content) })).equals(weights))
      assert.equal(ranges.length, 3)
      assert.equal(ranges[0], undefined)
      for (const range of ranges.slice(1)) assert.match(range ?? '', /^bytes=[1-9]\d{3,}-$/)
    })

  test('as often as it takes, while every connection brings much', async () => {
    const content = archive(randomBytes(50 * 2 ** 20))
    answers = [store({ content, headers: { etag: '"large"' } }, 9 * 2 ** 20)]
    assert.equal((await importing({ retryDelaysMs: [1] })).length, 50 * 2 ** 20)
    assert.equal(ranges.length, 6)
  })

  test('but not for ever, where each brings little', async () => {
    answers = [store(plain, 10_000)]
    await assert.rejects(importing(), failing('SourceUnreachable', /tried 3 times/, 'backoff'))
    assert.equal(ranges.length, 3)
  })

  test('at a server that sends the same file from its beginning', async () => {
    const whole: Answer = (_, response) => response.writeHead(200, plain.headers).end(plain.content)
    answers = [store(plain, 700_000), whole]
    assert.ok((await importing({ sha256: sha256(plain.content) })).equals(weights))
    assert.equal(ranges.length, 2)
  })
})

describe('two files are never put together', () => {
  const broken = store(plain, 700_000)
  const part =
    (from: number, headers: Record<string, string>, { content }: Stored = changed): Answer =>
    (_, response) =>
      response
        .writeHead(206, {
          'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
          ...headers,
        })
        .end(content.subarray(from))
  const status =
    (code: number): Answer =>
    (_, response) =>
      response.writeHead(code).end()
  for (const [what, answer] of [
    ['the server says so by the whole new file', store(changed)],
    ['the server says 412', status(412)],
    ['the file is shorter now (416)', status(416)],
    ['a part has another ETag', part(700_000, changed.headers)],
    ['a part begins elsewhere', part(800_000, plain.headers)],
    [
      'a part says no size that fits',
      part(50_000, { ...plain.headers, 'content-range': 'bytes 50000-9/10' }),
    ],
    ['a part says no place', part(700_000, { ...plain.headers, 'content-range': 'bytes' })],
  ] as const)
    test(`where ${what}, all is read anew`, async () => {
      answers = [broken, answer, store(changed)]
      assert.ok((await importing({ sha256: sha256(changed.content) })).equals(other))
    })

  for (const [what, headers] of [
    ['no ETag', {}],
    ['a weak ETag', { etag: 'W/"one"' }],
    [
      'a time of this very moment',
      { 'last-modified': new Date().toUTCString(), date: new Date().toUTCString() },
    ],
  ] as const)
    test(`where the server gives ${what}, all is read anew`, async () => {
      answers = [store({ ...plain, headers }, 700_000), store({ ...changed, headers })]
      assert.ok((await importing()).equals(other))
      assert.deepEqual(ranges, [undefined, undefined])
    })

  test('what changes again and again is left to the operator', async () => {
    answers = []
    for (let at = 0; at < 8; at++)
      answers.push(store({ ...plain, headers: { etag: `"${at}"` } }, 700_000), status(416))
    await assert.rejects(
      importing(),
      failing('SourceUnreachable', /was changed while it was read; tried 3 times/, 'backoff'),
    )
  })
})

test('what comes beyond the size that was said is not written', async () => {
  let sent = 0
  answers = [
    store(plain, 700_000),
    (_, response) => {
      const total = plain.content.length
      response.writeHead(206, { ...plain.headers, 'content-range': `bytes 700000-${total - 1}/${total}` })
      const more = (error?: Error | null): void => {
        if (error) return
        sent += 2 ** 20
        if (sent < 64 * 2 ** 20) response.write(Buffer.alloc(2 ** 20), more)
        else response.end()
      }
      more()
    },
    store(plain),
  ]
  assert.ok((await importing()).equals(weights))
  assert.ok(sent < 64 * 2 ** 20, `${sent} bytes were taken`)
})

for (const [what, talk] of [
  ['interim answers only', (socket: Socket) => socket.write('HTTP/1.1 102 Processing\r\n\r\n')],
  ['one letter of its headers after the other', (socket: Socket) => socket.write('x')],
] as const)
  test(`a server that gives ${what} is given up`, async () => {
    const talking = createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => {
        if (what !== 'interim answers only') socket.write('HTTP/1.1 200 OK\r\n')
        const timer = setInterval(() => talk(socket), 20)
        socket.on('close', () => clearInterval(timer))
      })
    })
    await new Promise<void>((resolve) => talking.listen(0, '127.0.0.1', resolve))
    const source = `http://127.0.0.1:${(talking.address() as AddressInfo).port}/model.onnx`
    const timeouts = { connectMs: 2000, idleMs: 200 }
    await assert.rejects(
      importing({ source, timeouts }),
      failing('SourceUnreachable', /no answer within .* s/, 'backoff'),
    )
    talking.close()
  })

test('a server that changes to another protocol is given up', async () => {
  const upgrading = createTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    )
  })
  await new Promise<void>((resolve) => upgrading.listen(0, '127.0.0.1', resolve))
  const source = `http://127.0.0.1:${(upgrading.address() as AddressInfo).port}/model.onnx`
  const stays = setInterval(() => undefined, 1000)
  await assert.rejects(importing({ source }), failing('SourceUnreachable', /cannot be reached/, 'backoff'))
  clearInterval(stays)
  upgrading.close()
})

test('a server that hardly sends anything is as good as one that hangs', async () => {
  answers = [
    (_, response) => {
      response.writeHead(200, { 'content-length': plain.content.length })
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    },
  ]
  await assert.rejects(
    importing({ timeouts: { connectMs: 2000, idleMs: 500 } }),
    failing('SourceUnreachable', /sends less than 1024 bytes a second; tried 3 times/, 'backoff'),
  )
})
