/**
 * Open Inference Protocol v2 over REST: what an infer request asks for, and what its answer looks like.
 * The only place where requests are validated against the model.
 */
import { isUtf8 } from 'node:buffer'
import { Failure } from './errors.ts'
import {
  type Datatype,
  datatypes,
  elementCount,
  type NamedTensors,
  type Signature,
  type Tensor,
  type TensorSpec,
  textsOf,
} from './tensor.ts'
import { bytesOf, tensorFromBytes } from './tensor-binary.ts'
import { dataToJson, PrecisionLost, parseLossless, tensorFromJson } from './tensor-json.ts'

/** Header that tells the JSON part of a body from the binary part behind it; its value is in bytes. */
export const headerLengthName = 'inference-header-content-length'

export interface RequestedOutput {
  readonly name: string
  readonly binary: boolean
}

export interface InferRequest {
  readonly id: string | undefined
  /** In the order of the model's inputs; of one BYTES input with any name where `items` was allowed. */
  readonly inputs: NamedTensors
  /** True where the only input is a list of texts or files for the task, not a tensor of the model. */
  readonly items: boolean
  /** undefined: all outputs. */
  readonly outputs: readonly RequestedOutput[] | undefined
  /** For all outputs that say nothing themselves. */
  readonly binaryOutput: boolean
}

export interface InferBody {
  readonly content: string | Buffer
  /** Bytes of JSON before the binary part; undefined where there is no binary part. */
  readonly headerLength: number | undefined
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const malformed = (message: string, field?: string): Failure =>
  new Failure('malformed', message, field === undefined ? {} : { field })
const invalid = (message: string, field: string): Failure => new Failure('invalid', message, { field })

/** JSON text of a request body. @throws Failure malformed */
export const parseJson = (body: Buffer): unknown => {
  if (!isUtf8(body)) throw malformed('the body is not UTF-8; encode the JSON as UTF-8')
  const text = body.toString()
  try {
    return JSON.parse(text)
  } catch (error) {
    throw malformed(`the body is not JSON: ${(error as Error).message}`)
  }
}

interface RawInput {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
  readonly data: unknown
  /** Its part of the binary section, instead of `data`. */
  readonly raw: Buffer | undefined
}

const shapeOf = (name: string, shape: unknown): readonly number[] => {
  if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw invalid(`shape of input "${name}" must be a list of whole numbers from 0`, name)
  }
  return shape
}

const parametersOf = (holder: Json, what: string): Json => {
  const { parameters = {} } = holder as { parameters?: unknown }
  if (!isObject(parameters)) throw malformed(`parameters of ${what} must be an object`)
  return parameters
}

const binarySize = (name: string, parameters: Json): number | undefined => {
  const size = parameters['binary_data_size']
  if (size === undefined) return undefined
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size
  throw invalid(`binary_data_size of input "${name}" must be a number of bytes`, name)
}

/** Hands out the binary section in the order of the inputs. */
const binarySection = (binary: Buffer) => {
  let offset = 0
  return {
    next: (name: string, size: number): Buffer => {
      if (offset + size > binary.length) {
        throw invalid(
          `input "${name}" announces ${size} bytes of binary data, but only ${binary.length - offset} are left in the body`,
          name,
        )
      }
      offset += size
      return binary.subarray(offset - size, offset)
    },
    left: (): number => binary.length - offset,
  }
}

const rawInput = (input: unknown, index: number, section: ReturnType<typeof binarySection>): RawInput => {
  if (!isObject(input)) throw malformed(`inputs[${index}] must be an object`)
  const { name, datatype, data } = input as { name?: unknown; datatype?: unknown; data?: unknown }
  if (typeof name !== 'string') throw malformed(`inputs[${index}] must have a name`)
  if (!datatypes.includes(datatype as Datatype)) {
    const found = datatype === undefined ? 'has no datatype' : `has datatype ${JSON.stringify(datatype)}`
    throw invalid(`input "${name}" ${found}; use one of ${datatypes.join(', ')}`, name)
  }
  const parameters = parametersOf(input, `input "${name}"`)
  if ('shared_memory_region' in parameters) {
    throw invalid(`input "${name}" is in shared memory, which this server does not read; send its data`, name)
  }
  const size = binarySize(name, parameters)
  if (size === undefined && data === undefined) throw invalid(`input "${name}" has no data`, name)
  if (size !== undefined && data !== undefined) {
    throw invalid(`input "${name}" has both data and binary_data_size; send one of them`, name)
  }
  return {
    name,
    datatype: datatype as Datatype,
    shape: shapeOf(name, input['shape']),
    data,
    raw: size === undefined ? undefined : section.next(name, size),
  }
}

const tensorOf = ({ name, datatype, shape, data, raw }: RawInput): Tensor => {
  const count = elementCount(shape)
  return raw
    ? tensorFromBytes(name, datatype, shape, count, raw)
    : tensorFromJson(name, datatype, shape, count, data)
}

/** onnxruntime takes texts, and would cut them at a NUL without a word. */
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
export const checkTensor = (spec: TensorSpec, datatype: Datatype, shape: readonly number[]): void => {
  const { name } = spec
  if (datatype !== spec.datatype) {
    throw invalid(`input "${name}" has datatype ${datatype}, but the model takes ${spec.datatype}`, name)
  }
  const fits =
    shape.length === spec.shape.length &&
    spec.shape.every((length, axis) => length === -1 || length === shape[axis])
  if (!fits) {
    const wanted = shapeText(spec.shape)
    throw invalid(
      `input "${name}" has shape ${shapeText(shape)}, but the model takes ${wanted} (-1 is any length)`,
      name,
    )
  }
}

/** @throws Failure invalid for inputs that are missing, unknown or there twice */
export const checkNames = (specs: readonly TensorSpec[], names: readonly string[]): void => {
  const known = specs.map((spec) => spec.name)
  const list = known.map((name) => `"${name}"`).join(', ')
  const seen = new Set<string>()
  for (const name of names) {
    if (!known.includes(name)) throw invalid(`the model has no input "${name}"; it takes ${list}`, name)
    if (seen.has(name)) throw invalid(`input "${name}" is there twice`, name)
    seen.add(name)
  }
  for (const name of known)
    if (!seen.has(name)) throw invalid(`input "${name}" is missing; the model takes ${list}`, name)
}

/** Tensors of the model, in its order, whatever the order of the request. */
const modelInputs = (specs: readonly TensorSpec[], raws: readonly RawInput[]): NamedTensors => {
  const [raw] = raws
  if (raws.length !== 1 || specs.length !== 1 || raw?.name !== specs[0]?.name) {
    checkNames(
      specs,
      raws.map(({ name }) => name),
    )
  }
  const inputs: Record<string, Tensor> = {}
  for (const spec of specs) {
    const found = raws.find(({ name }) => name === spec.name) as RawInput
    checkTensor(spec, found.datatype, found.shape)
    const tensor = tensorOf(found)
    inputs[spec.name] = tensor.dtype === 'BYTES' ? asTexts(spec.name, tensor) : tensor
  }
  return inputs
}

/** Whether a request's only input is a list of texts or files, for a task to read. */
export const isItems = (
  signature: Signature,
  inputs: readonly { readonly datatype: string; readonly name: string }[],
): boolean => {
  const [only] = inputs
  return (
    inputs.length === 1 &&
    only?.datatype === 'BYTES' &&
    !signature.inputs.some(({ name, datatype }) => name === only.name && datatype === 'BYTES')
  )
}

/** @throws Failure invalid unless the shape is [n] or [n, 1] */
export const checkItems = (name: string, shape: readonly number[]): void => {
  const [count = 0, width = 1] = shape
  if (shape.length > 0 && shape.length <= 2 && width === 1 && count > 0) return
  throw invalid(
    `input "${name}" has shape ${shapeText(shape)}; a list of items has shape [n] or [n, 1]`,
    name,
  )
}

const requestedOutputs = (
  value: unknown,
  known: readonly string[] | undefined,
  binaryOutput: boolean,
): readonly RequestedOutput[] | undefined => {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw malformed('outputs must be a list')
  if (value.length === 0) return undefined
  return value.map((output: unknown, index) => {
    if (!isObject(output) || typeof output['name'] !== 'string') {
      throw malformed(`outputs[${index}] must be an object with a name`)
    }
    const { name } = output as { name: string }
    if (known && !known.includes(name)) {
      throw invalid(
        `the model has no output "${name}"; it gives ${known.map((one) => `"${one}"`).join(', ')}`,
        name,
      )
    }
    const parameters = parametersOf(output, `output "${name}"`)
    for (const unsupported of ['classification', 'shared_memory_region']) {
      if (unsupported in parameters) throw invalid(`output "${name}": ${unsupported} is not supported`, name)
    }
    return {
      name,
      binary: parameters['binary_data'] === undefined ? binaryOutput : parameters['binary_data'] === true,
    }
  })
}

export interface InferDecoding {
  readonly signature: Signature
  /** Names of the outputs that a task gives for a list of items; undefined where the model takes tensors only. */
  readonly itemOutputs: readonly string[] | undefined
}

const interpret = (
  value: unknown,
  binary: Buffer,
  { signature, itemOutputs }: InferDecoding,
): InferRequest => {
  if (!isObject(value)) throw malformed('the body must be a JSON object with a list "inputs"')
  const { id, inputs, outputs } = value as { id?: unknown; inputs?: unknown; outputs?: unknown }
  if (id !== undefined && typeof id !== 'string') throw malformed('id must be a string', 'id')
  if (!Array.isArray(inputs)) throw malformed('the body must have a list "inputs"', 'inputs')
  const section = binarySection(binary)
  const raws = inputs.map((input, index) => rawInput(input, index, section))
  if (section.left() > 0) {
    throw malformed(`${section.left()} bytes of binary data belong to no input; set binary_data_size of each`)
  }
  const binaryOutput = parametersOf(value, 'the request')['binary_data_output'] === true
  const items = itemOutputs !== undefined && isItems(signature, raws)
  const known = items ? itemOutputs : signature.outputs.map(({ name }) => name)
  const asked = requestedOutputs(outputs, known, binaryOutput)
  if (!items) return { id, inputs: modelInputs(signature.inputs, raws), items, outputs: asked, binaryOutput }
  const [only] = raws as [RawInput]
  checkItems(only.name, only.shape)
  return { id, inputs: { items: tensorOf(only) }, items, outputs: asked, binaryOutput }
}

/**
 * Reads an infer request.
 * @param body the whole body
 * @param headerLength value of Inference-Header-Content-Length, in bytes; undefined where the body is JSON only
 * @throws Failure malformed or invalid, the latter with the tensor's name
 */
export const decodeInfer = (
  body: Buffer,
  headerLength: number | undefined,
  decoding: InferDecoding,
): InferRequest => {
  if (headerLength !== undefined && headerLength > body.length) {
    throw malformed(
      `Inference-Header-Content-Length is ${headerLength}, but the body has ${body.length} bytes`,
    )
  }
  const json = headerLength === undefined ? body : body.subarray(0, headerLength)
  const binary = headerLength === undefined ? Buffer.alloc(0) : body.subarray(headerLength)
  const value = parseJson(json)
  try {
    return interpret(value, binary, decoding)
  } catch (error) {
    if (!(error instanceof PrecisionLost)) throw error
    return interpret(parseLossless(json.toString()), binary, decoding)
  }
}

/** Whose answer it is. */
export interface InferAnswer {
  readonly modelName: string
  readonly modelVersion: string
  readonly request: Pick<InferRequest, 'id' | 'outputs' | 'binaryOutput'>
  readonly outputs: NamedTensors
}

const outputHead = (name: string, tensor: Tensor): string =>
  `{"name":${JSON.stringify(name)},"datatype":"${tensor.dtype}","shape":[${tensor.shape.join(',')}]`

/**
 * Writes an infer answer: JSON, with the binary section behind it where outputs were asked for in binary.
 * @throws Failure inference-failed where an output cannot be written as JSON
 */
export const encodeInfer = ({ modelName, modelVersion, request, outputs }: InferAnswer): InferBody => {
  const { id, binaryOutput } = request
  const asked = request.outputs ?? Object.keys(outputs).map((name) => ({ name, binary: binaryOutput }))
  const blobs: Buffer[] = []
  const parts = asked.map(({ name, binary }) => {
    const tensor = outputs[name] as Tensor
    if (!binary) return `${outputHead(name, tensor)},"data":${dataToJson(tensor)}}`
    const blob = bytesOf(tensor)
    blobs.push(blob)
    return `${outputHead(name, tensor)},"parameters":{"binary_data_size":${blob.length}}}`
  })
  const idPart = id === undefined ? '' : `"id":${JSON.stringify(id)},`
  const json = `{"model_name":${JSON.stringify(modelName)},"model_version":${JSON.stringify(modelVersion)},${idPart}"outputs":[${parts.join(',')}]}`
  if (!asked.some(({ binary }) => binary)) return { content: json, headerLength: undefined }
  const header = Buffer.from(json)
  return { content: Buffer.concat([header, ...blobs]), headerLength: header.length }
}
