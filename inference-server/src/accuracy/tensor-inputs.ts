/** Tensors of a sample, for models of raw tensors. */

import { plainText } from '@gantry/contract/plain-text.ts'
import type { Elements, SampleInputs } from '../datasets/sample.ts'
import { Failure } from '../failures/errors.ts'
import { quotedList, quotedText } from '../failures/shown-text.ts'
import { elementCount, type NamedTensors, type Tensor, type TensorSpec } from '../tensors/tensor.ts'
import { PrecisionLost, tensorFromJson } from '../tensors/tensor-json.ts'
import { CandidateError } from './candidate-error.ts'

/** Characters of an axis's name, which a model may choose at will. */
const mostAxisCharacters = 50

const mismatch = (message: string, cause?: unknown): CandidateError =>
  new CandidateError('ShapeMismatch', message, cause === undefined ? {} : { cause })

const shapeText = ({ shape, symbols }: TensorSpec): string => {
  let free = 0
  const axes = shape.map((length) => {
    if (length >= 0) return `${length}`
    free += 1
    return plainText(symbols[free - 1] || 'any', mostAxisCharacters)
  })
  return `[${axes.join(', ')}]`
}

/**
 * The shape of one sample: the first axis, which counts rows, is 1 where it is free, and one more free axis is as long as the elements
 * make it.
 */
const shapeOf = (spec: TensorSpec, count: number): readonly number[] => {
  if (spec.anyRank) return [1, count]
  if (spec.shape.length === 1 && spec.shape[0] === -1) return [count]
  const shape = spec.shape.map((length, axis) => (axis === 0 && length < 0 ? 1 : length))
  const free = shape.filter((length) => length < 0).length
  const known = elementCount(shape.filter((length) => length >= 0))
  const rest = known === 0 ? 0 : count / known
  if (free > 1)
    throw mismatch(
      `input ${quotedText(spec.name)} has the shape ${shapeText(spec)}, whose free axes a list of elements does not tell; export the model with fixed axes`,
    )
  if (free === 0 ? count !== known : !Number.isInteger(rest) || rest < 1)
    throw mismatch(
      `input ${quotedText(spec.name)} has the shape ${shapeText(spec)} and the samples give it ${count} elements; give as many as the model takes`,
    )
  return shape.map((length) => (length < 0 ? rest : length))
}

const isNumeral = (text: string): boolean => /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)

/** An element as JSON has it: cells of a table are texts, and null is the number that is missing. */
const jsonElement = (element: number | string, spec: TensorSpec): unknown => {
  if (spec.datatype === 'BYTES') return String(element)
  const value = typeof element === 'string' && isNumeral(element) ? Number(element) : element
  return Number.isNaN(value) || value === 'NaN' || value === 'nan' ? null : value
}

const tensorOf = (elements: Elements, spec: TensorSpec): Tensor => {
  const shape = shapeOf(spec, elements.length)
  const values = elements.map((element) => jsonElement(element, spec))
  try {
    return tensorFromJson(spec.name, spec.datatype, shape, values.length, values)
  } catch (error) {
    if (error instanceof Failure) throw mismatch(error.message, error)
    if (error instanceof PrecisionLost)
      throw mismatch(
        `input ${quotedText(spec.name)} gets integers beyond 2^53, which the data set cannot hold exactly`,
        error,
      )
    throw error
  }
}

const onlyInput = (specs: readonly TensorSpec[], form: string): TensorSpec => {
  const [spec, ...others] = specs
  if (spec !== undefined && others.length === 0) return spec
  const names = quotedList(specs.map(({ name }) => name))
  throw mismatch(`the model has the inputs ${names}; ${form}`)
}

/** @throws CandidateError where names are missing, or belong to no input */
const refuseOtherNames = (given: readonly string[], specs: readonly TensorSpec[], what: string): void => {
  const names = specs.map(({ name }) => name)
  const missing = names.filter((name) => !given.includes(name))
  if (missing.length > 0)
    throw mismatch(`the samples have no ${what} for the model's inputs ${quotedList(missing)}`)
  const unknown = given.filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw mismatch(
      `the samples have the ${what} ${quotedList(unknown)}, and the model's inputs are ${quotedList(names)}`,
    )
}

const namedTensors = (
  named: ReadonlyMap<string, Elements>,
  specs: readonly TensorSpec[],
  what: string,
): NamedTensors => {
  refuseOtherNames([...named.keys()], specs, what)
  return new Map(specs.map((spec) => [spec.name, tensorOf(named.get(spec.name) ?? [], spec)]))
}

/**
 * One row for the model.
 * @param specs the model's inputs
 * @returns a tensor for each input; floating ones may hold NaN, which JSON does not have
 * @throws CandidateError ShapeMismatch, naming the input
 */
export const tensorsOf = (inputs: SampleInputs, specs: readonly TensorSpec[]): NamedTensors => {
  switch (inputs.kind) {
    case 'elements': {
      const spec = onlyInput(specs, 'give inputs as {"name of an input": numbers, …}')
      return new Map([[spec.name, tensorOf(inputs.elements, spec)]])
    }
    case 'named':
      return namedTensors(inputs.named, specs, 'members')
    case 'row': {
      const [only, ...others] = specs
      // A table of one column may be named otherwise than the only input.
      const together = only !== undefined && others.length === 0 && !inputs.columns.includes(only.name)
      if (together) return new Map([[only.name, tensorOf(inputs.elements, only)]])
      const cells = inputs.columns.map((name, at) => [name, [inputs.elements[at] ?? '']] as const)
      return namedTensors(new Map(cells), specs, 'columns')
    }
    case 'members':
      throw mismatch('the samples have texts or pictures, and the model takes tensors')
  }
}
