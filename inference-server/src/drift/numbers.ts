import { fromHalf } from '../tensors/half.ts'
import type { Tensor } from '../tensors/tensor.ts'

/** Elements of a row that are read for a summary: so a picture costs no more than a table. */
const mostRead = 256

/**
 * Numbers of a tensor, spread evenly where there are more than are read.
 * @param from index of the first @param width how many there are @returns FP64; of BOOL 0 and 1
 */
export const numbersAt = (
  { dtype, data }: Tensor,
  from: number,
  width: number,
  most = mostRead,
): Float64Array => {
  const step = Math.max(1, width / most)
  const numbers = new Float64Array(Math.min(width, most))
  for (let at = 0; at < numbers.length; at++) {
    const value = data[from + Math.floor(at * step)]
    numbers[at] = dtype === 'FP16' ? fromHalf(Number(value)) : Number(value)
  }
  return numbers
}
