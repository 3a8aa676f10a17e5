import { randomInt } from 'node:crypto'
import { StartError } from '../errors.ts'
import { firstInputs } from '../generation/decoding.ts'
import type { GeneratorOptions } from '../generation/generator.ts'
import { readDecoderGraph } from '../generation/graph.ts'
import { readSettings, readStops, transformersParameters } from '../generation/parameters.ts'
import type { WritingSettings } from '../generation/settings.ts'
import { loadTextModel, roomFor, type TextModel } from '../generation/text-model.ts'
import type { Signature } from '../tensor.ts'
import { parameterReader } from './parameters.ts'
import type { LoadedTask, Members, PathOf, TaskFiles, TaskItem, TaskResult } from './task.ts'
import { readText } from './texts.ts'

/** What transformers' pipeline writes at most unless told otherwise. */
const usualNewTokens = 256
/** How many tokens transformers draws from unless told otherwise. */
const usualTopK = 50

/** Settings as transformers takes them: greedy unless a temperature above 0, `do_sample` or the folder says otherwise. */
const settingsOf = (
  members: Members,
  pathOf: PathOf,
  { defaults }: TextModel,
  room: number,
): WritingSettings => {
  const given = readSettings(members, pathOf, transformersParameters)
  const { settings } = defaults
  const asked = given.temperature === undefined ? settings.doSample : given.temperature > 0
  const doSample = parameterReader(members, pathOf).flag('do_sample', asked) && given.temperature !== 0
  return {
    ...settings,
    topK: settings.topK || usualTopK,
    ...given,
    doSample,
    maxNewTokens: Math.min(room, given.maxNewTokens ?? defaults.maxNewTokens ?? usualNewTokens),
    seed: given.seed ?? randomInt(2 ** 48 - 1),
  }
}

const result = (text: string): TaskResult => ({
  answer: () => ({ generated_text: text }),
  tensors: () => ({ generated_text: { dtype: 'BYTES', shape: [1], data: [text] } }),
})

/** Text -> the same text and how it goes on, with a decoder that has a cache. Code is text. */
export const textGeneration = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
  writing: Omit<GeneratorOptions, 'decode'> | undefined,
): Promise<LoadedTask> => {
  if (!writing) throw new StartError('a text is written by workers; serve the model')
  const graph = readDecoderGraph(await signature)
  const textModel = await loadTextModel(files, writing, graph.vocabulary)
  const read = (members: Members, pathOf: PathOf): TaskItem => {
    const text = readText(members['text'], pathOf('text'))
    const promptIds = textModel.codec.encode(text, true)
    const settings = settingsOf(
      members,
      pathOf,
      textModel,
      roomFor(promptIds, textModel.defaults, pathOf('text')),
    )
    const stops = readStops(members, pathOf, 'stop_strings')
    const full = parameterReader(members, pathOf).flag('return_full_text', true)
    return () => {
      let added = ''
      return {
        rows: [],
        write: async ({ timings, gone }) => {
          const request = { promptIds, settings, stops, keepStop: true, ...(gone && { gone }) }
          const written = await textModel.generator.write(request)
          added = written.text
          timings.queueMs = Math.max(timings.queueMs, written.queueMs)
          timings.inferMs = Math.max(timings.inferMs, written.writeMs)
        },
        postprocess: () => result(full ? text + added : added),
      }
    }
  }
  return {
    fields: ['text'],
    lists: [],
    parameters: [...Object.keys(transformersParameters), 'do_sample', 'stop_strings', 'return_full_text'],
    endpoint: undefined,
    outputs: ['generated_text'],
    read,
    textModel,
    warmup: () => firstInputs(graph),
  }
}
