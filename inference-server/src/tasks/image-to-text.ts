import type { GeneratorOptions } from '../generation/generator.ts'
import type { TaskFiles } from '../models/model-files.ts'
import type { Members, PathOf } from '../requests/members.ts'
import { type EncodedSignature, loadEncoderDecoder } from './encoder-decoder.ts'
import { pictureReader } from './picture/picture-input.ts'
import { perItem } from './results.ts'
import type { LoadedTask, TaskItem } from './task.ts'
import { readImage } from './text/texts.ts'
import { readWriting, textResult, usualTokens, writeFor, writingParameters } from './writing.ts'

/** What the pipeline of transformers writes at most unless the folder says otherwise. */
const usualNewTokens = 256

/** Picture -> a text about it, with an encoder of pictures and a decoder that has a cache. */
export const imageToText = async (
  files: TaskFiles,
  signature: Promise<EncodedSignature> | EncodedSignature,
  writing: Omit<GeneratorOptions, 'decode'>,
): Promise<LoadedTask> => {
  const model = await loadEncoderDecoder(files, signature, writing)
  const { defaults, encoder, generator, startIds } = model
  const pictures = pictureReader(encoder.inputs, files, 'image-to-text')
  const usual = usualTokens(defaults, startIds, usualNewTokens)
  const lengths = { room: defaults.contextTokens - startIds.length, usual }
  const read = (members: Members, pathOf: PathOf): TaskItem => {
    const bytes = readImage(members['image'], pathOf('image'))
    const settings = readWriting(members, pathOf, defaults, lengths)
    return async () => {
      const { tensors: source, pixels } = await pictures.read(bytes, pathOf('image'))
      const request = { promptIds: startIds, ...settings, source }
      let text = ''
      return {
        rows: [],
        pixels,
        write: async (caller) => {
          text = (await writeFor(generator, request, caller)).text
        },
        // A caption begins without the space that its first word may carry.
        postprocess: () => textResult('generated_text', text.trim()),
      }
    }
  }
  await model.tryOut(await pictures.blank())
  return {
    fields: ['image'],
    lists: [],
    parameters: writingParameters,
    endpoint: undefined,
    outputs: [perItem('generated_text')],
    read,
    generator,
    warmup: model.warmup,
  }
}
