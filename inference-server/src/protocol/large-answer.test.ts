import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allocate, type NumericDatatype, type Tensor } from '../tensors/tensor.ts'
import { encodeLargeInfer } from './large-answer.ts'
import { encodeInfer } from './protocol.ts'

const numeric: readonly NumericDatatype[] = [
  'BOOL',
  'UINT8',
  'INT64',
  'UINT64',
  'FP16',
  'FP32',
  'FP64',
  'INT32',
]
const rows = 250_001

const tensorOf = (dtype: NumericDatatype): Tensor => {
  const data = allocate(dtype, rows)
  for (let at = 0; at < rows; at++) {
    const value = dtype === 'BOOL' ? at % 2 : (at * 31) % 250
    data[at] = dtype.endsWith('INT64') ? BigInt(value) : value
  }
  return { dtype, shape: [rows], data }
}

const texts: Tensor = {
  dtype: 'BYTES',
  shape: [rows],
  data: Array.from({ length: rows }, (_, at) => (at === 7 ? 'ü"\n'.repeat(600_000) : `t${at}`)),
}
const outputs = new Map<string, Tensor>([
  ...numeric.map((dtype) => [dtype, tensorOf(dtype)] as const),
  ['texts', texts],
  ['none', { dtype: 'FP32', shape: [0, 3], data: new Float32Array() }],
])
const answer = { modelName: 'm', modelVersion: '1', outputs }

test('a large answer is byte for byte what is written at once', async () => {
  for (const binaryOutput of [false, true]) {
    const request = { id: 'i', outputs: undefined, binaryOutput }
    const wanted = encodeInfer({ ...answer, request })
    const { content, headerLength } = await encodeLargeInfer({ ...answer, request }, 2 ** 30)
    assert.equal(headerLength, wanted.headerLength)
    assert.ok(Buffer.from(content).equals(Buffer.from(wanted.content)))
  }
})

test('outputs that were asked for, some of them in binary, come in their order', async () => {
  const asked = [
    { name: 'texts', binary: false },
    { name: 'FP32', binary: true },
    { name: 'none', binary: false },
  ]
  const request = { id: undefined, outputs: asked, binaryOutput: false }
  const wanted = encodeInfer({ ...answer, request })
  const { content, headerLength } = await encodeLargeInfer({ ...answer, request }, 2 ** 30)
  assert.equal(headerLength, wanted.headerLength)
  assert.ok(Buffer.from(content).equals(Buffer.from(wanted.content)))
})

test('an answer is refused as soon as its JSON is larger than allowed', async () => {
  const request = { id: undefined, outputs: undefined, binaryOutput: false }
  await assert.rejects(encodeLargeInfer({ ...answer, request }, 2 ** 20), /more than 1 MiB as JSON/)
})
