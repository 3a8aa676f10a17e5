/** Tiny models that tests serve. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Datatype } from '../tensors/tensor.ts'
import { type Dimension, type Graph, type Node, type OpenValue, onnxFile } from './onnx.ts'

/** y = x, of any datatype. */
export const identity = (datatype: Datatype, shape: readonly Dimension[] = ['batch', 'width']): Graph => ({
  inputs: [{ name: 'x', datatype, shape }],
  outputs: [{ name: 'y', datatype, shape }],
  nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
})

/** sum = a + b and difference = a - b, FP32 [batch, 3]. */
export const addition = (): Graph => {
  const shape = ['batch', 3]
  return {
    inputs: ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape })),
    outputs: ['sum', 'difference'].map((name) => ({ name, datatype: 'FP32', shape })),
    nodes: [
      { op: 'Add', inputs: ['a', 'b'], outputs: ['sum'] },
      { op: 'Sub', inputs: ['a', 'b'], outputs: ['difference'] },
    ],
  }
}

/** y = x + `by`, FP32 [batch, 1]. */
export const shifted = (by: number): Graph => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', 1] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', 1] }],
  constants: [{ name: 'by', shape: [], data: Float32Array.of(by) }],
  nodes: [{ op: 'Add', inputs: ['x', 'by'], outputs: ['y'] }],
})

/** Weights between -0.5 and 0.5, the same on every run. */
const weights = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => ((index * 7919 + seed * 104729) % 1009) / 1009 - 0.5)

/** FP32 [batch, 4] -> 64 -> probabilities FP32 [batch, 3]. */
export const mlp = (): Graph => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', 4] }],
  outputs: [{ name: 'probabilities', datatype: 'FP32', shape: ['batch', 3] }],
  constants: [
    { name: 'w1', shape: [4, 64], data: weights(4 * 64, 1) },
    { name: 'b1', shape: [64], data: weights(64, 2) },
    { name: 'w2', shape: [64, 3], data: weights(64 * 3, 3) },
    { name: 'b2', shape: [3], data: weights(3, 4) },
  ],
  nodes: [
    { op: 'Gemm', inputs: ['x', 'w1', 'b1'], outputs: ['h1'] },
    { op: 'Relu', inputs: ['h1'], outputs: ['h2'] },
    { op: 'Gemm', inputs: ['h2', 'w2', 'b2'], outputs: ['logits'] },
    { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: { axis: 1 } },
  ],
})

const side = 512

/** y = x, FP32 [batch, 1], after `products` products of 512 x 512 matrices: about 5 to 20 ms each. */
export const slow = (products: number): Graph => {
  const chain: Node[] = Array.from({ length: products }, (_, index) => ({
    op: 'MatMul',
    inputs: [`m${index}`, 'm0'],
    outputs: [`m${index + 1}`],
  }))
  return {
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', 1] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', 1] }],
    constants: [
      { name: 'square', shape: [2], data: BigInt64Array.of(BigInt(side), BigInt(side)) },
      { name: 'share', shape: [], data: Float32Array.of(1 / side) },
      { name: 'zero', shape: [], data: Float32Array.of(0) },
    ],
    nodes: [
      // The matrix depends on the input, or the optimizer would multiply once and for all while it loads.
      { op: 'ReduceSum', inputs: ['x'], outputs: ['total'], attributes: { keepdims: 0 } },
      { op: 'Mul', inputs: ['total', 'zero'], outputs: ['nothing'] },
      { op: 'Add', inputs: ['nothing', 'share'], outputs: ['element'] },
      { op: 'Expand', inputs: ['element', 'square'], outputs: ['m0'] },
      ...chain,
      { op: 'ReduceMax', inputs: [`m${products}`], outputs: ['largest'], attributes: { keepdims: 0 } },
      { op: 'Mul', inputs: ['largest', 'zero'], outputs: ['silent'] },
      { op: 'Add', inputs: ['x', 'silent'], outputs: ['y'] },
    ],
  }
}

/** Token ids INT64 [batch, sequence] -> logits FP32 [batch, 3] of their sum: a text classifier that costs next to nothing. */
export const idSums = (): Graph => ({
  inputs: [{ name: 'input_ids', datatype: 'INT64', shape: ['batch', 'sequence'] }],
  outputs: [{ name: 'logits', datatype: 'FP32', shape: ['batch', 3] }],
  constants: [
    { name: 'last', shape: [1], data: BigInt64Array.of(1n) },
    { name: 'w', shape: [1, 3], data: weights(3, 1) },
    { name: 'b', shape: [3], data: weights(3, 2) },
  ],
  nodes: [
    { op: 'ReduceSum', inputs: ['input_ids', 'last'], outputs: ['sum'], attributes: { keepdims: 1 } },
    { op: 'Cast', inputs: ['sum'], outputs: ['number'], attributes: { to: 1 } },
    { op: 'Gemm', inputs: ['number', 'w', 'b'], outputs: ['logits'] },
  ],
})

/** INT64 [1], the side of square matrices -> FP32 [], after `products` products of them: nothing for 1, minutes for 4096. */
export const squares = (products: number): Graph => ({
  inputs: [{ name: 'side', datatype: 'INT64', shape: [1] }],
  outputs: [{ name: 'largest', datatype: 'FP32', shape: [] }],
  constants: [{ name: 'share', shape: [], data: Float32Array.of(0.001) }],
  nodes: [
    { op: 'Concat', inputs: ['side', 'side'], outputs: ['square'], attributes: { axis: 0 } },
    { op: 'Expand', inputs: ['share', 'square'], outputs: ['m0'] },
    ...Array.from({ length: products }, (_, index) => ({
      op: 'MatMul',
      inputs: [`m${index}`, 'm0'],
      outputs: [`m${index + 1}`],
    })),
    { op: 'ReduceMax', inputs: [`m${products}`], outputs: ['largest'], attributes: { keepdims: 0 } },
  ],
})

/** Looks INT64 [batch] up in a table of four; any other index fails inside the run. */
export const lookup = (): Graph => ({
  inputs: [{ name: 'index', datatype: 'INT64', shape: ['batch'] }],
  outputs: [{ name: 'value', datatype: 'FP32', shape: ['batch'] }],
  constants: [{ name: 'table', shape: [4], data: Float32Array.of(10, 20, 30, 40) }],
  nodes: [{ op: 'Gather', inputs: ['table', 'index'], outputs: ['value'] }],
})

/** Running totals over the first axis: free, but no batch, since rows depend on those before. */
export const runningTotal = (): Graph => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['time', 2] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['time', 2] }],
  constants: [{ name: 'axis', shape: [], data: BigInt64Array.of(0n) }],
  nodes: [{ op: 'CumSum', inputs: ['x', 'axis'], outputs: ['y'] }],
})

/** y = x, FP32 [batch, 1], for less than `rows` rows; for more, onnxruntime cannot allocate the memory on any machine. */
export const hungry = (rows: number): Graph => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', 1] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', 1] }],
  constants: [
    { name: 'limit', shape: [1], data: BigInt64Array.of(BigInt(rows)) },
    { name: 'first', shape: [1], data: BigInt64Array.of(0n) },
    { name: 'one', shape: [1], data: BigInt64Array.of(1n) },
    // 2^48 bytes: more than a process can address.
    { name: 'huge', shape: [1], data: BigInt64Array.of(2n ** 46n) },
    { name: 'zero', shape: [], data: Float32Array.of(0) },
  ],
  nodes: [
    { op: 'Shape', inputs: ['x'], outputs: ['shape'] },
    { op: 'Gather', inputs: ['shape', 'first'], outputs: ['rows'] },
    { op: 'Div', inputs: ['rows', 'limit'], outputs: ['times'] },
    { op: 'Mul', inputs: ['times', 'huge'], outputs: ['extra'] },
    { op: 'Add', inputs: ['extra', 'one'], outputs: ['length'] },
    { op: 'Expand', inputs: ['zero', 'length'], outputs: ['zeros'] },
    { op: 'ReduceMax', inputs: ['zeros'], outputs: ['nothing'], attributes: { keepdims: 0 } },
    { op: 'Add', inputs: ['x', 'nothing'], outputs: ['y'] },
  ],
})

/** A model folder in the temporary directory that goes away with `await using`. */
export const modelFolder = async (
  graph: Graph<OpenValue>,
): Promise<{ readonly dir: string } & AsyncDisposable> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-model-'))
  await writeFile(join(dir, 'model.onnx'), onnxFile(graph))
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) }
}

export interface TemporaryRepository extends AsyncDisposable {
  readonly dir: string
  /** Puts a version there, or changes it. @param content of model.onnx */
  readonly put: (version: string, content: Graph | string) => Promise<void>
}

/** A folder of versions in the temporary directory that goes away with `await using`. */
export const modelRepository = async (
  versions: Readonly<Record<string, Graph | string>>,
): Promise<TemporaryRepository> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-repository-'))
  const put = async (version: string, content: Graph | string): Promise<void> => {
    await mkdir(join(dir, version), { recursive: true })
    await writeFile(
      join(dir, version, 'model.onnx'),
      typeof content === 'string' ? content : onnxFile(content),
    )
  }
  for (const [version, content] of Object.entries(versions)) await put(version, content)
  return { dir, put, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) }
}
