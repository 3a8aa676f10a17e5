/** Pictures that are broken, lie about their size, or are none: each is answered, and the next right one as before. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { mutated, pick, printedRandom } from './testing/fuzz.ts'
import { folderServer, type TestServer } from './testing/server.ts'

const golden = join(import.meta.dirname, '../golden')

const chunk = (type: string, content: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(content.length)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

/** A PNG that says it is `side` x `side`, and holds as many rows of zeros as fit in a few kilobytes. */
const bomb = (side: number): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const pixels = deflateSync(Buffer.alloc(4 * 2 ** 20))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const svg = (body: string): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">${body}</svg>`)

const refused: readonly (readonly [string, () => Buffer, number])[] = [
  ['a PNG of 60,000 x 60,000', () => bomb(60_000), 413],
  ['a PNG of 2^31 x 2^31', () => bomb(2 ** 31), 422],
  ['a PNG with too few rows', () => bomb(4000), 422],
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
  before(async () => {
    server = await folderServer(join(golden, 'models/image-classification'))
    const png = await readFile(join(golden, 'pictures/green-triangle-small.png'))
    const picture = sharp(png)
    right = {
      png,
      jpeg: await picture.clone().jpeg().toBuffer(),
      webp: await picture.clone().webp().toBuffer(),
      gif: await picture.clone().gif().toBuffer(),
      tiff: await picture.clone().tiff().toBuffer(),
      lossless: await picture.clone().webp({ lossless: true }).toBuffer(),
      interlaced: await picture.clone().png({ progressive: true }).toBuffer(),
      palette: await picture.clone().png({ palette: true }).toBuffer(),
    }
  })
  after(() => server[Symbol.asyncDispose]())

  /** The three ways in: as it is, as a form, and as an element of the protocol. */
  const ways: readonly ((picture: Buffer) => Promise<Response>)[] = [
    (picture) => server.post('/predict', picture, { 'content-type': 'image/png' }),
    (picture) => {
      const form = new FormData()
      form.append('file', new Blob([new Uint8Array(picture)]), 'x')
      return fetch(`${server.url}/predict`, { method: 'POST', body: form })
    },
    (picture) =>
      server.post('/v2/models/m/infer', {
        inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [picture.toString('base64')] }],
      }),
  ]

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

  test('with bytes changed, cut or doubled are answered or refused', async (context) => {
    const random = printedRandom(context)
    const statuses = new Set<number>()
    for (let round = 0; round < 600; round++) {
      const [format, picture] = pick(random, Object.entries(right))
      const broken = mutated(random, picture)
      const response = await pick(random, ways)(broken)
      const text = await response.text()
      statuses.add(response.status)
      assert.ok(
        [200, 413, 415, 422].includes(response.status),
        `${format} ${response.status} ${text}\n${broken.toString('base64')}`,
      )
    }
    assert.ok(statuses.has(200) && statuses.has(415) && statuses.has(422), [...statuses].join())
    await stillServes()
  })
})
