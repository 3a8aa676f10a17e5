/** What a gRPC call carries with it beside its message: key, trace, language, and its line in the request log. */
import { isUtf8 } from 'node:buffer'
import { Metadata } from '@grpc/grpc-js'
import type { Entry } from '../request-log/entry.ts'
import { type Trace, traceparent } from '../requests/traceparent.ts'
import type { ApiKeys } from '../security/api-keys.ts'
import type { NamedTensors, Tensor } from '../tensors/tensor.ts'
import { dataToJson } from '../tensors/tensor-json.ts'
import type {
  InferInputTensor,
  InferOutputTensor,
  ModelInferRequest,
  ModelInferResponse,
  TensorContents,
} from './messages.ts'

export const headerOf = (metadata: Metadata, name: string): string | undefined => {
  const [value] = metadata.get(name)
  return typeof value === 'string' ? value : undefined
}

/** @returns the name of the key @throws Failure unauthenticated */
export const admitCall = (metadata: Metadata, apiKeys: ApiKeys | undefined): string | undefined =>
  apiKeys?.admit(headerOf(metadata, 'authorization'), headerOf(metadata, 'x-api-key'))

export const answerMetadata = (trace: Trace): Metadata => {
  const metadata = new Metadata()
  metadata.set('traceparent', traceparent(trace))
  return metadata
}

/** More elements of one tensor are not kept: the log is no copy of the traffic. */
export const mostLoggedElements = 4096

const texts = (elements: readonly Uint8Array[]): readonly string[] =>
  elements.map((element) => Buffer.from(element).toString())

/** Elements as JSON carries them; undefined for raw contents, which only their datatype makes sense of. */
const dataOf = (contents: TensorContents | undefined): unknown => {
  const [[member, found] = []] = Object.entries(contents ?? {}).filter(([, { length }]) => length > 0)
  if (!found || found.length > mostLoggedElements) return undefined
  if (member === 'bytes_contents') return texts(found)
  if (member === 'bool_contents') return Array.from(found, Boolean)
  return Array.from(found, (value) => (typeof value === 'bigint' ? String(value) : value))
}

const loggedInputs = (tensors: readonly InferInputTensor[] | undefined): readonly unknown[] =>
  (tensors ?? []).map(({ name, datatype, shape, contents }) => ({
    name,
    datatype,
    shape: shape?.map(String),
    data: dataOf(contents),
  }))

/** An output as the request log has it: from its tensor, since the answer itself holds raw bytes. */
const loggedOutput = ({ name, datatype, shape }: InferOutputTensor, tensor: Tensor | undefined): string => {
  const head = JSON.stringify({ name, datatype, shape })
  const isKept = tensor && tensor.data.length <= mostLoggedElements && isText(tensor)
  return isKept ? `${head.slice(0, -1)},"data":${dataToJson(tensor)}}` : head
}

const isText = ({ data }: Tensor): boolean =>
  !Array.isArray(data) || data.every((element) => typeof element === 'string' || isUtf8(element))

const encoded = (json: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(json)

/** Request and answer in the words of the REST protocol, so that one log is read in one way. */
export const contentsOf = (
  request: ModelInferRequest,
  answer: { readonly whole: ModelInferResponse; readonly outputs: NamedTensors } | undefined,
): Pick<Entry, 'request' | 'response'> => ({
  request: encoded(JSON.stringify({ id: request.id || undefined, inputs: loggedInputs(request.inputs) })),
  response:
    answer &&
    encoded(
      `{"outputs":[${answer.whole.outputs.map((output) => loggedOutput(output, answer.outputs.get(output.name))).join(',')}]}`,
    ),
})
