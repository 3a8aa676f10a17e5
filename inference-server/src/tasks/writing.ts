/** What the tasks share that write texts token by token. */
import { randomInt } from 'node:crypto'
import { Failure } from '../failures/errors.ts'
import type { GenerationDefaults } from '../generation/defaults.ts'
import type { Generator, TextRequest, WrittenText } from '../generation/generator.ts'
import { readNumber, readSettings, readStops, transformersParameters } from '../generation/parameters.ts'
import { readIds, readSequences } from '../generation/token-ids.ts'
import type { Caller } from '../requests/caller.ts'
import type { Members, PathOf } from '../requests/members.ts'
import type { WritingSettings } from '../sessions/writing-settings.ts'
import { parameterReader } from './parameters.ts'
import type { TaskResult } from './task.ts'

/** Names of the parameters, as transformers has them. */
export const writingParameters: readonly string[] = [
  ...Object.keys(transformersParameters),
  'do_sample',
  'stop_strings',
  'forced_bos_token_id',
  'early_stopping',
  'eos_token_id',
  'bad_words_ids',
]

/** How many new tokens there are unless a request says otherwise: what the folder says, or `otherwise`. */
export const usualTokens = (
  { maxNewTokens, maxLength }: Pick<GenerationDefaults, 'maxNewTokens' | 'maxLength'>,
  given: readonly number[],
  otherwise: number,
): number => maxNewTokens ?? (maxLength === undefined ? otherwise : Math.max(1, maxLength - given.length))

/** How many tokens transformers draws from unless told otherwise. */
const usualTopK = 50

/** How much of a text is written. */
export interface Lengths {
  /** New tokens there is room for. */
  readonly room: number
  /** New tokens where the request sets no limit. */
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
  const stops = readStops(members, pathOf, 'stop_strings')
  const numBeams = given.numBeams ?? (doSample ? 1 : settings.numBeams)
  if (numBeams > 1) refuseWithBeams(numBeams, { doSample, stops: stops.length > 0 }, pathOf)
  const written: WritingSettings = {
    ...settings,
    topK: settings.topK || usualTopK,
    ...given,
    doSample,
    numBeams,
    earlyStopping: readEarlyStopping(members, pathOf) ?? settings.earlyStopping,
    maxNewTokens: Math.min(room, given.maxNewTokens ?? usual),
    eosIds: readIds(members, pathOf, 'eos_token_id') ?? settings.eosIds,
    badWordsIds: readSequences(members, pathOf, 'bad_words_ids') ?? settings.badWordsIds,
    forcedBosId: readNumber(members, pathOf, 'forced_bos_token_id', ids) ?? settings.forcedBosId,
    seed: given.seed ?? randomInt(2 ** 48 - 1),
  }
  return { settings: written, stops }
}

/** Beams are compared by their probability alone, and each would stop elsewhere. */
const refuseWithBeams = (
  beams: number,
  { doSample, stops }: { readonly doSample: boolean; readonly stops: boolean },
  pathOf: PathOf,
): void => {
  if (!doSample && !stops) return
  const what = doSample ? 'drawing' : 'stop_strings'
  const field = pathOf(doSample ? 'num_beams' : 'stop_strings')
  throw new Failure('invalid', `${what} goes with one beam, not with ${beams}; set num_beams to 1`, { field })
}

const readEarlyStopping = (
  members: Members,
  pathOf: PathOf,
): WritingSettings['earlyStopping'] | undefined => {
  const value = members['early_stopping']
  if (value === undefined || value === null) return undefined
  if (typeof value === 'boolean' || value === 'never') return value
  const field = pathOf('early_stopping')
  throw new Failure('invalid', `${field} has to be true, false or "never"`, { field })
}

/** Writes for a caller. @throws Failure */
export const writeFor = async (
  generator: Generator,
  request: Omit<TextRequest, 'gone' | 'keepStop'>,
  { timings, usage, gone, timeoutMs, onPiece }: Caller,
): Promise<WrittenText> => {
  const written = await generator.write({
    ...request,
    keepStop: true,
    timeoutMs,
    ...(gone && { gone }),
    ...(onPiece && { onPiece }),
  })
  timings.queueMs = Math.max(timings.queueMs, written.queueMs)
  timings.inferMs = Math.max(timings.inferMs, written.writeMs)
  usage.newTokens += written.ids.length
  return written
}

/** A text under the name that transformers gives it. */
export const textResult = (name: string, text: string): TaskResult => ({
  answer: () => ({ [name]: text }),
  tensors: () => new Map([[name, { dtype: 'BYTES', shape: [1], data: [text] }]]),
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
