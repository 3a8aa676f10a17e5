import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { Failure } from '../../failures/errors.ts'
import { decodeImage, maxPixels } from './image.ts'

/** Two pixels side by side: red, blue. */
const redBlue = () =>
  sharp(Buffer.from([255, 0, 0, 0, 0, 255]), { raw: { width: 2, height: 1, channels: 3 } })

const failure = (kind: Failure['kind'], message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Failure)
  assert.equal(error.kind, kind)
  assert.match(error.message, message)
  return true
}

for (const format of ['png', 'tiff', 'gif', 'webp'] as const)
  test(`reads ${format}`, async () => {
    const bytes = await redBlue()
      .toFormat(format, format === 'tiff' ? { compression: 'lzw' } : { lossless: true })
      .toBuffer()
    const picture = await decodeImage(bytes)
    assert.deepEqual([picture.width, picture.height, picture.channels], [2, 1, 3])
    assert.deepEqual([...picture.data], [255, 0, 0, 0, 0, 255])
  })

const forms = join(import.meta.dirname, '../../../golden/pictures/forms')
const seenByPython: Readonly<Record<string, readonly [width: number, height: number, rgb: string]>> =
  JSON.parse(readFileSync(join(forms, 'forms.json'), 'utf8'))

for (const [name, [width, height, rgb]] of Object.entries(seenByPython))
  test(`sees in ${name} what Python does`, async () => {
    const picture = await decodeImage(readFileSync(join(forms, name)))
    assert.deepEqual([picture.width, picture.height], [width, height])
    const values =
      picture.channels === 1 ? [...picture.data].flatMap((value) => [value, value, value]) : [...picture.data]
    assert.deepEqual(values, [...Buffer.from(rgb, 'base64')])
  })

test('a grey picture stays one channel', async () => {
  const grey = sharp(Buffer.from([10, 200]), { raw: { width: 2, height: 1, channels: 1 } }).toColourspace(
    'b-w',
  )
  const { channels, data } = await decodeImage(await grey.png().toBuffer())
  assert.deepEqual([channels, ...data], [1, 10, 200])
})

test('a large picture in the colours of print keeps all of its pixels', async () => {
  const bytes = await sharp({ create: { width: 800, height: 400, channels: 3, background: '#fff' } })
    .toColourspace('cmyk')
    .jpeg()
    .toBuffer()
  const picture = await decodeImage(bytes)
  assert.deepEqual([picture.width, picture.height, picture.channels], [800, 400, 3])
  assert.ok(picture.data.every((value) => value > 245))
})

test('turns a picture upright after its EXIF orientation', async () => {
  const bytes = await redBlue().withMetadata({ orientation: 6 }).png().toBuffer() // shown rotated by 90 degrees
  const picture = await decodeImage(bytes)
  assert.deepEqual([picture.width, picture.height], [1, 2])
  assert.deepEqual([...picture.data], [255, 0, 0, 0, 0, 255])
})

test('takes no notice of transparency, in colour and in grey', async () => {
  const clear = sharp(Buffer.from([255, 0, 0, 0, 0, 255, 0, 255]), {
    raw: { width: 2, height: 1, channels: 4 },
  })
  assert.deepEqual([...(await decodeImage(await clear.png().toBuffer())).data], [255, 0, 0, 0, 255, 0])
  const grey = sharp(Buffer.from([200, 0, 90, 255]), { raw: { width: 2, height: 1, channels: 2 } })
  const { channels, data } = await decodeImage(await grey.toColourspace('b-w').png().toBuffer())
  assert.deepEqual([channels, ...data], [1, 200, 90])
})

test('what is no picture gets 415', async () => {
  for (const bytes of [
    Buffer.from('hello'),
    Buffer.alloc(0),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  ])
    await assert.rejects(decodeImage(bytes), failure('unsupported-media-type', /send a PNG, JPEG/))
})

test('a broken picture gets 422', async () => {
  const whole = await sharp({
    create: {
      width: 300,
      height: 300,
      channels: 3,
      background: '#fff',
      noise: { type: 'gaussian', mean: 99, sigma: 50 },
    },
  })
    .jpeg()
    .toBuffer()
  for (const bytes of [
    whole.subarray(0, whole.length / 2),
    whole.subarray(0, 12),
    Buffer.from(whole).fill(0, 20, 300),
  ])
    await assert.rejects(decodeImage(bytes), failure('invalid', /broken/))
})

test('a picture that unpacks to too many pixels gets 413 before it is decoded', async () => {
  const side = Math.ceil(Math.sqrt(maxPixels)) + 1
  const bytes = await sharp({ create: { width: side, height: side, channels: 3, background: '#000' } })
    .png({ compressionLevel: 9, palette: true })
    .toBuffer()
  assert.ok(bytes.length < 1_000_000, 'the bomb is small')
  await assert.rejects(decodeImage(bytes), failure('too-large', /40 million pixels/))
})
