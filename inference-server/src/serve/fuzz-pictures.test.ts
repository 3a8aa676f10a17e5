/** Pictures that are broken, lie about their size, or are none: each is answered, and the next right one as before. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { everyFormat, type PictureWay, pictureWays, pngChunk } from '../testing/pictures.ts'
import { folderServer, type TestServer } from '../testing/server.ts'

const golden = join(import.meta.dirname, '../../golden')

/** A PNG that says how large it is, and holds black rows as many as fit in `bytes`. */
const black = (width: number, height: number, bytes = (width * 3 + 1) * height): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const pixels = deflateSync(Buffer.alloc(bytes))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** `side` x `side`, with some kilobytes of it. */
const bomb = (side: number): Buffer => black(side, side, 4 * 2 ** 20)

const svg = (body: string): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">${body}</svg>`)

const refused: readonly (readonly [string, () => Buffer, number])[] = [
  ['a PNG of 60,000 x 60,000', () => bomb(60_000), 413],
  ['a PNG of 2^31 x 2^31', () => bomb(2 ** 31), 422],
  ['a PNG with too few rows', () => bomb(4000), 422],
  ['a PNG of 3,000,000 x 13', () => black(3_000_000, 13), 422],
  ['a PNG of 1 x 30,000', () => black(1, 30_000), 422],
  ['an SVG', () => svg('<rect width="9" height="9"/>'), 415],
  ['an SVG that reads a file', () => svg('<image href="file:///etc/passwd"/>'), 415],
  ['an SVG that unpacks without end', () => svg('<!DOCTYPE x [<!ENTITY a "aaaa">]><text>&a;</text>'), 415],
  ['a PDF', () => Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\n'), 415],
  ['the first bytes of a PNG', () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 422],
  ['the first bytes of a JPEG', () => Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 422],
]

describe('pictures', () => {
  let server: TestServer
  let right: Readonly<Record<string, Buffer>>
  let ways: readonly PictureWay[]
  before(async () => {
    server = await folderServer(join(golden, 'models/image-classification'))
    ways = pictureWays(server)
    right = await everyFormat()
  })
  after(() => server[Symbol.asyncDispose]())

  const stillServes = async (): Promise<void> => {
    for (const [format, picture] of Object.entries(right))
      for (const way of ways) assert.equal((await way(picture)).status, 200, format)
    assert.deepEqual(
      server.lines.filter(({ level }) => level === 'error'),
      [],
    )
  }

  for (const [what, make, status] of refused) {
    test(`${what} is refused through every way in`, async () => {
      for (const way of ways) {
        const response = await way(make())
        const { error } = (await response.json()) as { error: string }
        assert.equal(response.status, status, error)
      }
    })
  }

  test('long and thin, many at a time, are refused, and the server goes on', async () => {
    const thin = black(3_000_000, 13)
    const said = await Promise.all(
      Array.from({ length: 6 }, async () => (await (ways[0] as (typeof ways)[number])(thin)).json()),
    )
    for (const one of said as { error: string; field: string }[]) {
      assert.match(one.error, /3000000 x 13 pixels, but an edge has at most 65535/)
      assert.equal(one.field, 'image')
    }
    await stillServes()
  })

  test('of the largest size that is read hold no probe: several are answered while each is resized', async () => {
    const largest = await sharp({ create: { width: 6320, height: 6320, channels: 3, background: '#936' } })
      .jpeg()
      .toBuffer()
    let ended = false
    const answers = Promise.all(
      Array.from({ length: 3 }, async () => (await (ways[0] as (typeof ways)[number])(largest)).status),
    ).finally(() => {
      ended = true
    })
    let probes = 0
    while (!ended) {
      const response = await server.get('/v2/health/ready')
      assert.equal(response.status, 200)
      await response.arrayBuffer()
      probes += 1
    }
    assert.deepEqual(await answers, [200, 200, 200])
    assert.ok(probes > 20, `${probes} probes`)
  })
})
