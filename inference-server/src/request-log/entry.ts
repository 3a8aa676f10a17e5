/** One request as it reaches the thread that writes it down, and the line that becomes of it. */
import type { RequestLogMode } from '@gantry/contract/server.ts'
import type { FailureKind } from '../failures/errors.ts'
import { parseJsonText } from '../json/json-object.ts'
import type { Declared } from '../requests/declared-names.ts'
import type { Endpoint } from '../requests/endpoint.ts'
import type { Timings } from '../requests/timings.ts'
import type { Trace } from '../requests/traceparent.ts'
import type { Cover } from './cover.ts'
import type { Protocol } from './protocols.ts'
import type { Rule } from './rules.ts'

/** Entries on the way to the thread at a time; it asks for the next ones when it has written these. */
export const batchEntries = 64

export interface Entry {
  /** Time of the answer, milliseconds since 1970. */
  readonly at: number
  readonly endpoint: Endpoint
  readonly trace: Trace
  /** Version that answered, or was asked, where it is known. */
  readonly version?: string
  /** Names that the version declares; the thread gets them once. */
  readonly declared?: Declared | undefined
  /** HTTP status; for gRPC the corresponding one. */
  readonly status: number
  /** Kind of the failure. */
  readonly kind?: FailureKind
  /** Whether it is a copy of a request, whose answer nobody waits for. */
  readonly shadow?: true
  /** Name of the API key of the request. */
  readonly caller?: string | undefined
  readonly timings?: Timings
  readonly requestBytes?: number | undefined
  readonly responseBytes?: number | undefined
  /** JSON of the request, undefined where it is not kept. */
  readonly request?: Uint8Array<ArrayBuffer> | undefined
  readonly response?: Uint8Array<ArrayBuffer> | undefined
}

/** Options of the writer thread, at its start. */
export interface WriterOptions {
  readonly mode: RequestLogMode
  /** Names of what is hashed or encrypted; empty: everything. */
  readonly sensitiveFields: readonly string[]
  /** Folder with the keys of modes hashed and encrypted. */
  readonly keys: string | undefined
  /** Name of the model, in every line. */
  readonly model: string
  /** Version of lines that name none themselves; undefined where several versions are served. */
  readonly version: string | undefined
  /** File or named pipe that lines go to; undefined: standard output. */
  readonly path: string | undefined
}

/** undefined for what is no JSON: a picture, or a body that was refused for it. */
const parsed = (content: Uint8Array | undefined): unknown => {
  if (!content) return undefined
  try {
    return parseJsonText(Buffer.from(content.buffer, content.byteOffset, content.length).toString())
  } catch {
    return undefined
  }
}

const rounded = (timings: Timings): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(timings).map(([name, ms]) => [name, Math.round(ms * 1000) / 1000]))

/** How contents are hidden in modes hashed and encrypted. */
export interface Hiding {
  readonly cover: Cover
  readonly protocol: Protocol
}

/** @param hiding undefined leaves contents as they are */
export const lineOf = (
  entry: Omit<Entry, 'declared'>,
  { model, version }: Pick<WriterOptions, 'model' | 'version'>,
  hiding: Hiding | undefined,
) => {
  const { at, trace, timings, request, response, ...rest } = entry
  const content = (bytes: Uint8Array | undefined, rule: Rule | undefined): unknown => {
    const value = parsed(bytes)
    return value === undefined || !hiding || !rule ? value : rule(value, hiding.cover)
  }
  const { traceId, spanId, parentId } = trace
  return {
    timestamp: new Date(at).toISOString(),
    model,
    version,
    ...rest,
    traceId,
    spanId,
    parentId,
    ...(timings && rounded(timings)),
    ...(hiding && { keyId: hiding.cover.keyId }),
    request: content(request, hiding?.protocol.request),
    response: content(response, hiding?.protocol.response),
  }
}
