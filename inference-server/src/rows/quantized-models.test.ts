import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { NamedTensors, Tensor } from '../tensors/tensor.ts'
import { proveFile } from './prove.ts'
import { openGraph, runOrRefusal } from './testing/runtime.ts'

/** What optimizer/bench/golden.py writes: rows, and what Python's onnxruntime answers to them in each format. */
interface Golden {
  readonly inputs: Readonly<Record<string, GoldenInput>>
  readonly answers: Readonly<Record<string, readonly number[]>>
}

interface GoldenInput {
  readonly type: 'int64' | 'float32'
  readonly dims: readonly number[]
  readonly values: readonly number[]
}

const folder = join(import.meta.dirname, '../../golden/quantized')
const golden: Readonly<Record<string, Golden>> = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'))

const tensorOf = ({ type, dims, values }: GoldenInput): Tensor =>
  type === 'int64'
    ? { dtype: 'INT64', shape: dims, data: BigInt64Array.from(values, BigInt) }
    : { dtype: 'FP32', shape: dims, data: Float32Array.from(values) }

const inputsOf = ({ inputs }: Golden): NamedTensors =>
  new Map(Object.entries(inputs).map(([name, input]) => [name, tensorOf(input)]))

const firstRow = ({ dtype, shape, data }: Tensor): Tensor => ({
  dtype,
  shape: [1, ...shape.slice(1)],
  data: (data as Float32Array).slice(0, data.length / (shape[0] as number)),
})

/** Both builds of onnxruntime have the same kernels, which add in another order on other processors. */
const tolerance = 2e-3

const near = (found: Tensor | undefined, wanted: readonly number[], what: string): void => {
  assert.ok(found, what)
  for (const [place, number] of wanted.entries())
    assert.ok(
      Math.abs(Number(found.data[place]) - number) <= tolerance,
      `${what}: ${found.data[place]} at ${place}, not ${number}`,
    )
}

describe('models that the optimizer quantized', () => {
  for (const [name, of] of Object.entries(golden))
    for (const [format, answers] of Object.entries(of.answers))
      it(`${name} in ${format}: rows stay apart, and answers are those of Python`, async () => {
        const path = join(folder, `${name}-${format}.onnx`)
        assert.equal(proveFile(path).verdict, 'independent')
        const session = await openGraph(readFileSync(path), 'all')
        const inputs = inputsOf(of)
        near((await runOrRefusal(session, inputs))?.get('logits'), answers, 'together')
        const alone = new Map([...inputs].map(([input, tensor]) => [input, firstRow(tensor)]))
        const row = answers.slice(0, answers.length / 3)
        near((await runOrRefusal(session, alone))?.get('logits'), row, 'alone')
      })
})
