/** One result of a batch, as JSON. */
import type { Failure } from '../failure.ts'

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

/** @param type content-type of the answer @returns JSON; the body stays as it came */
export const resultOf = (status: number, type: string | undefined, body: Buffer): string => {
  const text = body.toString()
  if (status >= 400) return JSON.stringify({ status, error: sentenceIn(text) })
  const value = isJson(type) && parsed(text) !== undefined ? text : JSON.stringify(text)
  return `{"status":${status},"body":${value}}`
}

export const failedResult = ({ status, message, field }: Failure): string =>
  JSON.stringify({ status, error: message, ...(field !== undefined && { field }) })
