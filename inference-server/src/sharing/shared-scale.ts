/** Which tensors of callers may share a run whose rows share a quantization scale. */
import type { NamedTensors, Tensor } from '../tensors/tensor.ts'

const wholeTypes: ReadonlySet<string> = new Set(['INT32', 'INT64'])

/** Whether each row has a 1, and nothing but that and 0: a row that is masked whole is no number in many models. */
const isMask = ({ shape, data }: Tensor): boolean => {
  const [rows = 0, width = 0] = shape
  if (shape.length !== 2 || width === 0) return false
  for (let row = 0; row < rows; row++) {
    let hasOne = false
    for (let place = row * width; place < (row + 1) * width; place++) {
      const value = Number(data[place])
      if (value !== 0 && value !== 1) return false
      hasOne ||= value === 1
    }
    if (!hasOne) return false
  }
  return true
}

const looksTokenized = (name: string, tensor: Tensor): boolean => {
  if (!wholeTypes.has(tensor.dtype)) return false
  return name.includes('mask') ? isMask(tensor) : name.endsWith('_ids')
}

/**
 * Whether the inputs are not such as a tokenizer makes. Numbers that a caller sends are unbounded, and would move a scale that
 * others share; a mask of other numbers makes what is no number, and then neither is the scale. Ids only pick from tables.
 */
export const mayMoveScale = (inputs: NamedTensors): boolean =>
  [...inputs].some(([name, tensor]) => !looksTokenized(name, tensor))
