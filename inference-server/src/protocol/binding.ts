/** Fits the inputs of a request of any protocol to what the model takes: the only validation against it. */
import { Failure, quoted } from '../failures/errors.ts'
import { axisSum } from '../onnx/axis-name.ts'
import {
  type Datatype,
  datatypes,
  elementCount,
  type NamedTensors,
  type Signature,
  type Tensor,
  type TensorSpec,
  textsOf,
} from '../tensors/tensor.ts'

export interface InferInputs {
  /** Inputs in the order of the model; the task's fields and lists, all BYTES, where `items` is true. */
  readonly inputs: NamedTensors
  /** True where the inputs are texts or files for the task, not tensors of the model. */
  readonly items: boolean
}

/** Names of a task's inputs and outputs. */
export interface ItemNames {
  /** BYTES [n] or [n, 1], one element per item, the main one first. */
  readonly fields: readonly string[]
  /** BYTES [k], for all items. */
  readonly lists: readonly string[]
  readonly outputs: readonly Pick<TensorSpec, 'name'>[]
}

/** Most rows that one request makes for the model; an item makes one or more. */
export const maxRequestRows = 4096

const invalid = (message: string, field: string): Failure => new Failure('invalid', message, { field })

/** An input as it came: its tensor is read once name, datatype and shape are known to be right. */
export interface RawInput {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
  /** @param count number of elements that `shape` asks for @throws Failure invalid */
  readonly read: (count: number) => Tensor
}

/** @throws Failure invalid */
export const knownDatatype = (name: string, datatype: unknown): Datatype => {
  if (datatypes.includes(datatype as Datatype)) return datatype as Datatype
  const found = datatype === undefined ? 'has no datatype' : `has datatype ${JSON.stringify(datatype)}`
  throw invalid(`input "${name}" ${found}; use one of ${datatypes.join(', ')}`, name)
}

/** @throws Failure invalid */
export const shapeOf = (name: string, shape: unknown): readonly number[] => {
  if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw invalid(`shape of input "${name}" must be a list of whole numbers from 0`, name)
  }
  return shape
}

/** onnxruntime cuts texts at a NUL silently, so a text with one is refused. */
const asTexts = (name: string, tensor: Tensor): Tensor => {
  let texts: readonly string[]
  try {
    texts = textsOf(tensor)
  } catch {
    throw invalid(`input "${name}" has an element that is not UTF-8, which the model cannot take`, name)
  }
  const cut = texts.findIndex((text) => text.includes('\0'))
  if (cut < 0) return { ...tensor, data: texts }
  throw invalid(`element ${cut} of input "${name}" holds the character U+0000; remove it`, name)
}

const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** @throws Failure invalid where a tensor is not what the model takes */
const checkTensor = (spec: TensorSpec, datatype: Datatype, shape: readonly number[]): void => {
  const { name } = spec
  if (datatype !== spec.datatype) {
    throw invalid(`input "${name}" has datatype ${datatype}, but the model takes ${spec.datatype}`, name)
  }
  const fits =
    spec.anyRank ||
    (shape.length === spec.shape.length &&
      spec.shape.every((length, axis) => length === -1 || length === shape[axis]))
  if (!fits) {
    const wanted = shapeText(spec.shape)
    throw invalid(
      `input "${name}" has shape ${shapeText(shape)}, but the model takes ${wanted} (-1 is any length)`,
      name,
    )
  }
}

/** Most rows of an input without elements: they cost the caller nothing, but a model may compute something for each. */
const mostEmptyRows = maxRequestRows
/** Its other axes together, such as heads and width of a cache that is still empty. */
const mostEmptyWidth = 2 ** 20

/** @throws Failure */
const checkEmpty = (name: string, shape: readonly number[]): void => {
  const [rows = 1, ...others] = shape
  const width = others.reduce((product, length) => product * (length || 1), 1)
  if (rows <= mostEmptyRows && width <= mostEmptyWidth) return
  throw new Failure(
    'too-large',
    `input "${name}" has shape ${shapeText(shape)} and no elements; such an input may have ${mostEmptyRows} rows of ${mostEmptyWidth} at most`,
    { field: name },
  )
}

const itemNames = (items: ItemNames | undefined): readonly string[] =>
  items ? [...items.fields, ...items.lists] : []

/** Why the model has no such input. */
const unknownInput = (
  { name, datatype }: RawInput,
  known: readonly string[],
  items: ItemNames | undefined,
): Failure => {
  if (!items) return invalid(`the model has no input "${name}"; it takes ${quoted(known)}`, name)
  const own = quoted(itemNames(items))
  if (!itemNames(items).includes(name)) {
    const message = `there is no input "${name}"; the task takes ${own} as BYTES, the model itself ${quoted(known)}`
    return invalid(message, name)
  }
  if (datatype !== 'BYTES')
    return invalid(`input "${name}" has datatype ${datatype}, but the task takes BYTES`, name)
  return invalid(`input "${name}" is the task's; send the inputs of the task or those of the model`, name)
}

/** @throws Failure invalid for inputs that are missing, unknown or there twice */
const checkNames = (
  specs: readonly TensorSpec[],
  raws: readonly RawInput[],
  items: ItemNames | undefined,
): void => {
  const known = specs.map((spec) => spec.name)
  const list = quoted(known)
  const unknownInputs = raws.filter(({ name }) => !known.includes(name))
  const reported = unknownInputs.find(({ name }) => !itemNames(items).includes(name)) ?? unknownInputs[0]
  if (reported) throw unknownInput(reported, known, items)
  const seen = new Set<string>()
  for (const { name } of raws) {
    if (seen.has(name)) throw invalid(`input "${name}" is there twice`, name)
    seen.add(name)
  }
  for (const name of known)
    if (!seen.has(name)) throw invalid(`input "${name}" is missing; the model takes ${list}`, name)
}

/** Checks that axes of the same name have one length; onnxruntime does not, and fails somewhere in the graph. @throws Failure invalid */
const checkSymbols = (specs: readonly TensorSpec[], inputs: NamedTensors): void => {
  const known = new Map<string, { readonly name: string; readonly length: number }>()
  for (const { name, symbols } of specs) {
    const { shape } = inputs.get(name) as Tensor
    for (const [axis, symbol] of symbols.entries()) {
      if (symbol === '') continue
      const length = shape[axis] as number
      const other = known.get(symbol)
      if (other && other.length !== length) {
        throw invalid(
          `axis ${axis} of input "${name}" is ${length} long, but that of input "${other.name}" is ${other.length}; the model calls both "${symbol}" and takes one length`,
          name,
        )
      }
      known.set(symbol, { name, length })
    }
  }
  if (specs.every(({ shape }) => shape[0] === -1)) checkSums(known)
}

/**
 * The mask of a decoder is as long as past and new tokens together, and its axis is named so. Requests are joined on the
 * strength of that: some graphs read the mask of the next row where it is shorter. Graphs with a switch of one row
 * (`use_cache_branch`) are fed masks without the past, and their requests are not joined.
 */
const checkSums = (known: ReadonlyMap<string, { readonly name: string; readonly length: number }>): void => {
  for (const [symbol, { name, length }] of known) {
    const sum = axisSum(symbol)
    if (!sum?.names.every((addend) => known.has(addend))) continue
    const wanted = sum.names.reduce((total, addend) => total + (known.get(addend)?.length ?? 0), sum.entries)
    if (length !== wanted)
      throw invalid(
        `input "${name}" has an axis of length ${length}, but the model calls it "${symbol}", which is ${wanted} here`,
        name,
      )
  }
}

/** Tensors in the order of the model, for any order of the request. */
const modelInputs = (
  specs: readonly TensorSpec[],
  raws: readonly RawInput[],
  items: ItemNames | undefined,
): NamedTensors => {
  const [raw] = raws
  if (raws.length !== 1 || specs.length !== 1 || raw?.name !== specs[0]?.name) checkNames(specs, raws, items)
  const inputs = new Map<string, Tensor>()
  for (const spec of specs) {
    const found = raws.find(({ name }) => name === spec.name) as RawInput
    checkTensor(spec, found.datatype, found.shape)
    const count = elementCount(found.shape)
    if (count === 0) checkEmpty(found.name, found.shape)
    const tensor = found.read(count)
    inputs.set(spec.name, tensor.dtype === 'BYTES' ? asTexts(spec.name, tensor) : tensor)
  }
  if (specs.length > 1 || specs[0]?.symbols.slice(1).some((symbol) => symbol !== ''))
    checkSymbols(specs, inputs)
  return inputs
}

/** Whether a request's inputs are texts or files for the task to read: BYTES called as it calls them, and no inputs of the model. */
const isItems = ({ inputs }: Signature, items: ItemNames, raws: readonly RawInput[]): boolean => {
  const known = itemNames(items)
  return (
    raws.length > 0 &&
    raws.every(({ name, datatype }) => datatype === 'BYTES' && known.includes(name)) &&
    !raws.some((raw) => inputs.some(({ name, datatype }) => name === raw.name && datatype === 'BYTES'))
  )
}

/** @throws Failure invalid unless the shape is [n] or [n, 1], too-large beyond the rows of one request */
const checkItems = (name: string, shape: readonly number[]): void => {
  const [count = 0, width = 1] = shape
  if (count > maxRequestRows)
    throw new Failure(
      'too-large',
      `input "${name}" has ${count} items, but at most ${maxRequestRows} are read; send them in several requests`,
      { field: name },
    )
  if (shape.length > 0 && shape.length <= 2 && width === 1 && count > 0) return
  throw invalid(
    `input "${name}" has shape ${shapeText(shape)}; a list of items has shape [n] or [n, 1]`,
    name,
  )
}

/** @throws Failure invalid for inputs that are there twice, missing, or not as many as the items */
const itemInputs = ({ fields }: ItemNames, raws: readonly RawInput[]): NamedTensors => {
  const [main = ''] = fields
  const inputs = new Map<string, Tensor>()
  for (const raw of raws) {
    const { name } = raw
    if (inputs.has(name)) throw invalid(`input "${name}" is there twice`, name)
    checkItems(name, raw.shape)
    inputs.set(name, raw.read(elementCount(raw.shape)))
  }
  const lengthOf = (name: string): number | undefined => inputs.get(name)?.data.length
  const items = lengthOf(main)
  if (items === undefined) throw invalid(`input "${main}" is missing`, main)
  const uneven = fields.find((name) => (lengthOf(name) ?? items) !== items)
  if (uneven === undefined) return inputs
  throw invalid(
    `input "${uneven}" has ${lengthOf(uneven)} elements, but "${main}" has ${items}; send one for each`,
    uneven,
  )
}

export interface InferDecoding {
  readonly signature: Signature
  /** How the model's task takes items; undefined where the model takes tensors only. */
  readonly items: ItemNames | undefined
}

/**
 * The inputs of a request as the model or its task takes them.
 * @throws Failure invalid, naming the tensor
 */
export const bindInputs = (raws: readonly RawInput[], { signature, items }: InferDecoding): InferInputs =>
  items && isItems(signature, items, raws)
    ? { inputs: itemInputs(items, raws), items: true }
    : { inputs: modelInputs(signature.inputs, raws, items), items: false }

/** @throws Failure invalid for an output that is not there, or that is named again: its bytes would come as often */
export const checkOutputs = (
  names: readonly string[],
  isItem: boolean,
  { signature, items }: InferDecoding,
): void => {
  const known = ((isItem && items?.outputs) || signature.outputs).map((output) => output.name)
  const seen = new Set<string>()
  for (const [index, name] of names.entries()) {
    if (!known.includes(name))
      throw invalid(`the model has no output "${name}"; it gives ${quoted(known)}`, name)
    if (seen.has(name)) {
      const field = `outputs[${index}].name`
      throw invalid(`${field} is "${name}", which the request names before; name each output once`, field)
    }
    seen.add(name)
  }
}
