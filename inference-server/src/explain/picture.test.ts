/** Pictures over HTTP: each weight is what two predictions differ by, and the picture that is drawn shows where. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import sharp from 'sharp'
import { folderServer, type TestServer } from '../testing/server.ts'

const golden = join(import.meta.dirname, '../../golden')
const picture = (name: string): Promise<Buffer> => readFile(join(golden, 'pictures', name))

interface Cell {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly weight: number
}
interface Answer {
  readonly error?: string
  readonly field?: string
  readonly target: string
  readonly score: number
  readonly patch: number
  readonly stride: number
  readonly cells: readonly Cell[]
  readonly evaluations: number
  readonly picture: string
}

type Rgb = readonly [number, number, number]
interface Pixels {
  readonly data: Buffer
  readonly info: { readonly width: number; readonly height: number; readonly channels: number }
}
const pixelsOf = (png: Buffer): Promise<Pixels> =>
  sharp(png).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
const pixelAt = ({ data, info }: Pixels, x: number, y: number): Rgb =>
  [0, 1, 2].map((channel) => data[(y * info.width + x) * info.channels + channel]) as unknown as Rgb

describe('a classifier of pictures', () => {
  let server: TestServer
  before(async () => {
    server = await folderServer(join(golden, 'models/image-classification'), [
      '--task',
      'image-classification',
    ])
  })
  after(() => server[Symbol.asyncDispose]())

  const upload = (
    png: Buffer,
    options: Readonly<Record<string, string>> = {},
    headers: Record<string, string> = {},
  ) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(options)) form.append(name, value)
    form.append('file', new Blob([new Uint8Array(png)]), 'x')
    return fetch(`${server.url}/v2/models/m/explain`, { method: 'POST', body: form, headers })
  }
  const explain = async (png: Buffer, options?: Readonly<Record<string, string>>): Promise<Answer> => {
    const response = await upload(png, options)
    const answer = (await response.json()) as Answer
    assert.equal(response.status, 200, JSON.stringify(answer))
    return answer
  }
  const predicted = async (png: Buffer, label: string): Promise<number> => {
    const response = await server.post('/predict', png, { 'content-type': 'image/png' })
    const { probabilities } = (await response.json()) as { probabilities: Record<string, number> }
    return Number(probabilities[label])
  }

  test('weighs each patch by the prediction with grey in its place', async () => {
    const png = await picture('yellow-cross-exact.png')
    const answer = await explain(png, { patch: '8' })
    assert.deepEqual(
      [answer.target, answer.patch, answer.stride, answer.evaluations],
      ['yellow cross', 8, 8, 17],
    )
    assert.ok(Math.abs(answer.score - (await predicted(png, answer.target))) < 1e-5)
    for (const { x, y, width, height, weight } of answer.cells) {
      const background = { r: 128, g: 128, b: 128 }
      const patch = { create: { width, height, channels: 3, background } } as const
      const hidden = await sharp(png)
        .composite([{ input: patch, left: x, top: y }])
        .png()
        .toBuffer()
      const wanted = answer.score - (await predicted(hidden, answer.target))
      assert.ok(Math.abs(weight - wanted) < 1e-4, `patch at ${x}, ${y}: ${weight}, not ${wanted}`)
    }
  })

  test('hides overlapping and blurred patches, of a picture that is resized, in its own pixels', async () => {
    const answer = await explain(await picture('red-circle-wide.png'), {
      patch: '8',
      stride: '4',
      fill: 'blur',
    })
    assert.equal(answer.cells.length, 7 * 7)
    const { x, y, width, height } = answer.cells.at(-1) as Cell
    assert.deepEqual([x + width, y + height], [96, 64])
    assert.ok(answer.cells.some(({ weight }) => weight > 0.01))
  })

  test('draws red where a class has its reasons, as PNG in JSON or alone', async () => {
    const png = await picture('blue-square-tall.png')
    const answer = await explain(png, { target: 'blue square' })
    const alone = await upload(png, { target: 'blue square' }, { accept: 'image/png' })
    assert.equal(alone.headers.get('content-type'), 'image/png')
    const drawn = await pixelsOf(Buffer.from(await alone.arrayBuffer()))
    assert.deepEqual(drawn, await pixelsOf(Buffer.from(answer.picture, 'base64')))
    const given = await pixelsOf(png)
    assert.deepEqual([drawn.info.width, drawn.info.height], [50, 75])
    const byWeight = [...answer.cells].sort((one, other) => other.weight - one.weight)
    const centre = ({ x, y, width, height }: Cell) =>
      [Math.floor(x + width / 2), Math.floor(y + height / 2)] as const
    const [strongest, weakest] = [byWeight[0] as Cell, byWeight.find(({ weight }) => Math.abs(weight) < 1e-6)]
    const distance = (cell: Cell): number => {
      const [one, other] = [pixelAt(drawn, ...centre(cell)), pixelAt(given, ...centre(cell))]
      return Math.hypot(...one.map((value, channel) => value - Number(other[channel])))
    }
    assert.ok(distance(strongest) > 20, `${distance(strongest)}`)
    if (weakest) assert.ok(distance(weakest) < 3, `${distance(weakest)}`)
  })

  test('explains the same picture alike as base64 in JSON', async () => {
    const png = await picture('green-cross-turned.jpg')
    const { cells } = await explain(png)
    const body = { image: png.toString('base64'), parameters: { patch: 4 } }
    const answer = (await (await server.post('/explain', body)).json()) as Answer
    for (const [index, { weight }] of cells.entries())
      assert.ok(Math.abs(weight - Number(answer.cells[index]?.weight)) < 1e-5)
  })

  const refusals: readonly (readonly [string, Readonly<Record<string, string>>, number, string, RegExp])[] = [
    ['an unknown label', { target: 'x' }, 422, 'target', /"red circle"/],
    ['a patch beyond the picture', { patch: '33' }, 422, 'patch', /the model reads 32 x 32 pixels/],
    ['a stride beyond the patch', { patch: '8', stride: '9' }, 422, 'stride', /from 2 to 8/],
    ['a stride that is too short', { patch: '8', stride: '1' }, 422, 'stride', /from 2 to 8/],
    ['an unknown filling', { fill: 'black' }, 422, 'fill', /grey, blur/],
    ['more evaluations than it allows', { maxEvaluations: '10' }, 413, 'patch', /65 rows, but at most 10/],
    ['an unknown option', { size: '8' }, 422, 'parameters.size', /patch/],
  ]
  for (const [title, options, status, field, sentence] of refusals)
    test(`refuses ${title}`, async () => {
      const response = await upload(await picture('red-circle-wide.png'), options)
      const answer = (await response.json()) as Answer
      assert.equal(response.status, status, JSON.stringify(answer))
      assert.match(String(answer.error), sentence)
      assert.equal(answer.field, field)
    })

  test('refuses what is no picture', async () => {
    const response = await server.post('/explain', { image: Buffer.from('x').toString('base64') })
    assert.equal(response.status, 415)
  })
})
