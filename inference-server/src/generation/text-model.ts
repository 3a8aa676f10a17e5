import { Failure } from '../failures/errors.ts'
import type { TaskFiles } from '../models/model-files.ts'
import { type ChatTemplate, loadChatTemplate } from './chat-template.ts'
import { type Codec, loadCodec } from './codec.ts'
import { type GenerationDefaults, readDefaults } from './defaults.ts'
import { createGenerator, type Generator, type GeneratorOptions } from './generator.ts'

/** A model that continues a text. */
export interface TextModel {
  readonly codec: Codec
  readonly defaults: GenerationDefaults
  /** Only for models that were trained for chat. */
  readonly chatTemplate: ChatTemplate | undefined
  /** Size of the vocabulary, where the graph declares it. */
  readonly vocabulary: number | undefined
  readonly generator: Generator
}

/** Everything of it that is read out of its folder. @throws StartError when the folder does not fit */
export const loadTextModel = async (
  files: TaskFiles,
  writing: Omit<GeneratorOptions, 'decode'>,
  vocabulary: number | undefined,
): Promise<TextModel> => {
  const [codec, defaults] = await Promise.all([loadCodec(files), readDefaults(files)])
  return {
    codec,
    defaults,
    vocabulary,
    chatTemplate: await loadChatTemplate(files.dir, codec.settings, files.signal),
    generator: createGenerator({ ...writing, decode: codec.decode }),
  }
}

/**
 * How many new tokens there is room for.
 * @throws Failure where the prompt is empty or fills the model
 */
export const roomFor = (
  promptIds: readonly number[],
  { contextTokens }: GenerationDefaults,
  field: string,
): number => {
  if (promptIds.length === 0)
    throw new Failure('invalid', `${field} has no tokens; give the model something to go on with`, { field })
  const room = contextTokens - promptIds.length
  if (room > 0) return room
  throw new Failure(
    'invalid',
    `${field} has ${promptIds.length} tokens, but the model reads and writes at most ${contextTokens} together; shorten it`,
    { field },
  )
}
