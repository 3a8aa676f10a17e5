import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { Failure, StartError } from '../failures/errors.ts'
import type { Signature, TensorSpec } from '../tensors/tensor.ts'
import { firstRow } from '../testing/tasks.ts'
import { imageClassification } from './image-classification.ts'

const spec = (name: string, shape: number[], datatype: TensorSpec['datatype'] = 'FP32'): TensorSpec => ({
  name,
  datatype,
  shape,
  symbols: shape.map(() => ''),
})

const signature = (...shape: number[]): Signature => ({
  inputs: [spec('pixel_values', shape)],
  outputs: [spec('logits', [-1, 2])],
})

const raw = { do_rescale: false, do_normalize: false }
const files = (preprocessorConfig: Record<string, unknown> = raw) => ({
  dir: import.meta.dirname,
  config: {},
  preprocessorConfig,
})

/** One pixel per colour, 2 wide and 1 high: (10, 20, 30), (40, 50, 60). */
const twoPixels = sharp(Buffer.from([10, 20, 30, 40, 50, 60]), { raw: { width: 2, height: 1, channels: 3 } })
  .png()
  .toBuffer()

const tensorOf = async (known: Signature) => {
  const task = await imageClassification(files(), known)
  return (await firstRow(task, { image: await twoPixels })).get('pixel_values')
}

test('a picture becomes planes of channels', async () => {
  const tensor = await tensorOf(signature(-1, 3, 1, 2))
  assert.deepEqual(tensor?.shape, [1, 3, 1, 2])
  assert.deepEqual(Array.from((tensor?.data ?? []) as Float32Array), [10, 40, 20, 50, 30, 60])
})

test('or channels last where the model wants that', async () => {
  const tensor = await tensorOf(signature(-1, 2, 2, 3))
  assert.deepEqual(tensor?.shape, [1, 2, 2, 3])
  assert.deepEqual(
    Array.from((tensor?.data ?? []) as Float32Array),
    [10, 20, 30, 40, 50, 60, 10, 20, 30, 40, 50, 60],
  )
})

test('a grey model gets one channel', async () => {
  const tensor = await tensorOf(signature(-1, 1, 1, 2))
  assert.deepEqual(Array.from((tensor?.data ?? []) as Float32Array), [18, 48])
})

test('a grey picture fills all channels', async () => {
  const grey = sharp(Buffer.from([7, 9]), { raw: { width: 2, height: 1, channels: 1 } }).toColourspace('b-w')
  const task = await imageClassification(files(), signature(-1, 3, 1, 2))
  const tensors = await firstRow(task, { image: await grey.png().toBuffer() })
  assert.deepEqual(Array.from((tensors.get('pixel_values')?.data ?? []) as Float32Array), [7, 9, 7, 9, 7, 9])
})

test('its warm-up has the shape of a request', async () => {
  const task = await imageClassification(files({}), signature(-1, 3, -1, -1))
  assert.deepEqual((await task.warmup()).get('pixel_values')?.shape, [1, 3, 224, 224])
})

test('a text is not a picture', async () => {
  const task = await imageClassification(files(), signature(-1, 3, 1, 2))
  const refused = (kind: Failure['kind']) => (error: unknown) =>
    error instanceof Failure && error.kind === kind
  assert.throws(() => task.read({ text: 'a' }, (name) => name), refused('invalid'))
  await assert.rejects(firstRow(task, { image: Buffer.from('a text') }), refused('unsupported-media-type'))
})

for (const [what, known, config, message] of [
  [
    'takes tokens',
    { ...signature(), inputs: [spec('input_ids', [-1, -1], 'INT64')] },
    {},
    /but this one has input_ids/,
  ],
  ['takes five channels', signature(-1, 5, 8, 8), {}, /needs a model with one input FP32/],
  [
    'takes another size',
    signature(-1, 3, 8, 8),
    { size: 16 },
    /makes pictures 16 x 16, but input pixel_values takes 8 x 8/,
  ],
  [
    'takes one size, but pictures keep theirs',
    signature(-1, 3, 8, 8),
    { do_resize: false },
    /pictures of any size/,
  ],
] as const)
  test(`a model that ${what} is refused`, async () => {
    await assert.rejects(
      imageClassification(files({ ...config }), known),
      (error: unknown) => error instanceof StartError && message.test(error.message),
    )
  })
