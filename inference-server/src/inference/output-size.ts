/** How large the outputs of a request are, as far as the model's declaration tells before it runs. */
import { checkOutputBytes } from '../requests/answer-size.ts'
import {
  elementBytes,
  type NamedTensors,
  type NumericDatatype,
  type Signature,
  type Tensor,
  type TensorSpec,
} from '../tensors/tensor.ts'

/** An axis of an input, by whose length one of an output is as long. */
interface Axis {
  /** Name of the input; undefined: the first one. */
  readonly name: string | undefined
  readonly axis: number
}

/** Axes by the names that the model gives them. */
const namedAxes = (inputs: readonly TensorSpec[]): ReadonlyMap<string, Axis> => {
  const axes = new Map<string, Axis>()
  for (const { name, symbols } of inputs)
    for (const [axis, symbol] of symbols.entries())
      if (symbol !== '' && !axes.has(symbol)) axes.set(symbol, { name, axis })
  return axes
}

/** Bytes of one element; those of a BYTES element are its length alone. */
const bytesOfElement = (datatype: TensorSpec['datatype']): number =>
  datatype === 'BYTES' ? 4 : elementBytes(datatype as NumericDatatype)

/** The axes that make an output longer than the declaration says. @param unnamed those of any length that have no name in an input */
const freeAxes = (
  { shape, symbols }: TensorSpec,
  named: ReadonlyMap<string, Axis>,
  unnamed: (axis: number) => Axis | undefined,
): readonly Axis[] =>
  shape.flatMap((length, axis) => {
    const own = named.get(symbols[axis] ?? '')
    return own ?? (length < 0 ? unnamed(axis) : undefined) ?? []
  })

/** @returns told inputs, the bytes of the outputs that they make */
const sizeOf = (
  { inputs, outputs }: Signature,
  unnamed: (axis: number) => Axis | undefined,
): ((tensors: NamedTensors) => number) => {
  const named = namedAxes(inputs)
  const sizes = outputs.map((output) => ({
    bytes: output.shape.reduce(
      (bytes, length) => bytes * (length < 0 ? 1 : length),
      bytesOfElement(output.datatype),
    ),
    free: freeAxes(output, named, unnamed),
  }))
  return (tensors) => {
    const first: Tensor | undefined = tensors.values().next().value
    let all = 0
    for (const { bytes, free } of sizes) {
      let size = bytes
      for (const { name, axis } of free)
        size *= (name === undefined ? first : tensors.get(name))?.shape[axis] ?? 1
      all += size
    }
    return all
  }
}

/**
 * Bytes of the outputs of a row, about: an axis that no input names is taken for as long as that of the first input in its
 * place, such as the tokens of a text.
 */
export const outputBytesOf = (signature: Signature): ((row: NamedTensors) => number) =>
  sizeOf(signature, (axis) => ({ name: undefined, axis }))

/**
 * Looks whether the outputs of a request could be sent at all. An axis that no input has counts as one, so that nothing is
 * refused that might be small.
 * @returns told the inputs of each request @throws Failure too-large, from it
 */
export const outputSizeCheck = (signature: Signature): ((tensors: NamedTensors) => void) => {
  const least = sizeOf(signature, () => undefined)
  return (tensors) => checkOutputBytes(least(tensors))
}
