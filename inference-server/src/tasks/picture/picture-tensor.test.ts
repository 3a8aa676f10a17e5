import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imageProcessor } from './image-processor.ts'
import { pictureNumbers } from './picture-tensor.ts'

/** Each byte stands for itself. */
const byteValues = Array.from({ length: 3 }, () => Float32Array.from({ length: 256 }, (_, byte) => byte))

test('the crop takes the middle and fills what is missing with black', () => {
  const config = { do_resize: false, do_center_crop: true, crop_size: { width: 4, height: 2 } }
  const { how, crop, output } = imageProcessor(config, {}, 3)
  assert.deepEqual(output, { width: 4, height: 2 })
  const numbers = (width: number, height: number, data: Uint8Array) => {
    const plan = { target: { width, height }, how, crop, byteValues }
    const form = { datatype: 'FP32', channels: 3, layout: 'NHWC' } as const
    return pictureNumbers({ data, width, height, channels: 3 }, { ...plan, ...form })
  }
  const data = Uint8Array.from({ length: 3 * 3 * 3 }, (_, index) => Math.floor(index / 3) + 1)
  const pixels = Array.from({ length: 8 }, (_, index) => numbers(3, 3, data).data[index * 3])
  // 3 x 3 in a width of 4: half a pixel is missing, Python rounds it to the left.
  assert.deepEqual(pixels, [0, 1, 2, 3, 0, 4, 5, 6])
  const white = numbers(10, 10, new Uint8Array(300).fill(255))
  assert.deepEqual([white.width, white.height], [4, 2])
})
