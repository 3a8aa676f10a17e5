/** Which requests are copied, and what a copy carries. */
import { gatewayHeaders } from '@gantry/contract/gateway.ts'
import { isStreamed } from '../proxy/body.ts'
import type { Call } from '../proxy/call.ts'
import { answerFormOf } from './answer.ts'

/** Why a request to a model with a shadow is not copied. */
export type LeftOut =
  | 'request-too-large'
  | 'answer-too-large'
  | 'streamed'
  | 'failed'
  | 'sampled'
  | 'busy'
  | 'no-endpoint'
  | 'grpc'

/**
 * Headers that the pod needs to answer. API keys are those of the model, and its pods check them; cookies, credentials of
 * other kinds and names of the caller stay behind.
 */
const needed: ReadonlySet<string> = new Set([
  'content-type',
  'content-encoding',
  'inference-header-content-length',
  'accept',
  'accept-language',
  'traceparent',
])
const keys: ReadonlySet<string> = new Set(['authorization', 'x-api-key'])

/** @param headers names and values in turn @param asksForKeys whether the model's pods check API keys @returns the same of the copy */
export const copyHeaders = (headers: readonly string[], asksForKeys: boolean): string[] => {
  const kept: string[] = []
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] as string).toLowerCase()
    if (needed.has(name) || (asksForKeys && keys.has(name))) kept.push(name, headers[at + 1] as string)
  }
  kept.push(gatewayHeaders.shadow, 'true')
  return kept
}

/** Whether answers to a call are compared at all. Calls for metadata, health and explanations are none of the shadow's. */
export const isCompared = ({ method, path }: Pick<Call, 'method' | 'path'>): boolean =>
  method === 'POST' && answerFormOf(path) !== undefined

/** Bodies up to this size are copied: those that the gateway reads whole anyway. */
const mostBytes = 64 * 1024

export const isTooLarge = ({ body }: Pick<Call, 'body'>): boolean =>
  isStreamed(body) || (body?.length ?? 0) > mostBytes

/** Addresses and parameters of models that write texts by chance. */
const writing =
  /^\/(?:v1\/(?:chat\/)?completions|predict|v2\/models\/[^/?]+(?:\/versions\/[^/?]+)?\/infer)\/?(?:\?|$)/
const openai = /^\/v1\/(?:chat\/)?completions\/?(?:\?|$)/

interface Parameters {
  readonly temperature?: unknown
  readonly do_sample?: unknown
  readonly seed?: unknown
}

const isDeterministic = ({ temperature, do_sample: sample, seed }: Parameters): boolean =>
  temperature === 0 || sample === false || typeof seed === 'number'

/** Those of /predict and infer stand in `parameters`, those of OpenAI's bodies beside the prompt. */
const parametersOf = (path: string, body: Buffer): Parameters | undefined => {
  try {
    const value = JSON.parse(body.toString()) as { readonly parameters?: unknown } | null
    const found: unknown = openai.test(path) ? value : { ...(value as object), ...Object(value?.parameters) }
    return typeof found === 'object' && found !== null ? (found as Parameters) : undefined
  } catch {
    return undefined
  }
}

/** Whether a model that writes texts may draw the answer by chance, since its folder says so and the request does not forbid it. */
export const mayVary = (path: string, body: Buffer | undefined): boolean =>
  writing.test(path) && !isDeterministic((body && parametersOf(path, body)) ?? {})

/**
 * Whether the answer may be another one the next time. OpenAI's completions are drawn by chance unless temperature is 0 or
 * a seed is given; other addresses only where the request asks for that.
 */
export const isSampled = (path: string, body: Buffer | undefined): boolean => {
  if (!body || !writing.test(path)) return false
  const parameters = parametersOf(path, body)
  if (!parameters) return openai.test(path)
  const { do_sample: sample, temperature } = parameters
  const asksForChance = sample === true || (typeof temperature === 'number' && temperature > 0)
  return (openai.test(path) || asksForChance) && !isDeterministic(parameters)
}
