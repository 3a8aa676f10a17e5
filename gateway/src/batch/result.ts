/** One result of a batch, as JSON. Large answers stay in the parts in which they came: none is copied or read as a whole. */
import { StringDecoder } from 'node:string_decoder'
import type { Failure } from '../failure.ts'
import { createJsonCheck } from '../json/check.ts'
import { inSlices } from '../json/slices.ts'

/** JSON, in parts. */
export type Result = readonly Buffer[]

/** An answer that is being collected. */
export interface Collected {
  readonly take: (chunk: Buffer) => void
  /** @param type content-type of the answer */
  readonly resultOf: (status: number, type: string | undefined) => Result | Promise<Result>
}

/** Smaller answers are read as a whole: that is faster, and takes less than a millisecond. */
const smallBytes = 64 * 1024
/** Most characters of the sentence of a refusal that is no JSON. */
const mostSentence = 2000

const isJson = (type: string | undefined): boolean => type !== undefined && /^application\/json\b/i.test(type)

/** @returns the value of a JSON text; undefined where it is none */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The sentence of a refusal, in the form of the Open Inference Protocol or of OpenAI. */
const sentenceIn = (text: string): string => {
  const error = (parsed(text) as { readonly error?: unknown } | null | undefined)?.error
  const message = (error as { readonly message?: unknown } | null | undefined)?.message
  return [error, message, text].find((one) => typeof one === 'string') as string
}

const failed = (status: number, error: string, field?: string): Result => [
  Buffer.from(JSON.stringify({ status, error, ...(field !== undefined && { field }) })),
]

const smallResult = (status: number, type: string | undefined, body: Buffer): Result => {
  const text = body.toString()
  if (status >= 400) return failed(status, sentenceIn(text))
  const value = isJson(type) && parsed(text) !== undefined ? text : JSON.stringify(text)
  return [Buffer.from(`{"status":${status},"body":${value}}`)]
}

const framed = (status: number, body: Result): Result => [
  Buffer.from(`{"status":${status},"body":`),
  ...body,
  Buffer.from('}'),
]

/** The parts as one JSON string. */
function* quoted(chunks: readonly Buffer[]): Generator<undefined, Result, undefined> {
  const decoder = new StringDecoder()
  const escaped = (text: string): Buffer => Buffer.from(JSON.stringify(text).slice(1, -1))
  const parts: Buffer[] = [Buffer.from('"')]
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += smallBytes) {
      parts.push(escaped(decoder.write(chunk.subarray(at, at + smallBytes))))
      yield
    }
  }
  return [...parts, escaped(decoder.end()), Buffer.from('"')]
}

export const collectAnswer = (): Collected => {
  const chunks: Buffer[] = []
  let size = 0
  let check: ReturnType<typeof createJsonCheck> | undefined
  return {
    take: (chunk) => {
      chunks.push(chunk)
      size += chunk.length
      if (check) check.take(chunk)
      else if (size > smallBytes) {
        check = createJsonCheck()
        for (const one of chunks) check.take(one)
      }
    },
    resultOf: (status, type) => {
      if (!check) return smallResult(status, type, Buffer.concat(chunks))
      if (status >= 400) return failed(status, (chunks[0] ?? '').toString().slice(0, mostSentence))
      if (isJson(type) && check.isWhole()) return framed(status, chunks)
      return inSlices(quoted(chunks)).then((body) => framed(status, body))
    },
  }
}

export const failedResult = ({ status, message, field }: Failure): Result => failed(status, message, field)

/** `{"results": […]}` in parts; small ones are put together, since each part is written by itself. */
export function* batchAnswer(results: readonly Result[]): Generator<Buffer, void, undefined> {
  let small: Buffer[] = []
  let size = 0
  const together = (): Buffer => {
    const whole = Buffer.concat(small)
    small = []
    size = 0
    return whole
  }
  for (const part of between(results)) {
    if (size + part.length > smallBytes && size > 0) yield together()
    if (part.length > smallBytes) yield part
    else {
      small.push(part)
      size += part.length
    }
  }
  yield together()
}

function* between(results: readonly Result[]): Generator<Buffer, void, undefined> {
  yield Buffer.from('{"results":[')
  for (const [at, result] of results.entries()) {
    if (at > 0) yield Buffer.from(',')
    yield* result
  }
  yield Buffer.from(']}')
}
