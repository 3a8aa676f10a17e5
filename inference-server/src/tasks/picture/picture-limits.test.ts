/** Small files that would take much memory or time, and files whose first bytes lie about what they are. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { Failure } from '../../failures/errors.ts'
import { pngChunk } from '../../testing/pictures.ts'
import { decodeImage } from './image.ts'

/** A black PNG in grey: a thousandth of its pixels in bytes. @param between chunks before its pixels */
const png = (width: number, height: number, between: readonly Buffer[] = []): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const pixels = deflateSync(Buffer.alloc((width + 1) * height))
  const parts = [
    pngChunk('IHDR', header),
    ...between,
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ]
  return Buffer.concat([signature, ...parts])
}

const refusal = async (bytes: Uint8Array): Promise<string> => {
  const error = await decodeImage(bytes).then(
    ({ width, height }) => assert.fail(`was decoded to ${width} x ${height}`),
    (caught: unknown) => caught,
  )
  assert.ok(error instanceof Failure, String(error))
  return `${error.status} ${error.message}`
}

test('a PNG of 3,000,000 x 13 in 40 kB is refused with the limit of an edge, lying or standing', async () => {
  for (const [width, height] of [
    [3_000_000, 13],
    [13, 3_000_000],
  ] as const) {
    const bytes = png(width, height)
    assert.ok(bytes.length < 120_000)
    assert.match(
      await refusal(bytes),
      new RegExp(`^422 .* ${width} x ${height} pixels, but an edge has at most 65535`),
    )
  }
})

test('an edge of 200 times the other is read, one that is longer is refused with the limit', async () => {
  assert.match(await refusal(png(40_200, 200)), /^422 .*at most 200 times as long as the other/)
  assert.match(await refusal(png(1, 201)), /^422 .*at most 200 times as long as the other/)
  const { width, height } = await decodeImage(png(40_000, 200))
  assert.deepEqual([width, height], [40_000, 200])
})

test('a panorama of 1 to 20 is read', async () => {
  const bytes = await sharp({ create: { width: 24_000, height: 1200, channels: 3, background: '#369' } })
    .jpeg()
    .toBuffer()
  const { width, height, data } = await decodeImage(bytes)
  assert.deepEqual([width, height, data.length], [24_000, 1200, 24_000 * 1200 * 3])
})

const svg = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
)

test('libvips decodes nothing but the formats that are read, for any first bytes of a file', async () => {
  const pixel = { create: { width: 9, height: 9, channels: 3, background: '#fff' } } as const
  const heif = await sharp(pixel).heif({ compression: 'av1' }).toBuffer()
  await decodeImage(await sharp(pixel).png().toBuffer())
  // The decoder itself, behind the look at the first bytes.
  for (const bytes of [svg, heif, Buffer.from('P6 1 1 255\nabc')])
    await assert.rejects(sharp(bytes).metadata(), /unsupported image format/)
})

test('an SVG, a HEIF and a PDF behind the first bytes of another format are no pictures', async () => {
  const marks = {
    tiff: Buffer.from([0x49, 0x49, 0x2a, 0x00]),
    bigEndian: Buffer.from([0x4d, 0x4d, 0x00, 0x2a]),
    jpeg: Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
    gif: Buffer.from('GIF89a'),
    png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    webp: Buffer.from('RIFF\0\0\0\0WEBP'),
  }
  const contents = [
    svg,
    Buffer.from('ftypavif\0\0\0\0avifmif1'),
    Buffer.from('%PDF-1.4\n'),
    Buffer.from('\n<?xml version="1.0"?>\n'),
  ]
  for (const [name, mark] of Object.entries(marks))
    for (const content of contents) {
      const said = await refusal(Buffer.concat([mark, content, svg]))
      assert.match(said, /^4(15|22) /, name)
    }
})

test('pictures that come side by side are all read while the first of them loads the decoder', async () => {
  const bytes = png(50, 50)
  for (let round = 0; round < 20; round++)
    await Promise.all(Array.from({ length: 16 }, () => decodeImage(bytes)))
})

/** A few hundred kilobytes that unpack to this many bytes. */
const unpacked = 256 * 2 ** 20

test('texts and profiles of a PNG that unpack to 256 MiB are left packed', async () => {
  const packed = deflateSync(Buffer.alloc(unpacked))
  const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
  const bombs = {
    zTXt: Buffer.concat([latin('Comment\0\0'), packed]),
    iTXt: Buffer.concat([latin('Comment\0\x01\0\0\0'), packed]),
    iCCP: Buffer.concat([latin('icc\0\0'), packed]),
  }
  for (const [type, content] of Object.entries(bombs)) {
    const bytes = png(20, 20, [pngChunk(type, content)])
    assert.ok(bytes.length < 2 ** 20)
    const before = process.memoryUsage().rss
    const { width, height } = await decodeImage(bytes)
    assert.deepEqual([width, height], [20, 20])
    assert.ok(process.memoryUsage().rss - before < unpacked / 2, type)
  }
})

test('of a GIF of 300 frames the first is decoded', async () => {
  const one = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#396' } })
    .gif()
    .toBuffer()
  const flags = one.readUInt8(10)
  const frameAt = 13 + ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))
  const frame = one.subarray(frameAt, -1)
  const bytes = Buffer.concat([
    one.subarray(0, frameAt),
    ...new Array<Buffer>(300).fill(frame),
    one.subarray(-1),
  ])
  assert.equal((await sharp(bytes).metadata()).pages, 300)
  const { width, height } = await decodeImage(bytes)
  assert.deepEqual([width, height], [16, 16])
})

test('a TIFF whose directories go round in a circle is answered', async () => {
  const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
    .tiff({ compression: 'none' })
    .toBuffer()
  const start = bytes.readUInt32LE(4)
  const entries = bytes.readUInt16LE(start)
  bytes.writeUInt32LE(start, start + 2 + entries * 12)
  const answer = await decodeImage(bytes).then(
    ({ width }) => width,
    (error: unknown) => error instanceof Failure && error.status,
  )
  assert.ok(answer === 9 || answer === 422, String(answer))
})
