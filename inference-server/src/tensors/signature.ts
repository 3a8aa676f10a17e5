import type { TensorSpec } from './tensor.ts'

/** Inputs or outputs for a sentence: `logits FP32 [-1, 4]`. */
export const shown = (specs: readonly TensorSpec[]): string =>
  specs.map(({ name, datatype, shape }) => `${name} ${datatype} [${shape.join(', ')}]`).join(', ') || 'none'
