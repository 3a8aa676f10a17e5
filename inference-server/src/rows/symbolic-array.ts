import { elementTypes, type OnnxTensor } from '../onnx/model.ts'
import { tensorElements } from '../onnx/tensor-elements.ts'
import { coefficientOf } from './coefficient.ts'
import { constantPolynomial } from './polynomial.ts'
import type { Element } from './symbols.ts'
import { need } from './unproven.ts'

/** A larger tensor has no elements here. */
export const maxElements = 1024

/** The elements of a small tensor, row-major. */
export interface SymbolicArray {
  readonly shape: readonly number[]
  readonly elements: readonly Element[]
}

export const countOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1)

export const arrayOf = (shape: readonly number[], elements: readonly Element[]): SymbolicArray => {
  need(elements.length === countOf(shape), 'elements do not fill their shape')
  return { shape, elements }
}

export const vectorOf = (elements: readonly Element[]): SymbolicArray => ({
  shape: [elements.length],
  elements,
})

/** The array of a constant in the file, undefined where it is large, not read, or holds NaN or infinity. */
export const arrayOfTensor = (tensor: OnnxTensor): SymbolicArray | undefined => {
  if (countOf(tensor.dims) > maxElements || tensor.elementType === elementTypes.string) return undefined
  const values = tensorElements(tensor)
  if (!values?.every((value) => typeof value === 'bigint' || Number.isFinite(value))) return undefined
  let elements: readonly Element[] | undefined
  return {
    shape: tensor.dims,
    // Elements are made when they are first read: for a bias that is added to rows, only the shape is.
    get elements() {
      elements ??= values.map((value) => constantPolynomial(coefficientOf(value)))
      return elements
    },
  }
}

/** Shape of two broadcast arrays. @throws Unproven where they do not fit */
export const broadcastShape = (a: readonly number[], b: readonly number[]): number[] => {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1
    const right = b[axis - rank + b.length] ?? 1
    need(left === right || left === 1 || right === 1, 'shapes do not fit each other')
    return left === 1 ? right : left
  })
}

/** Distance between two elements along each axis. */
const stridesOf = (shape: readonly number[]): number[] => {
  const strides: number[] = []
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides.unshift(stride)
    stride *= shape[axis] as number
  }
  return strides
}

/** The array of a shape whose element at each place is the one at a place of another array. */
const pickInto = (
  { elements }: SymbolicArray,
  shape: readonly number[],
  sourceOf: (place: readonly number[]) => number,
): SymbolicArray => {
  const count = countOf(shape)
  need(count <= maxElements, 'too many elements')
  const strides = stridesOf(shape)
  const picked = Array.from({ length: count }, (_, index) => {
    const place = strides.map((stride, axis) => Math.floor(index / stride) % (shape[axis] as number))
    const element = elements[sourceOf(place)]
    need(element !== undefined, 'an element lies outside')
    return element
  })
  return { shape, elements: picked }
}

export const broadcastTo = (array: SymbolicArray, shape: readonly number[]): SymbolicArray => {
  if (array.shape.length === shape.length && array.shape.every((length, axis) => length === shape[axis]))
    return array
  const offset = shape.length - array.shape.length
  const strides = stridesOf(array.shape).map((stride, axis) => (array.shape[axis] === 1 ? 0 : stride))
  return pickInto(array, shape, (place) =>
    strides.reduce((source, stride, axis) => source + stride * (place[axis + offset] as number), 0),
  )
}

/** Applies a function to each element of broadcast arrays. */
export const mapElements = (
  arrays: readonly SymbolicArray[],
  apply: (...elements: Element[]) => Element,
): SymbolicArray => {
  const shape = arrays.map((array) => array.shape).reduce(broadcastShape)
  need(countOf(shape) <= maxElements, 'too many elements')
  const lists = arrays.map((array) => broadcastTo(array, shape).elements)
  return {
    shape,
    elements: Array.from({ length: countOf(shape) }, (_, index) =>
      apply(...lists.map((elements) => elements[index] as Element)),
    ),
  }
}

export const transposed = (array: SymbolicArray, order: readonly number[]): SymbolicArray => {
  need(order.length === array.shape.length && new Set(order).size === order.length, 'no order of the axes')
  const strides = stridesOf(array.shape)
  const shape = order.map((axis) => array.shape[axis] as number)
  return pickInto(array, shape, (place) =>
    order.reduce((source, axis, to) => source + (strides[axis] as number) * (place[to] as number), 0),
  )
}

/** Keeps some positions of one axis, in the order given. */
export const takeAlong = (
  array: SymbolicArray,
  axis: number,
  positions: readonly number[],
): SymbolicArray => {
  const strides = stridesOf(array.shape)
  const shape = array.shape.with(axis, positions.length)
  return pickInto(array, shape, (place) =>
    place.reduce(
      (source, at, from) =>
        source + (strides[from] as number) * (from === axis ? (positions[at] as number) : at),
      0,
    ),
  )
}

export const concatenated = (arrays: readonly SymbolicArray[], axis: number): SymbolicArray => {
  const [first] = arrays
  need(first && axis < first.shape.length, 'nothing to join')
  const fits = arrays.every(
    ({ shape }) =>
      shape.length === first.shape.length &&
      shape.every((length, at) => at === axis || length === first.shape[at]),
  )
  need(fits, 'shapes do not fit each other')
  const outer = countOf(first.shape.slice(0, axis))
  const elements = Array.from({ length: outer }, (_, index) =>
    arrays.map((array) => {
      const block = countOf(array.shape.slice(axis))
      return array.elements.slice(index * block, (index + 1) * block)
    }),
  ).flat(2)
  const length = arrays.reduce((total, { shape }) => total + (shape[axis] as number), 0)
  return arrayOf(first.shape.with(axis, length), elements)
}
