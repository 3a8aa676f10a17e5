import { fromHalf } from '../../tensors/half.ts'
import type { Tensor } from '../../tensors/tensor.ts'

/** Kernels sum in another order for other numbers of rows: a difference, relative to the largest element, that is rounding. */
export const rounding = { FP32: 1e-4, FP64: 1e-9, FP16: 1e-2 } as const

const floating = (tensor: Tensor): tensor is Tensor & { readonly dtype: keyof typeof rounding } =>
  Object.hasOwn(rounding, tensor.dtype)

const numbersOf = ({ dtype, data }: Tensor): readonly number[] =>
  dtype === 'FP16' ? Array.from(data as Uint16Array, fromHalf) : Array.from(data as Float32Array)

const largest = (numbers: readonly number[]): number =>
  numbers.reduce((most, each) => (Number.isFinite(each) && Math.abs(each) > most ? Math.abs(each) : most), 0)

const sameNumber = (left: number, right: number, bound: number): boolean =>
  Object.is(left, right) || Math.abs(left - right) <= bound || (Number.isNaN(left) && Number.isNaN(right))

/**
 * Whether two tensors are the same but for rounding.
 * @param floor of the largest element that differences are relative to: what cancels leaves noise of its operands' size
 */
export const same = (
  left: Tensor | undefined,
  right: Tensor | undefined,
  floor = 1,
  exact = false,
): boolean => {
  if (!left || !right || left.dtype !== right.dtype) return false
  if (left.shape.length !== right.shape.length) return false
  if (left.shape.some((length, axis) => length !== right.shape[axis])) return false
  if (!floating(left))
    return Array.from(left.data as ArrayLike<unknown>).every(
      (element, index) => element === right.data[index],
    )
  const [numbers, others] = [numbersOf(left), numbersOf(right)]
  const bound = exact ? 0 : rounding[left.dtype] * Math.max(floor, largest(numbers))
  return numbers.every((number, index) => sameNumber(number, others[index] as number, bound))
}
