/** Reads an answer to a copied request. */
import { completionOutputs, embeddingOutputs, jsonOutputs } from './json-outputs.ts'
import { type Output, UnreadableAnswer } from './output.ts'
import { tensorOutputs } from './tensor-outputs.ts'

export interface Answer {
  readonly status: number
  /** Value of the header inference-header-content-length: bytes of JSON before binary data. */
  readonly jsonBytes: number | undefined
  readonly body: Uint8Array
}

/** What an address answers with. */
export type AnswerForm = 'tensors' | 'items' | 'completion' | 'embeddings'

const forms: readonly (readonly [RegExp, AnswerForm])[] = [
  [/^\/v2\/models\/[^/?]+(?:\/versions\/[^/?]+)?\/infer\/?(?:\?|$)/, 'tensors'],
  [/^\/(?:predict|chat|analyze)\/?(?:\?|$)/, 'items'],
  [/^\/v1\/(?:chat\/)?completions\/?(?:\?|$)/, 'completion'],
  [/^\/v1\/embeddings\/?(?:\?|$)/, 'embeddings'],
]

/** @param path of the pod, with its query @returns undefined for addresses whose answers are not compared */
export const answerFormOf = (path: string): AnswerForm | undefined =>
  forms.find(([form]) => form.test(path))?.[1]

/** JavaScript's numbers have 53 bits. */
const manyDigits = /\d{16}/

/** Integers that a number of JavaScript cannot hold become bigint. */
const withDigits = (_: string, value: unknown, context?: { readonly source?: string }): unknown => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const { source = '' } = context ?? {}
  return /^-?\d+$/.test(source) ? BigInt(source) : value
}

const parsed = (text: string): unknown => {
  try {
    return manyDigits.test(text) ? JSON.parse(text, withDigits) : JSON.parse(text)
  } catch {
    throw new UnreadableAnswer('the answer is no JSON')
  }
}

/** @throws UnreadableAnswer */
export const outputsOf = ({ body, jsonBytes }: Answer, form: AnswerForm): readonly Output[] => {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const value = parsed(bytes.toString('utf8', 0, jsonBytes ?? bytes.length))
  switch (form) {
    case 'tensors':
      return tensorOutputs(value, jsonBytes === undefined ? Buffer.alloc(0) : bytes.subarray(jsonBytes))
    case 'items':
      return jsonOutputs(value)
    case 'completion':
      return completionOutputs(value)
    case 'embeddings':
      return embeddingOutputs(value)
  }
}
