/** gRPC below its library: messages as they lie in HTTP/2, of any form and in any part. */
import { once } from 'node:events'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { fileURLToPath } from 'node:url'
import { loadPackageDefinition, type ServiceClientConstructor, status } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

export { status }

const file = fileURLToPath(new URL('../grpc/open_inference.proto', import.meta.url))
const general = { keepCase: true, longs: String, enums: String, defaults: false, oneofs: true }
const { inference } = loadPackageDefinition(loadSync(file, general)) as never as {
  readonly inference: { readonly GRPCInferenceService: ServiceClientConstructor }
}
const { ModelInfer } = inference.GRPCInferenceService.service

/** A ModelInferRequest as every client encodes it. */
export const encodeInfer = ModelInfer?.requestSerialize as (message: object) => Buffer

/** A ModelInferRequest as a general reader of protobuf gives it. */
export const decodeByLibrary = ModelInfer?.requestDeserialize as (message: Buffer) => object

export const methodPath = (method: string): string => `/inference.GRPCInferenceService/${method}`

/** One message as gRPC frames it: a flag, its length, its bytes. */
export const frame = (message: Buffer, flag = 0, length = message.length): Buffer => {
  const head = Buffer.alloc(5)
  head.writeUInt8(flag)
  head.writeUInt32BE(length, 1)
  return Buffer.concat([head, message])
}

/** How a call ended. */
export interface Ending {
  /** A reset of the stream counts as one, silence does not. */
  readonly code: number
  readonly details: string
  readonly fields: Readonly<Record<string, unknown>>
  /** Error code with which the HTTP/2 stream ended. */
  readonly rstCode: number
}

/** The memory of a session bounds what a client may have sent and not got rid of; an attacker has no such bound. */
export const openSession = (port: number | undefined): ClientHttp2Session => {
  const session = connect(`http://127.0.0.1:${port}`, { maxSessionMemory: 1000 })
  session.on('error', () => {})
  return session
}

export const openCall = (session: ClientHttp2Session, more: OutgoingHttpHeaders = {}): ClientHttp2Stream =>
  session.request({
    ':method': 'POST',
    ':path': methodPath('ModelInfer'),
    'content-type': 'application/grpc',
    te: 'trailers',
    ...more,
  })

/** Settles when the stream has closed. */
export const endingOf = async (stream: ClientHttp2Stream, withinMs = 10_000): Promise<Ending> => {
  let fields: Readonly<Record<string, unknown>> = {}
  const look = (found: object): void => {
    fields = { ...fields, ...found }
  }
  stream.on('response', look)
  stream.on('trailers', look)
  stream.on('error', () => {})
  stream.resume()
  if (!stream.closed) await once(stream, 'close', { signal: AbortSignal.timeout(withinMs) })
  const code = fields['grpc-status']
  const rstCode = stream.rstCode ?? 0
  return {
    code: code === undefined ? (rstCode === 0 ? status.UNKNOWN : status.CANCELLED) : Number(code),
    details: decodeURI(String(fields['grpc-message'] ?? '')),
    fields,
    rstCode,
  }
}

/** A whole call. */
export const exchange = (
  session: ClientHttp2Session,
  body: Buffer,
  more: OutgoingHttpHeaders = {},
): Promise<Ending> => {
  const stream = openCall(session, more)
  if (!stream.writableEnded) stream.end(body)
  return endingOf(stream)
}

/** Number of bytes, seven bits each. */
export const varint = (value: number): Buffer => {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}

/** A field that has a length. */
export const field = (number: number, content: Buffer): Buffer =>
  Buffer.concat([varint(number * 8 + 2), varint(content.length), content])

const mib = 2 ** 20
const input = (...fields: readonly Buffer[]): Buffer =>
  field(5, Buffer.concat([field(1, Buffer.from('x')), field(2, Buffer.from('INT64')), ...fields]))
const repeated = (bytes: readonly number[], size: number): Buffer => Buffer.alloc(size, Buffer.from(bytes))

/**
 * Messages of about so many MiB that are little on the wire and a lot in memory: the parts of each have one byte or two.
 * @returns by what there is so much of
 */
export const multiplied = (sizeMib: number): Readonly<Record<string, Buffer>> => {
  const size = sizeMib * mib
  const parts: Readonly<Record<string, Buffer>> = {
    'int64_contents of one byte': input(field(5, field(3, Buffer.alloc(size, 1)))),
    'uint64_contents of one byte': input(field(5, field(5, Buffer.alloc(size, 1)))),
    'int_contents of one byte': input(field(5, field(2, Buffer.alloc(size, 1)))),
    'bool_contents of one byte': input(field(5, field(1, Buffer.alloc(size, 1)))),
    'int64_contents, each a field': input(field(5, repeated([24, 1], size))),
    'bool_contents, each a field': input(field(5, repeated([8, 1], size))),
    'dimensions of one byte': input(field(3, Buffer.alloc(size, 1))),
    'dimensions, each a field': input(repeated([24, 1], size)),
    'empty raw_input_contents': repeated([58, 0], size),
    'empty bytes_contents': input(field(5, repeated([66, 0], size))),
    'empty inputs': repeated([42, 0], size),
    'empty outputs': repeated([50, 0], size),
    'empty contents': input(repeated([42, 0], size)),
    'empty names': repeated([10, 0], size),
    'names of inputs': input(repeated([10, 1, 97], size)),
    'empty parameters': repeated([34, 0], size),
    parameters: repeated([34, 7, 10, 1, 97, 18, 2, 8, 1], size),
    'parameters of an input': input(repeated([34, 0], size)),
    'values of one parameter': field(4, Buffer.concat([field(1, Buffer.from('p')), repeated([18, 0], size)])),
    'fields that are not known': repeated([120, 1], size),
    'groups that begin': repeated([123], size),
    'groups that begin and end': repeated([123, 124], size),
  }
  const name = field(1, Buffer.from('m'))
  return Object.fromEntries(
    Object.entries(parts).map(([what, bytes]) => [what, Buffer.concat([name, bytes])]),
  )
}

/** A request of one row for a model whose input is x, framed. */
export const oneRow = frame(
  encodeInfer({
    model_name: 'm',
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], contents: { fp32_contents: [1] } }],
  }),
)

const addends = ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape: [1, 3] }))
const raw = Buffer.from(Float32Array.of(1, 2, 3).buffer)

/** Requests that a model which adds a and b answers, with raw and with typed contents. */
export const additions: readonly Buffer[] = [
  encodeInfer({ model_name: 'm', inputs: addends, raw_input_contents: [raw, raw] }),
  encodeInfer({
    model_name: 'm',
    id: '7',
    inputs: addends.map((input) => ({ ...input, contents: { fp32_contents: [1, 2, 3] } })),
    outputs: [{ name: 'sum' }],
  }),
]
