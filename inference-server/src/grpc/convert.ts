/** Infer requests and answers between protobuf messages and tensors. */

import { Failure } from '../failures/errors.ts'
import {
  bindInputs,
  checkOutputs,
  type InferDecoding,
  type InferInputs,
  knownDatatype,
  type RawInput,
  shapeOf,
} from '../protocol/binding.ts'
import { checkBinary } from '../requests/answer-size.ts'
import {
  allocate,
  type BytesElement,
  type Datatype,
  type NamedTensors,
  type NumericData,
  type Tensor,
} from '../tensors/tensor.ts'
import { bytesOf, tensorFromBytes } from '../tensors/tensor-binary.ts'
import { wrongElement } from '../tensors/tensor-json.ts'
import { mostLoggedElements } from './exchange.ts'
import type {
  InferInputTensor,
  InferParameter,
  ModelInferRequest,
  ModelInferResponse,
  TensorContents,
} from './messages.ts'

export interface GrpcInfer extends InferInputs {
  readonly id: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** undefined: all outputs. */
  readonly outputs: readonly string[] | undefined
}

const contentsOf: Readonly<Record<Exclude<Datatype, 'FP16'>, keyof TensorContents>> = {
  BOOL: 'bool_contents',
  INT8: 'int_contents',
  INT16: 'int_contents',
  INT32: 'int_contents',
  INT64: 'int64_contents',
  UINT8: 'uint_contents',
  UINT16: 'uint_contents',
  UINT32: 'uint_contents',
  UINT64: 'uint64_contents',
  FP32: 'fp32_contents',
  FP64: 'fp64_contents',
  BYTES: 'bytes_contents',
}

const invalid = (message: string, field: string): Failure => new Failure('invalid', message, { field })

const wrongCount = (name: string, member: string, found: number, wanted: number): Failure =>
  invalid(`input "${name}" has ${found} elements in ${member}, but its shape asks for ${wanted}`, name)

type IntegerDatatype = 'INT8' | 'INT16' | 'UINT8' | 'UINT16'

/** Narrow integers, which messages carry in wider ones. @throws Failure invalid for one that does not fit */
const narrowed = (
  name: string,
  datatype: IntegerDatatype,
  shape: readonly number[],
  values: Int32Array | Uint32Array,
): Tensor => {
  const data = allocate(datatype, values.length) as Exclude<NumericData, BigInt64Array | BigUint64Array>
  data.set(values)
  for (let index = 0; index < values.length; index++)
    if (data[index] !== values[index]) throw wrongElement(name, datatype, index, values[index])
  return { dtype: datatype, shape, data }
}

/**
 * The memory of a tensor goes to a worker, and what was sent stays for the request log, which keeps short lists only: those
 * are copied.
 */
const owned = <Data extends NumericData>(data: Data): Data =>
  data.length <= mostLoggedElements ? (data.slice() as Data) : data

/** Unlike JSON, protobuf carries not-a-number and infinity, and has checked the type of every element. */
const tensorFromContents = (
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  count: number,
  contents: TensorContents,
): Tensor => {
  if (datatype === 'FP16')
    throw invalid(`input "${name}" is FP16, which only raw_input_contents can carry`, name)
  const member = contentsOf[datatype]
  const values = contents[member] ?? (datatype === 'BYTES' ? [] : allocate(datatype, 0))
  if (values.length !== count) throw wrongCount(name, member, values.length, count)
  switch (datatype) {
    case 'BYTES':
      return { dtype: datatype, shape, data: values as readonly BytesElement[] }
    case 'INT8':
    case 'INT16':
    case 'UINT8':
    case 'UINT16':
      return narrowed(name, datatype, shape, values as Int32Array | Uint32Array)
    default:
      return { dtype: datatype, shape, data: owned(values as NumericData) }
  }
}

const rawInput = (input: InferInputTensor, index: number, raws: readonly Buffer[]): RawInput => {
  const { name, contents } = input
  if (!name) throw new Failure('malformed', `inputs[${index}] must have a name`)
  const datatype = knownDatatype(name, input.datatype || undefined)
  const shape = shapeOf(name, input.shape ?? [])
  const raw = raws[index]
  if (raw && contents)
    throw invalid(`input "${name}" has both contents and raw_input_contents; send one`, name)
  return {
    name,
    datatype,
    shape,
    read: (count) =>
      raw
        ? tensorFromBytes(name, datatype, shape, count, raw)
        : tensorFromContents(name, datatype, shape, count, contents ?? {}),
  }
}

/** Parameters as the JSON of the protocol has them. */
export const parametersOf = (
  parameters: Readonly<Record<string, InferParameter>>,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      const { bool_param, int64_param, uint64_param, string_param, double_param } = value
      const whole = int64_param ?? uint64_param
      return [
        name,
        bool_param ?? string_param ?? double_param ?? (whole === undefined ? undefined : Number(whole)),
      ]
    }),
  )

/** @throws Failure malformed or invalid, the latter with the tensor's name */
export const decodeGrpc = (request: ModelInferRequest, decoding: InferDecoding): GrpcInfer => {
  const inputs = request.inputs ?? []
  const raws = request.raw_input_contents ?? []
  if (raws.length > 0 && raws.length !== inputs.length) {
    throw new Failure(
      'malformed',
      `there are ${inputs.length} inputs but ${raws.length} raw_input_contents; send one each`,
    )
  }
  const bound = bindInputs(
    inputs.map((input, index) => rawInput(input, index, raws)),
    decoding,
  )
  const asked = (request.outputs ?? []).map(({ name = '' }) => name)
  if (asked.length > 0) checkOutputs(asked, bound.items, decoding)
  return {
    ...bound,
    id: request.id ?? '',
    parameters: parametersOf(request.parameters ?? {}),
    outputs: asked.length > 0 ? asked : undefined,
  }
}

/** Bytes that an answer holds until it was sent. */
export const answerBytes = ({ raw_output_contents: raws }: ModelInferResponse): number =>
  raws.reduce((sum, { length }) => sum + length, 0)

/** An answer with the request it belongs to. */
export interface GrpcAnswer {
  readonly modelName: string
  readonly modelVersion: string
  readonly request: Pick<GrpcInfer, 'id' | 'outputs'>
  readonly outputs: NamedTensors
}

/** Outputs are in raw contents for every form of request, as Triton answers: its clients read nothing else, and FP16 has no typed contents. */
export const encodeGrpc = ({ modelName, modelVersion, request, outputs }: GrpcAnswer): ModelInferResponse => {
  const tensors = (request.outputs ?? [...outputs.keys()]).map((name) => ({
    name,
    tensor: outputs.get(name) as Tensor,
  }))
  checkBinary(tensors.map(({ tensor }) => tensor))
  return {
    model_name: modelName,
    model_version: modelVersion,
    id: request.id,
    outputs: tensors.map(({ name, tensor: { dtype, shape } }) => ({ name, datatype: dtype, shape })),
    raw_output_contents: tensors.map(({ tensor }) => bytesOf(tensor)),
  }
}
