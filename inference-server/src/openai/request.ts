/** What OpenAI's two kinds of completion requests have in common. */
import { randomInt } from 'node:crypto'
import { Failure } from '../failures/errors.ts'
import { openaiParameters, readBias, readNumber, readSettings, readStops } from '../generation/parameters.ts'
import { roomFor, type TextModel } from '../generation/text-model.ts'
import type { Members } from '../requests/members.ts'
import type { WritingSettings } from '../sessions/writing-settings.ts'

/** A checked request. */
export interface CompletionRequest {
  /** Prompts; each is answered `choices` times. */
  readonly prompts: readonly CompletionPrompt[]
  /** Texts per prompt, each with a seed of its own. */
  readonly choices: number
  readonly stops: readonly string[]
  /** Whether pieces are sent as they come. */
  readonly stream: boolean
  /** Whether a stream ends with how many tokens there were. */
  readonly streamUsage: boolean
}

export interface CompletionPrompt {
  readonly ids: readonly number[]
  /** Text that the answer begins with, where the request asks for `echo`. */
  readonly echo: string
  readonly settings: WritingSettings
}

/** A prompt before the request's settings are known. */
export interface PromptText {
  readonly ids: readonly number[]
  /** Name of the member it came from. */
  readonly field: string
  readonly echo?: string
}

const maxChoices = 16
const maxPrompts = 64
/** Texts of one call, `n` for each prompt: more would fill the queue for all other callers. */
const maxTexts = 256

const path = (name: string): string => name

/** Members that change the answer, but not here: silence about them would be a wrong answer. */
const refused: Readonly<Record<string, (value: unknown) => boolean>> = {
  logprobs: (value) => value === false || value === 0,
  top_logprobs: (value) => value === 0,
  suffix: (value) => value === '',
  tools: (value) => Array.isArray(value) && value.length === 0,
  functions: (value) => Array.isArray(value) && value.length === 0,
  tool_choice: (value) => value === 'none' || value === 'auto',
  response_format: (value) => (value as { readonly type?: unknown }).type === 'text',
  modalities: (value) => Array.isArray(value) && value.every((one) => one === 'text'),
  best_of: (value) => value === 1,
}

const refuseUnsupported = (members: Members): void => {
  for (const [name, harmless] of Object.entries(refused)) {
    const value = members[name]
    if (value === undefined || value === null || harmless(value)) continue
    throw new Failure('invalid', `${name} is not supported by this server; leave it out`, { field: name })
  }
}

/** @throws Failure */
export const readFlag = (members: Members, name: string, field = name): boolean => {
  const value = members[name]
  if (value === undefined || value === null) return false
  if (typeof value === 'boolean') return value
  throw new Failure('invalid', `${field} has to be true or false`, { field })
}

/** @throws Failure */
const readStreamUsage = (members: Members): boolean => {
  const options = members['stream_options']
  if (options === undefined || options === null) return false
  const field = 'stream_options'
  if (typeof options !== 'object' || Array.isArray(options))
    throw new Failure('invalid', `${field} has to be an object such as {"include_usage": true}`, { field })
  return readFlag(options as Members, 'include_usage', `${field}.include_usage`)
}

/** Names of the members that may say how long a text gets, the stronger first. */
const lengthNames = ['max_completion_tokens', 'max_tokens'] as const

/** How many texts each prompt gets. @throws Failure where they are too many together */
const readChoices = (members: Members, prompts: number): number => {
  const choices = readNumber(members, path, 'n', { least: 1, most: maxChoices, whole: true }) ?? 1
  if (prompts > maxPrompts)
    throw new Failure('too-large', `there are ${prompts} prompts; send at most ${maxPrompts} in one call`, {
      field: 'prompt',
    })
  if (prompts * choices > maxTexts)
    throw new Failure(
      'invalid',
      `n is ${choices} for each of ${prompts} prompts, ${choices * prompts} texts in all; ask for at most ${maxTexts} in one call`,
      { field: 'n' },
    )
  return choices
}

/** How texts are written, but for their length. @throws Failure */
const readWriting = (members: Members, { defaults, vocabulary }: TextModel): WritingSettings => {
  const given = readSettings(members, path, openaiParameters)
  // OpenAI samples by default; a model's folder may set a better temperature.
  const temperature = given.temperature ?? (defaults.settings.doSample ? defaults.settings.temperature : 1)
  return {
    ...defaults.settings,
    ...given,
    bias: readBias(members, path, vocabulary),
    doSample: temperature > 0,
    // OpenAI has no beam search, whose texts could not be streamed.
    numBeams: 1,
    temperature: temperature > 0 ? temperature : 1,
    seed: given.seed ?? randomInt(2 ** 48 - 1),
  }
}

/**
 * Everything but the prompts themselves.
 * @param usualTokens how long a text gets unless the request says so; undefined is as long as there is room
 * @throws Failure naming the member that is wrong
 */
export const readRequest = (
  members: Members,
  prompts: readonly PromptText[],
  model: TextModel,
  usualTokens: number | undefined,
): CompletionRequest => {
  refuseUnsupported(members)
  const { defaults } = model
  const settings = readWriting(members, model)
  const asked = lengthNames
    .map((name) => readNumber(members, path, name, openaiParameters[name] as never))
    .find((count) => count !== undefined)
  const choices = readChoices(members, prompts.length)
  const withRoom = ({ ids, field, echo = '' }: PromptText): CompletionPrompt => {
    const room = roomFor(ids, defaults, field)
    const maxNewTokens = Math.min(room, asked ?? usualTokens ?? room)
    return { ids, echo, settings: { ...settings, maxNewTokens } }
  }
  return {
    prompts: prompts.map(withRoom),
    choices,
    stops: readStops(members, path, 'stop'),
    stream: readFlag(members, 'stream'),
    streamUsage: readStreamUsage(members),
  }
}
