/** What a running server says of its model, and requests to it. */
import { isServedModel } from '@gantry/contract/documents.ts'
import { type Accelerator, servedModelMember } from '@gantry/contract/server.ts'
import { CandidateError } from '../../accuracy/candidate-error.ts'
import { isObject } from '../../json/json-object.ts'
import { headerLengthName } from '../../protocol/protocol.ts'
import type { TensorSpec } from '../../tensors/tensor.ts'
import { isOutOfMemory } from '../serving/server-end.ts'
import { servedName } from '../serving/server-process.ts'
import type { RequestBody } from './request-body.ts'

export interface ServedTensors {
  readonly inputs: readonly TensorSpec[]
  readonly outputs: readonly TensorSpec[]
}

export interface ModelMetadata extends ServedTensors {
  readonly accelerator: Accelerator
  /** Whether rows of a request may be computed together. */
  readonly batched: boolean
  /** Names of the columns of outputs, by output, where the graph has them. */
  readonly classes: ReadonlyMap<string, readonly string[]>
}

/** A request that was not answered with 200. */
export interface Refusal {
  readonly status: number
  /** The server's own sentence. */
  readonly sentence: string
}

export interface Reply {
  /** The answer, or the JSON before its binary tensors. */
  readonly answer: unknown
  /** The binary tensors; empty where there are none. */
  readonly binary: Buffer
}

export interface Client {
  readonly port: number
  /** @returns the answer, or why there is none @throws Error where the connection fails */
  readonly post: (path: string, body: RequestBody) => Promise<Reply | Refusal>
  readonly get: (path: string) => Promise<unknown>
}

export const paths = {
  model: `/v2/models/${servedName}`,
  infer: `/v2/models/${servedName}/infer`,
  predict: '/predict',
} as const

const sentenceOf = (text: string): string => {
  try {
    const answer: unknown = JSON.parse(text)
    if (isObject(answer) && typeof answer['error'] === 'string') return answer['error']
  } catch {
    // It is shown as it is.
  }
  return text
}

export const clientOf = (port: number, signal: AbortSignal): Client => {
  const base = `http://127.0.0.1:${port}`
  return {
    port,
    post: async (path, { headers, content: body }) => {
      const response = await fetch(base + path, { method: 'POST', headers, body, signal })
      const content = Buffer.from(await response.arrayBuffer())
      if (response.status !== 200)
        return { status: response.status, sentence: sentenceOf(content.toString('utf8')) }
      const head = response.headers.get(headerLengthName)
      const length = head === null ? content.length : Number(head)
      return { answer: JSON.parse(content.toString('utf8', 0, length)), binary: content.subarray(length) }
    },
    get: async (path) => (await fetch(base + path, { signal })).json(),
  }
}

/** Why a sample has no answer. @param line of the sample */
export const refused = ({ status, sentence }: Refusal, line: number): CandidateError => {
  const where = `line ${line}: ${sentence}`
  if (isOutOfMemory(sentence))
    return new CandidateError('OutOfMemory', `${where}; give the evaluation more memory`)
  const isOfRequest = status >= 400 && status < 500 && status !== 429
  return new CandidateError(isOfRequest ? 'ShapeMismatch' : 'PredictionFailed', where)
}

/** @param anyRank names of those that declare no shape */
const tensorsIn = (value: unknown, anyRank: unknown): readonly TensorSpec[] =>
  Array.isArray(value)
    ? value.filter(isObject).map(({ name, datatype, shape }) => {
        const isFree = Array.isArray(anyRank) && anyRank.includes(name)
        return { name, datatype, shape, symbols: [], ...(isFree && { anyRank: true }) } as TensorSpec
      })
    : []

const classesIn = (value: unknown): ReadonlyMap<string, readonly string[]> =>
  new Map(
    (Array.isArray(value) ? value : [])
      .filter(isObject)
      .map(({ output, names }) => [String(output), (names as readonly unknown[]).map(String)]),
  )

/** @throws CandidateError where the answer is not what this version of the server gives */
export const readMetadata = async ({ get }: Client): Promise<ModelMetadata> => {
  const metadata = await get(paths.model)
  const own = isObject(metadata) ? metadata[servedModelMember] : undefined
  if (!isObject(metadata) || !isObject(own) || !isServedModel(own))
    throw new CandidateError('LoadFailed', 'the server does not say what it serves')
  const more = own as Readonly<Record<string, unknown>>
  return {
    inputs: tensorsIn(metadata['inputs'], more['anyRank']),
    outputs: tensorsIn(metadata['outputs'], more['anyRank']),
    accelerator: own.device.active,
    batched: own.batching?.batched ?? false,
    classes: classesIn(more['classes']),
  }
}
