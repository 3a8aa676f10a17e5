/** What a gRPC call carries with it beside its message: key, trace, language, and its line in the request log. */
import { Metadata } from '@grpc/grpc-js'
import type { ApiKeys } from '../api-keys.ts'
import type { Entry } from '../request-log/entry.ts'
import { beginTrace, type Trace, type TraceUsers, traceparent } from '../traceparent.ts'
import type { InferInputTensor, ModelInferRequest, ModelInferResponse, TensorContents } from './messages.ts'

export const headerOf = (metadata: Metadata, name: string): string | undefined => {
  const [value] = metadata.get(name)
  return typeof value === 'string' ? value : undefined
}

/** @returns the name of the key @throws Failure unauthenticated */
export const admitCall = (metadata: Metadata, apiKeys: ApiKeys | undefined): string | undefined =>
  apiKeys?.admit(headerOf(metadata, 'authorization'), headerOf(metadata, 'x-api-key'))

/** The trace of a call; undefined where nobody will ask for it. */
export const traceOf = (metadata: Metadata, users: TraceUsers): Trace | undefined =>
  beginTrace(headerOf(metadata, 'traceparent'), users)

export const answerMetadata = (trace: Trace): Metadata => {
  const metadata = new Metadata()
  metadata.set('traceparent', traceparent(trace))
  return metadata
}

/** More elements of one tensor are not kept: the log is no copy of the traffic. */
const mostElements = 4096

const texts = (elements: readonly Uint8Array[]): readonly string[] =>
  elements.map((element) => Buffer.from(element).toString())

/** Elements as JSON carries them; undefined for raw contents, which only their datatype makes sense of. */
const dataOf = (contents: TensorContents | null | undefined): unknown => {
  const [found] = Object.values(contents ?? {}).filter((list) => list.length > 0)
  if (!found || found.length > mostElements) return undefined
  return found[0] instanceof Uint8Array ? texts(found as readonly Uint8Array[]) : found
}

type LoggedTensor = Pick<InferInputTensor, 'name' | 'datatype' | 'contents'> & {
  readonly shape?: readonly unknown[]
}

const logged = (tensors: readonly LoggedTensor[] | undefined): readonly unknown[] =>
  (tensors ?? []).map(({ name, datatype, shape, contents }) => ({
    name,
    datatype,
    shape,
    data: dataOf(contents),
  }))

const json = (content: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(content))

/** Request and answer in the words of the REST protocol, so that one log is read in one way. */
export const contentsOf = (
  request: ModelInferRequest,
  answer: ModelInferResponse | undefined,
): Pick<Entry, 'request' | 'response'> => ({
  request: json({ id: request.id || undefined, inputs: logged(request.inputs) }),
  response: answer && json({ outputs: logged(answer.outputs) }),
})
