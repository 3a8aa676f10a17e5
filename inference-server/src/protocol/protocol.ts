/** Open Inference Protocol v2 over REST: what the body of an infer request asks for, and what its answer looks like. */
import { isUtf8 } from 'node:buffer'
import { Failure } from '../failures/errors.ts'
import { checkBounds } from '../json/json-bounds.ts'
import { isObject, type JsonObject, parseJsonText, withoutNulls } from '../json/json-object.ts'
import { parseWorded, withNumbers, wordsIn } from '../json/json-words.ts'
import type { NamedTensors, Tensor } from '../tensors/tensor.ts'
import { bytesOf, tensorFromBytes } from '../tensors/tensor-binary.ts'
import { dataToJson, PrecisionLost, parseLossless, tensorFromJson } from '../tensors/tensor-json.ts'
import {
  bindInputs,
  checkOutputs,
  type InferDecoding,
  type InferInputs,
  knownDatatype,
  type RawInput,
  shapeOf,
} from './binding.ts'
import { parseSparse } from './sparse-json.ts'

/** Header that tells the JSON part of a body from the binary part behind it; its value is in bytes. */
export const headerLengthName = 'inference-header-content-length'

interface RequestedOutput {
  readonly name: string
  readonly binary: boolean
}

export interface InferRequest extends InferInputs {
  readonly id: string | undefined
  readonly parameters: JsonObject
  /** undefined: all outputs. */
  readonly outputs: readonly RequestedOutput[] | undefined
  /** Default for all outputs without `binary_data` of their own. */
  readonly binaryOutput: boolean
}

export interface InferBody {
  readonly content: string | Buffer
  /** Bytes of JSON before the binary part; undefined where there is no binary part. */
  readonly headerLength: number | undefined
}

const malformed = (message: string, field?: string): Failure =>
  new Failure('malformed', message, field === undefined ? {} : { field })
const invalid = (message: string, field: string): Failure => new Failure('invalid', message, { field })

/** JSON.parse takes microseconds for each number where it has to say how it was written; 0.3 s. */
const mostWideNumbers = 200_000

/** JSON text of a request body. @throws Failure malformed, too-large */
export const parseJson = (body: Buffer): unknown => {
  checkBounds(body)
  if (!isUtf8(body)) throw malformed('the body is not UTF-8; encode the JSON as UTF-8')
  const text = body.toString()
  try {
    return parseJsonText(text)
  } catch (cause) {
    throw new Failure('malformed', `the body is not JSON: ${(cause as Error).message}`, { cause })
  }
}

const parametersOf = (holder: JsonObject, what: string): JsonObject => {
  const { parameters = {} } = holder as { parameters?: unknown }
  if (!isObject(parameters)) throw malformed(`parameters of ${what} must be an object`)
  return withoutNulls(parameters)
}

const binarySize = (name: string, parameters: JsonObject): number | undefined => {
  const size = parameters['binary_data_size']
  if (size === undefined) return undefined
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size
  throw invalid(`binary_data_size of input "${name}" must be a number of bytes`, name)
}

const noBytes = Buffer.alloc(0)

/** Gives each input its part of the binary section, in order. */
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

/** Sources of the elements of tensors. */
interface Contents {
  readonly section: ReturnType<typeof binarySection>
  readonly fromJson: typeof tensorFromJson
}

const rawInput = (value: unknown, index: number, { section, fromJson }: Contents): RawInput => {
  if (!isObject(value)) throw malformed(`inputs[${index}] must be an object`)
  const input = withoutNulls(value)
  const { name, datatype, data } = input as { name?: unknown; datatype?: unknown; data?: unknown }
  if (typeof name !== 'string') throw malformed(`inputs[${index}] must have a name`)
  const known = knownDatatype(name, datatype)
  const parameters = parametersOf(input, `input "${name}"`)
  if ('shared_memory_region' in parameters) {
    throw invalid(`input "${name}" is in shared memory, which this server does not read; send its data`, name)
  }
  const size = binarySize(name, parameters)
  if (size === undefined && data === undefined) throw invalid(`input "${name}" has no data`, name)
  if (size !== undefined && data !== undefined) {
    throw invalid(`input "${name}" has both data and binary_data_size; send one of them`, name)
  }
  const shape = shapeOf(name, input['shape'])
  const raw = size === undefined ? undefined : section.next(name, size)
  return {
    name,
    datatype: known,
    shape,
    read: (count) =>
      raw ? tensorFromBytes(name, known, shape, count, raw) : fromJson(name, known, shape, count, data),
  }
}

const requestedOutputs = (
  value: unknown,
  check: (names: readonly string[]) => void,
  binaryOutput: boolean,
): readonly RequestedOutput[] | undefined => {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw malformed('outputs must be a list')
  if (value.length === 0) return undefined
  const asked = value.map((one: unknown, index) => {
    const output = isObject(one) ? withoutNulls(one) : {}
    if (typeof output['name'] === 'string') return output as JsonObject & { readonly name: string }
    throw malformed(`outputs[${index}] must be an object with a name`)
  })
  check(asked.map(({ name }) => name))
  return asked.map((output) => {
    const { name } = output
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

const interpret = (
  body: unknown,
  binary: Buffer,
  decoding: InferDecoding,
  fromJson = tensorFromJson,
): InferRequest => {
  if (!isObject(body)) throw malformed('the body must be a JSON object with a list "inputs"')
  const value = withoutNulls(body)
  const { id, inputs, outputs } = value as { id?: unknown; inputs?: unknown; outputs?: unknown }
  if (id !== undefined && typeof id !== 'string') throw malformed('id must be a string', 'id')
  if (!Array.isArray(inputs)) throw malformed('the body must have a list "inputs"', 'inputs')
  const section = binarySection(binary)
  const raws = inputs.map((input, index) => rawInput(input, index, { section, fromJson }))
  if (section.left() > 0) {
    throw malformed(`${section.left()} bytes of binary data belong to no input; set binary_data_size of each`)
  }
  const parameters = parametersOf(value, 'the request')
  const binaryOutput = parameters['binary_data_output'] === true
  const bound = bindInputs(raws, decoding)
  const asked = requestedOutputs(outputs, (names) => checkOutputs(names, bound.items, decoding), binaryOutput)
  return { id, parameters, ...bound, outputs: asked, binaryOutput }
}

/** undefined, or what seems to be wrong, where the body has to be looked at as a whole. */
const interpretSparse = (
  json: Buffer,
  binary: Buffer,
  decoding: InferDecoding,
): InferRequest | Failure | undefined => {
  try {
    const sparse = parseSparse(json)
    const request = sparse && interpret(sparse.value, binary, decoding, sparse.tensor)
    return sparse?.isRead() ? request : undefined
  } catch (error) {
    return error instanceof Failure ? error : undefined
  }
}

/** The body, and how many words stand in it for numbers that JSON does not have. */
interface Whole {
  readonly value: unknown
  /** The text that JSON.parse reads. */
  readonly text: () => string
  readonly words: number
  /** What would be wrong with it, were there words anywhere else than in tensors. */
  readonly failure?: Failure
}

/** A body that is too large to be looked at as a whole is refused for what is known to be wrong with it. @throws Failure */
const parseWhole = (json: Buffer, seeming: Failure | undefined): Whole => {
  try {
    return { value: parseJson(json), text: () => json.toString(), words: 0 }
  } catch (error) {
    const failure = error as Failure
    if (failure.kind === 'too-large') throw seeming ?? failure
    const worded = failure.cause instanceof SyntaxError ? parseWorded(json) : undefined
    if (!worded) throw failure
    return { ...worded, text: () => worded.text, failure }
  }
}

/** @throws Failure, PrecisionLost */
const interpretWhole = (
  value: unknown,
  { words, failure }: Whole,
  binary: Buffer,
  decoding: InferDecoding,
): InferRequest => {
  let seen = 0
  const fromJson: typeof tensorFromJson = (name, datatype, shape, count, data) => {
    seen += wordsIn(data)
    const isFloating = datatype === 'FP16' || datatype === 'FP32' || datatype === 'FP64'
    return tensorFromJson(name, datatype, shape, count, isFloating ? data : withNumbers(data))
  }
  const request = interpret(value, binary, decoding, words === 0 ? tensorFromJson : fromJson)
  if (failure && seen < words) throw failure
  return request
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
  const binary = headerLength === undefined ? noBytes : body.subarray(headerLength)
  const short = interpretSparse(json, binary, decoding)
  if (short && !(short instanceof Failure)) return short
  const whole = parseWhole(json, short)
  try {
    return interpretWhole(whole.value, whole, binary, decoding)
  } catch (error) {
    if (!(error instanceof PrecisionLost)) throw error
    checkBounds(json, mostWideNumbers)
    return interpretWhole(parseLossless(whole.text()), whole, binary, decoding)
  }
}

/** An answer with the request it belongs to. */
export interface InferAnswer {
  readonly modelName: string
  readonly modelVersion: string
  readonly request: Pick<InferRequest, 'id' | 'outputs' | 'binaryOutput'>
  readonly outputs: NamedTensors
}

export const outputHead = (name: string, tensor: Tensor): string =>
  `{"name":${JSON.stringify(name)},"datatype":"${tensor.dtype}","shape":[${tensor.shape.join(',')}]`

/** The outputs that an answer holds, in its order. */
export const askedOutputs = ({ request, outputs }: InferAnswer): readonly RequestedOutput[] =>
  request.outputs ?? Array.from(outputs.keys(), (name) => ({ name, binary: request.binaryOutput }))

/** All of the JSON before the first output. */
export const answerHead = ({ modelName, modelVersion, request: { id } }: InferAnswer): string => {
  const idPart = id === undefined ? '' : `"id":${JSON.stringify(id)},`
  return `{"model_name":${JSON.stringify(modelName)},"model_version":${JSON.stringify(modelVersion)},${idPart}"outputs":[`
}

/**
 * Writes an infer answer: JSON, with the binary section behind it where outputs were asked for in binary.
 * @throws Failure inference-failed where an output cannot be written as JSON
 */
export const encodeInfer = (answer: InferAnswer): InferBody => {
  const asked = askedOutputs(answer)
  const blobs: Buffer[] = []
  const parts = asked.map(({ name, binary }) => {
    const tensor = answer.outputs.get(name) as Tensor
    if (!binary) return `${outputHead(name, tensor)},"data":${dataToJson(tensor)}}`
    const blob = bytesOf(tensor)
    blobs.push(blob)
    return `${outputHead(name, tensor)},"parameters":{"binary_data_size":${blob.length}}}`
  })
  const json = `${answerHead(answer)}${parts.join(',')}]}`
  if (!asked.some(({ binary }) => binary)) return { content: json, headerLength: undefined }
  const header = Buffer.from(json)
  return { content: Buffer.concat([header, ...blobs]), headerLength: header.length }
}
