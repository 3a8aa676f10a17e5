import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StartError } from '../../failures/errors.ts'
import { imageProcessor } from './image-processor.ts'

describe('sizes', () => {
  const target = (config: object, width: number, height: number) =>
    imageProcessor(config as Record<string, unknown>, {}, 3).targetFor({ width, height })

  test('a folder without preprocessor_config.json takes the size of the model, or 224', () => {
    assert.deepEqual(imageProcessor({}, { width: 96, height: 64 }, 3).output, { width: 96, height: 64 })
    assert.deepEqual(imageProcessor({}, {}, 3).output, { width: 224, height: 224 })
  })

  test('height and width are taken as they are, one number is a square', () => {
    assert.deepEqual(target({ size: { height: 10, width: 20 } }, 300, 100), { width: 20, height: 10 })
    assert.deepEqual(target({ size: 32 }, 300, 100), { width: 32, height: 32 })
  })

  test('the shortest edge keeps the proportions, within the longest edge', () => {
    assert.deepEqual(target({ size: { shortest_edge: 50 } }, 300, 100), { width: 150, height: 50 })
    assert.deepEqual(target({ size: { shortest_edge: 50 } }, 100, 333), { width: 50, height: 166 })
    assert.deepEqual(target({ size: { shortest_edge: 50, longest_edge: 120 } }, 300, 100), {
      width: 120,
      height: 40,
    })
    assert.deepEqual(target({ size: 50, do_center_crop: true, crop_size: 50 }, 300, 100), {
      width: 150,
      height: 50,
    })
  })

  test('do_resize: false leaves pictures as they are', () => {
    assert.deepEqual(target({ do_resize: false, size: 32 }, 300, 100), { width: 300, height: 100 })
    assert.equal(imageProcessor({ do_resize: false }, {}, 3).output, undefined)
  })
})

describe('values', () => {
  test('bytes are rescaled and normalised per channel', () => {
    const { byteValues } = imageProcessor({}, {}, 3)
    assert.ok(Math.abs(Number(byteValues[0]?.[255]) - (1 - 0.485) / 0.229) < 1e-6)
    assert.ok(Math.abs(Number(byteValues[2]?.[0]) - -0.406 / 0.225) < 1e-6)
  })

  test('do_rescale and do_normalize can be off', () => {
    assert.equal(imageProcessor({ do_rescale: false, do_normalize: false }, {}, 3).byteValues[1]?.[77], 77)
    assert.equal(imageProcessor({ do_normalize: false }, {}, 3).byteValues[1]?.[255], 1)
    const grey = imageProcessor({ image_mean: [0.5], image_std: [0.5] }, {}, 1).byteValues
    assert.deepEqual([grey.length, grey[0]?.[0], grey[0]?.[255]], [1, -1, 1])
  })
})

describe('what makes no sense is refused with the name of the field', () => {
  const cases: readonly [object, RegExp][] = [
    [{ size: { edge: 3 } }, /^size of preprocessor_config.json is \{"edge":3\}; give/],
    [{ size: 0.5 }, /size of preprocessor_config.json/],
    [{ size: { height: 100_000, width: 3 } }, /size of/],
    [{ resample: 9 }, /resample of/],
    [{ do_center_crop: true, size: 5, crop_size: 'big' }, /crop_size of/],
    [{ image_mean: [0.5, 0.5] }, /image_mean of preprocessor_config.json has to be a list of 3 numbers/],
    [{ image_std: [1, 0, 1] }, /image_std of .* holds a 0/],
    [{ rescale_factor: 'x' }, /rescale_factor of/],
    [{ size: { shortest_edge: 224 }, crop_pct: 0.875 }, /crop_pct of/],
  ]
  for (const [config, message] of cases)
    test(JSON.stringify(config), () => {
      assert.throws(
        () => imageProcessor(config as Record<string, unknown>, {}, 3),
        (error: unknown) => error instanceof StartError && message.test(error.message),
      )
    })
})
