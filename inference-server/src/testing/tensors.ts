import type { NamedTensors, Tensor } from '../tensors/tensor.ts'

/** FP32 of the given shape. */
export const fp32 = (shape: readonly number[], data: readonly number[]): Tensor => ({
  dtype: 'FP32',
  shape,
  data: Float32Array.from(data),
})

export const int64 = (shape: readonly number[], data: readonly number[]): Tensor => ({
  dtype: 'INT64',
  shape,
  data: BigInt64Array.from(data, BigInt),
})

export const bytes = (shape: readonly number[], data: readonly string[]): Tensor => ({
  dtype: 'BYTES',
  shape,
  data,
})

/** Makes named tensors of an object, for names that plain objects keep in order. */
export const named = (tensors: Readonly<Record<string, Tensor>>): NamedTensors =>
  new Map(Object.entries(tensors))
