import { StartError } from '../failures/errors.ts'
import type { GeneratorOptions } from '../generation/generator.ts'
import { readDecoderGraph } from '../generation/graph.ts'
import { firstInputs } from '../generation/step-inputs.ts'
import { loadTextModel, roomFor } from '../generation/text-model.ts'
import type { TaskFiles } from '../models/model-files.ts'
import type { Members, PathOf } from '../requests/members.ts'
import type { Signature } from '../tensors/tensor.ts'
import { parameterReader } from './parameters.ts'
import { perItem } from './results.ts'
import type { LoadedTask, Prepared, TaskItem } from './task.ts'
import { after } from './text/readings.ts'
import { readText } from './text/texts.ts'
import { requireLogits } from './text/token-output.ts'
import { readWriting, textResult, usualTokens, writeFor, writingParameters } from './writing.ts'

/** What transformers' pipeline writes at most unless told otherwise. */
const usualNewTokens = 256

/** Text -> the same text and how it goes on, with a decoder that has a cache. Code is text. */
export const textGeneration = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
  writing: Omit<GeneratorOptions, 'decode'>,
): Promise<LoadedTask> => {
  const graph = readDecoderGraph(await signature)
  if (graph.source)
    throw new StartError(
      'the model writes about what an encoder reads; serve it as translation or image-to-text',
    )
  requireLogits(files, 'logits', 'text-generation', 'serve it as task tensor')
  const textModel = await loadTextModel(files, writing, graph.vocabulary)
  const { codec, defaults, generator } = textModel
  const read = (members: Members, pathOf: PathOf): TaskItem => {
    const field = pathOf('text')
    const text = readText(members['text'], field)
    const full = parameterReader(members, pathOf).flag('return_full_text', true)
    const prepared = (promptIds: readonly number[]): Prepared => {
      const room = roomFor(promptIds, defaults, field)
      const lengths = { room, usual: usualTokens(defaults, promptIds, usualNewTokens) }
      const request = { promptIds, ...readWriting(members, pathOf, defaults, lengths) }
      let added = ''
      return {
        rows: [],
        tokens: promptIds.length,
        write: async (caller) => {
          if (full) caller.onPiece?.(text)
          added = (await writeFor(generator, request, caller)).text
        },
        postprocess: () => textResult('generated_text', full ? text + added : added),
      }
    }
    return () => after(codec.encode(text, true, field), prepared)
  }
  return {
    fields: ['text'],
    lists: [],
    parameters: [...writingParameters, 'return_full_text'],
    endpoint: undefined,
    outputs: [perItem('generated_text')],
    read,
    generator,
    textModel,
    warmup: () => firstInputs(graph),
  }
}
