/** What the tasks share that write texts token by token. */
import { randomInt } from 'node:crypto'
import { Failure } from '../errors.ts'
import type { GenerationDefaults } from '../generation/defaults.ts'
import type { Generator, TextRequest, WrittenText } from '../generation/generator.ts'
import { readNumber, readSettings, readStops, transformersParameters } from '../generation/parameters.ts'
import type { WritingSettings } from '../generation/settings.ts'
import type { Caller } from '../predict.ts'
import { parameterReader } from './parameters.ts'
import type { Members, PathOf, TaskResult } from './task.ts'

/** Names of the parameters, as transformers has them. */
export const writingParameters: readonly string[] = [
  ...Object.keys(transformersParameters),
  'do_sample',
  'stop_strings',
  'forced_bos_token_id',
]

/** How many tokens transformers draws from unless told otherwise. */
const usualTopK = 50

/** How much of a text is written. */
export interface Lengths {
  /** New tokens there is room for. */
  readonly room: number
  /** Unless the request says otherwise. */
  readonly usual: number
}

/**
 * Settings as transformers takes them: greedy unless a temperature above 0, `do_sample` or the folder says otherwise.
 * @throws Failure naming the parameter that is wrong
 */
export const readWriting = (
  members: Members,
  pathOf: PathOf,
  { settings }: Pick<GenerationDefaults, 'settings'>,
  { room, usual }: Lengths,
): Pick<TextRequest, 'settings' | 'stops'> => {
  const given = readSettings(members, pathOf, transformersParameters)
  const asked = given.temperature === undefined ? settings.doSample : given.temperature > 0
  const doSample = parameterReader(members, pathOf).flag('do_sample', asked) && given.temperature !== 0
  const ids = { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }
  const written: WritingSettings = {
    ...settings,
    topK: settings.topK || usualTopK,
    ...given,
    doSample,
    maxNewTokens: Math.min(room, given.maxNewTokens ?? usual),
    forcedBosId: readNumber(members, pathOf, 'forced_bos_token_id', ids) ?? settings.forcedBosId,
    seed: given.seed ?? randomInt(2 ** 48 - 1),
  }
  return { settings: written, stops: readStops(members, pathOf, 'stop_strings') }
}

/** Writes for a caller. @throws Failure */
export const writeFor = async (
  generator: Generator,
  request: Omit<TextRequest, 'gone' | 'keepStop'>,
  { timings, gone }: Caller,
): Promise<WrittenText> => {
  const written = await generator.write({ ...request, keepStop: true, ...(gone && { gone }) })
  timings.queueMs = Math.max(timings.queueMs, written.queueMs)
  timings.inferMs = Math.max(timings.inferMs, written.writeMs)
  return written
}

/** A text under the name that transformers gives it. */
export const textResult = (name: string, text: string): TaskResult => ({
  answer: () => ({ [name]: text }),
  tensors: () => ({ [name]: { dtype: 'BYTES', shape: [1], data: [text] } }),
})

/** @throws Failure where a text has more tokens than its model reads */
export const checkTokens = (count: number, most: number, field: string): void => {
  if (count <= most) return
  throw new Failure(
    'invalid',
    `${field} has ${count} tokens, but the model reads at most ${most}; shorten it`,
    { field },
  )
}
