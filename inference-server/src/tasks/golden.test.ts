import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import type { Members } from '../requests/members.ts'
import type { Datatype, NamedTensors, Signature } from '../tensors/tensor.ts'
import { firstRow } from '../testing/tasks.ts'
import { readModel } from '../versions/model.ts'
import { chatReply, readChatScript } from './chat.ts'
import { loadTask } from './index.ts'
import type { Classification, LoadedTask } from './task.ts'

/** The examples' golden.json holds what the Python that trained them answers. */
const example = (name: string, ...path: string[]): string =>
  join(import.meta.dirname, '../../../examples', name, ...path)

const golden = async (name: string) => JSON.parse(await readFile(example(name, 'golden.json'), 'utf8'))

const datatypes: Record<string, Datatype> = { int64: 'INT64', int32: 'INT32', float32: 'FP32' }

/** The example's task in front of a real session. */
const served = async (name: string, task: Task) => {
  process.env['ORT_DISABLE_TELEMETRY'] = '1'
  const { InferenceSession, Tensor } = await import('onnxruntime-node')
  const dir = example(name, 'model')
  const open = { version: undefined, labels: undefined, responses: undefined }
  const files = await readModel({ dir, file: undefined, name, task, ...open })
  const session = await InferenceSession.create(files.onnxPath, { logSeverityLevel: 3 })
  const specs = (metadata: typeof session.inputMetadata) =>
    metadata.map((value) => {
      assert.ok(value.isTensor)
      const shape = value.shape.map((length) => (typeof length === 'number' ? length : -1))
      return {
        name: value.name,
        datatype: datatypes[value.type] ?? 'BYTES',
        shape,
        symbols: shape.map(() => ''),
      }
    })
  const signature: Signature = {
    inputs: specs(session.inputMetadata),
    outputs: specs(session.outputMetadata),
  }
  const loaded = await loadTask(task, files, signature)
  assert.ok(loaded)
  const run = async (inputs: NamedTensors): Promise<NamedTensors> => {
    const feeds = Array.from(inputs, ([key, { dtype, data, shape }]) => [
      key,
      new Tensor(dtype === 'INT64' ? 'int64' : 'float32', data as Float32Array, shape),
    ])
    const outputs = await session.run(Object.fromEntries(feeds))
    return new Map(
      Object.entries(outputs).map(([key, { data, dims }]) => [
        key,
        { dtype: 'FP32' as const, shape: dims, data: data as Float32Array<ArrayBuffer> },
      ]),
    )
  }
  const classify = async (members: Members): Promise<Classification> => {
    const { rows, postprocess } = await loaded.read(members, (key) => key)()
    const { classification } = await postprocess(await Promise.all(rows.map(run)))
    assert.ok(classification)
    return classification
  }
  return { files, task: loaded, run, classify }
}

const near = (actual: ArrayLike<number>, expected: readonly number[], tolerance: number, what: string) => {
  assert.equal(actual.length, expected.length, what)
  for (const [index, value] of expected.entries())
    assert.ok(
      Math.abs(Number(actual[index]) - value) <= tolerance,
      `${what}[${index}]: ${actual[index]} for ${value}`,
    )
}

describe('the customer-service example', () => {
  let model: Awaited<ReturnType<typeof served>>
  before(async () => {
    model = await served('customer-service', 'text-classification')
  })

  test('reads every text as the same tokens as Python, and answers the same', async () => {
    const { cases, tolerance } = await golden('customer-service')
    const script = await readChatScript(model.files)
    // An empty text is refused, though the model gives an answer for it.
    const asked = cases.filter(({ text }: { text: string }) => text.trim() !== '')
    for (const { text, input_ids, probabilities, label, response } of asked) {
      const tensors = await firstRow(model.task, { text })
      assert.deepEqual(tokens(tensors), input_ids, text)
      const result = await model.classify({ text })
      near(result.probabilities, probabilities, tolerance, text)
      assert.equal(result.label, label, text)
      assert.equal(chatReply(result, script, new Date()).response, response, text)
    }
  })

  test('answers its warm-up', async () => {
    const outputs = await model.run(await model.task.warmup())
    assert.equal(outputs.get('logits')?.shape[0], 1)
  })
})

/** Token ids that the attention mask lets through. */
const tokens = (tensors: NamedTensors): number[] => {
  const mask = tensors.get('attention_mask')?.data as BigInt64Array
  return Array.from(tensors.get('input_ids')?.data as BigInt64Array, Number).filter(
    (_, index) => mask[index] === 1n,
  )
}

describe('the chest-xray example', () => {
  let model: Awaited<ReturnType<typeof served>>
  before(async () => {
    model = await served('chest-xray', 'image-classification')
  })

  test('sees every picture pixel by pixel as Python does, and answers the same', async () => {
    const { cases } = await golden('chest-xray')
    for (const { file, tolerance, pixels, probabilities, label } of cases) {
      const picture = { image: await readFile(example('chest-xray', file)) }
      const values = await pixelReader(model.task, picture)
      for (const [channel, y, x, value] of pixels)
        near([values(channel, y, x)], [value], tolerance, `${file} at ${channel}, ${y}, ${x}`)
      const result = await model.classify(picture)
      near(result.probabilities, probabilities, tolerance, file)
      assert.equal(result.label, label, file)
    }
  })

  test('answers its warm-up', async () => {
    const outputs = await model.run(await model.task.warmup())
    assert.equal(outputs.get('logits')?.shape[0], 1)
  })
})

const pixelReader = async (task: LoadedTask, picture: Members) => {
  const [tensor] = (await firstRow(task, picture)).values()
  assert.deepEqual(tensor?.shape, [1, 3, 224, 224])
  const data = tensor?.data as Float32Array
  return (channel: number, y: number, x: number): number => Number(data[(channel * 224 + y) * 224 + x])
}
