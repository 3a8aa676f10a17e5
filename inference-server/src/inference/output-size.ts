/** How large the outputs of a request are, as far as the model's declaration tells before it runs. */
import { checkOutputBytes } from '../requests/answer-size.ts'
import {
  elementBytes,
  type NamedTensors,
  type NumericDatatype,
  type Signature,
  type TensorSpec,
} from '../tensors/tensor.ts'

/** An axis of an input, by whose length one of an output is as long. */
interface Axis {
  readonly name: string
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

/**
 * Looks whether the outputs of a request could be sent at all. An axis that no input has counts as one, so that nothing is
 * refused that might be small.
 * @returns told the inputs of each request @throws Failure too-large, from it
 */
export const outputSizeCheck = ({ inputs, outputs }: Signature): ((tensors: NamedTensors) => void) => {
  const axes = namedAxes(inputs)
  const sizes = outputs.map(({ datatype, shape, symbols }) => ({
    bytes: shape.reduce((bytes, length) => bytes * (length < 0 ? 1 : length), bytesOfElement(datatype)),
    free: symbols.flatMap((symbol) => axes.get(symbol) ?? []),
  }))
  return (tensors) => {
    let all = 0
    for (const { bytes, free } of sizes) {
      let size = bytes
      for (const { name, axis } of free) size *= tensors.get(name)?.shape[axis] ?? 1
      all += size
    }
    checkOutputBytes(all)
  }
}
