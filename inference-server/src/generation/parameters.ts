/** Parameters of a request for text generation. */
import { Failure } from '../failures/errors.ts'
import { type JsonObject, withoutNulls } from '../json/json-object.ts'
import type { Members, PathOf } from '../requests/members.ts'
import type { WritingSettings } from '../sessions/writing-settings.ts'

type NumericSetting = {
  readonly [Name in keyof WritingSettings]: WritingSettings[Name] extends number ? Name : never
}[keyof WritingSettings]

interface Parameter {
  readonly setting: NumericSetting
  readonly least: number
  readonly most: number
  readonly whole: boolean
}

const real = (setting: NumericSetting, least: number, most: number): Parameter => ({
  setting,
  least,
  most,
  whole: false,
})
const whole = (setting: NumericSetting, least: number, most: number): Parameter => ({
  setting,
  least,
  most,
  whole: true,
})

const { MAX_SAFE_INTEGER: largest } = Number
/** Upper bound for numbers of tokens, beyond what any model here generates. */
const manyTokens = 1_000_000

/** The parameters that are one number, by the name that both dialects have for them. */
const shared = {
  temperature: real('temperature', 0, 100),
  top_p: real('topP', 0, 1),
  top_k: whole('topK', 0, manyTokens),
  min_p: real('minP', 0, 1),
  repetition_penalty: real('repetitionPenalty', 0.01, 100),
  seed: whole('seed', -largest, largest),
}

/** Names of Hugging Face's `generate`. */
export const transformersParameters: Readonly<Record<string, Parameter>> = {
  ...shared,
  max_new_tokens: whole('maxNewTokens', 1, manyTokens),
  min_new_tokens: whole('minNewTokens', 0, manyTokens),
  no_repeat_ngram_size: whole('noRepeatNgramSize', 0, manyTokens),
  num_beams: whole('numBeams', 1, 16),
  length_penalty: real('lengthPenalty', -10, 10),
}

/** Names of OpenAI's requests, and those that servers of its kind have added. */
export const openaiParameters: Readonly<Record<string, Parameter>> = {
  ...shared,
  max_tokens: whole('maxNewTokens', 1, manyTokens),
  max_completion_tokens: whole('maxNewTokens', 1, manyTokens),
  min_tokens: whole('minNewTokens', 0, manyTokens),
  presence_penalty: real('presencePenalty', -2, 2),
  frequency_penalty: real('frequencyPenalty', -2, 2),
}

/** @throws Failure naming the parameter that is wrong */
export const readNumber = (
  members: Members,
  pathOf: PathOf,
  name: string,
  { least, most, whole: mustBeWhole }: Omit<Parameter, 'setting'>,
): number | undefined => {
  const value = members[name]
  if (value === undefined || value === null) return undefined
  const fits = typeof value === 'number' && value >= least && value <= most
  if (fits && (!mustBeWhole || Number.isInteger(value))) return value
  const field = pathOf(name)
  const kind = mustBeWhole ? 'a whole number' : 'a number'
  throw new Failure('invalid', `${field} has to be ${kind} from ${least} to ${most}`, { field })
}

/** The settings that the request gives. @throws Failure naming the parameter that is wrong */
export const readSettings = (
  members: Members,
  pathOf: PathOf,
  parameters: Readonly<Record<string, Parameter>>,
): Partial<WritingSettings> => {
  const given = Object.entries(parameters).flatMap(([name, parameter]) => {
    const value = readNumber(members, pathOf, name, parameter)
    return value === undefined ? [] : [[parameter.setting, value] as const]
  })
  return Object.fromEntries(given)
}

const maxStops = 16
const maxStopLength = 1000

/** One text, or a list of them. @throws Failure */
export const readStops = (members: Members, pathOf: PathOf, name: string): readonly string[] => {
  const value = members[name]
  if (value === undefined || value === null) return []
  const stops: readonly unknown[] = Array.isArray(value) ? value : [value]
  const fits = (stop: unknown): stop is string =>
    typeof stop === 'string' && stop.length > 0 && stop.length <= maxStopLength
  if (stops.length <= maxStops && stops.every(fits)) return stops
  const field = pathOf(name)
  throw new Failure(
    'invalid',
    `${field} has to be a text, or a list of at most ${maxStops} texts, each of 1 to ${maxStopLength} characters`,
    { field },
  )
}

/** Largest bias of OpenAI's requests, added or subtracted. */
const maxBias = 100

/** `{"50256": -100}`. @throws Failure */
export const readBias = (
  members: Members,
  pathOf: PathOf,
  vocabulary: number | undefined,
): WritingSettings['bias'] => {
  const value = members['logit_bias']
  if (value === undefined || value === null) return []
  const field = pathOf('logit_bias')
  const refuse = (): Failure =>
    new Failure(
      'invalid',
      `${field} has to be an object from ids of tokens to numbers from -${maxBias} to ${maxBias}`,
      { field },
    )
  if (typeof value !== 'object' || Array.isArray(value)) throw refuse()
  return Object.entries(withoutNulls(value as JsonObject)).map(([key, bias]) => {
    const id = Number(key)
    const isToken = /^\d+$/.test(key) && id < (vocabulary ?? Number.POSITIVE_INFINITY)
    if (!isToken || typeof bias !== 'number' || Math.abs(bias) > maxBias) throw refuse()
    return [id, bias] as const
  })
}
