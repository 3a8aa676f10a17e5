import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { type Pixels, type Resampling, resample } from './resample.ts'

/** Filter, source width, height and channels, target width and height, and sha256 (16 digits) of what Pillow makes of it. */
const fromPillow: readonly [Resampling, number, number, number, number, number, string][] = [
  ['nearest', 37, 23, 3, 8, 5, 'ba52206c33a78578'],
  ['nearest', 37, 23, 3, 50, 60, 'a52b54e242f3f84c'],
  ['nearest', 37, 23, 3, 37, 9, '4714228b6bd564cd'],
  ['lanczos', 37, 23, 3, 8, 5, '59948663aaf3421b'],
  ['lanczos', 37, 23, 3, 50, 60, 'd9707cbf8265cade'],
  ['lanczos', 37, 23, 3, 37, 9, 'eda019fcc49be7d5'],
  ['bilinear', 37, 23, 3, 8, 5, 'fa49023c353c4590'],
  ['bilinear', 37, 23, 3, 50, 60, 'be48ce9cb1841e00'],
  ['bilinear', 37, 23, 3, 37, 9, 'c0fcc2320a863c08'],
  ['bicubic', 37, 23, 3, 8, 5, '3c74148f0030a1ac'],
  ['bicubic', 37, 23, 3, 50, 60, '3f5b50fcc46dfa83'],
  ['bicubic', 37, 23, 3, 37, 9, '62a097a26bb31bcd'],
  ['box', 37, 23, 3, 8, 5, '9e4072326a56301e'],
  ['box', 37, 23, 3, 50, 60, 'a52b54e242f3f84c'],
  ['box', 37, 23, 3, 37, 9, '5974f14214dd17ed'],
  ['hamming', 37, 23, 3, 8, 5, '684fbd1c3ef29f7f'],
  ['hamming', 37, 23, 3, 50, 60, '671e734b449da084'],
  ['hamming', 37, 23, 3, 37, 9, '5c38d2391a3a0a73'],
  ['nearest', 64, 64, 1, 8, 5, '6565448d6fa3b221'],
  ['nearest', 64, 64, 1, 50, 60, 'eea397fdd99ec0cc'],
  ['lanczos', 64, 64, 1, 8, 5, '7445ad5fb633d977'],
  ['lanczos', 64, 64, 1, 50, 60, '73937f2c779d10af'],
  ['bilinear', 64, 64, 1, 8, 5, '1587ff4e12db8c4d'],
  ['bilinear', 64, 64, 1, 50, 60, 'a8c7226e136c7957'],
  ['bicubic', 64, 64, 1, 8, 5, '94498da9eb406936'],
  ['bicubic', 64, 64, 1, 50, 60, '5d6f2664426c2974'],
  ['box', 64, 64, 1, 8, 5, '304a034fe4362368'],
  ['box', 64, 64, 1, 50, 60, '3aca2c0b041c7b4f'],
  ['hamming', 64, 64, 1, 8, 5, 'a21c13c426b03780'],
  ['hamming', 64, 64, 1, 50, 60, '1c90fe435c955949'],
  // Height first, or at the edge of it.
  ['bilinear', 50, 75, 3, 32, 32, '2ffe44be7fb5cddc'],
  ['bilinear', 40, 60, 3, 35, 50, 'ad9a2ebfc2cde997'],
  ['bilinear', 40, 60, 3, 35, 49, 'a46dc7ea22e1ace0'],
  ['bicubic', 40, 60, 3, 35, 50, '4b8f365eae741c60'],
  ['bicubic', 40, 60, 3, 35, 49, '4726386d057ec88e'],
  ['lanczos', 20, 90, 1, 24, 40, '04a7a7f6e7df80cf'],
  ['box', 21, 64, 3, 16, 9, '882d11219ddb1418'],
  ['hamming', 21, 64, 3, 30, 9, 'b6e2d6720d92b99a'],
  // Sizes of photographs and of a model's input.
  ['bilinear', 2000, 1500, 3, 224, 224, '39115fac426b7436'],
  ['bicubic', 1200, 1600, 3, 224, 224, '062563632ea0c257'],
  ['lanczos', 600, 2400, 3, 224, 224, 'cc4e5cb9ebdcead4'],
]

/** Python: `(x * x * 7 + y * 31 + x * y * 3 + channel * 97) % 256`. */
const pattern = (width: number, height: number, channels: number): Pixels => ({
  data: Uint8Array.from({ length: width * height * channels }, (_, index) => {
    const pixel = Math.floor(index / channels)
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    return (x * x * 7 + y * 31 + x * y * 3 + (index % channels) * 97) % 256
  }),
  width,
  height,
  channels,
})

const digest = (picture: Pixels): string =>
  createHash('sha256').update(picture.data).digest('hex').slice(0, 16)

for (const [how, width, height, channels, toWidth, toHeight, expected] of fromPillow)
  test(`${how} from ${width} x ${height} x ${channels} to ${toWidth} x ${toHeight} gives the bytes that Pillow gives`, async () => {
    const resized = await resample(pattern(width, height, channels), toWidth, toHeight, how)
    assert.deepEqual([resized.width, resized.height, resized.channels], [toWidth, toHeight, channels])
    assert.equal(digest(resized), expected)
  })

test('a picture that has the size already is not touched', async () => {
  const picture = pattern(7, 5, 3)
  assert.equal(await resample(picture, 7, 5, 'bicubic'), picture)
})
