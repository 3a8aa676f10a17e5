import { StartError } from '../failures/errors.ts'
import type { GeneratorOptions } from '../generation/generator.ts'
import type { TaskFiles } from '../models/model-files.ts'
import type { Members, PathOf } from '../requests/members.ts'
import type { NamedTensors, TensorSpec } from '../tensors/tensor.ts'
import { type EncodedSignature, loadEncoderDecoder } from './encoder-decoder.ts'
import { perItem } from './results.ts'
import type { LoadedTask, Prepared, TaskItem } from './task.ts'
import { after } from './text/readings.ts'
import { readText } from './text/texts.ts'
import { checkTokens, readWriting, textResult, usualTokens, writeFor, writingParameters } from './writing.ts'

/** What the pipeline of transformers writes at most, and how many beams it follows, unless the folder says otherwise. */
const usualNewTokens = 256
const usualBeams = 4

/** Sources are filled up to a multiple of this, so that texts of about one length share steps. */
const paddingStep = 16

/** What config.json says about translating: `task_specific_params.translation_en_to_de`. */
interface Direction {
  readonly prefix: string
  /** Settings of generation_config.json for this direction. */
  readonly values: Readonly<Record<string, unknown>>
}

const directionOf = ({ config }: TaskFiles): Direction => {
  const all = (config['task_specific_params'] ?? {}) as Readonly<
    Record<string, Readonly<Record<string, unknown>>>
  >
  const names = Object.keys(all).filter((name) => name.startsWith('translation'))
  // A model of several directions takes the one that its config.json names first.
  const values = names[0] === undefined ? {} : (all[names[0]] ?? {})
  const { prefix } = { ...config, ...values }
  return { prefix: typeof prefix === 'string' ? prefix : '', values }
}

const fillings = ['input_ids', 'attention_mask']

/** One tokenized text -> the encoder's inputs, filled up with `padId` where a mask hides it. */
const sourceOf = (
  inputs: readonly TensorSpec[],
  ids: readonly number[],
  length: number,
  padId: number,
): NamedTensors =>
  new Map(
    inputs.map(({ name, datatype: dtype }) => {
      const values = Array.from({ length }, (_, index) =>
        name === 'attention_mask' ? Number(index < ids.length) : (ids[index] ?? padId),
      )
      const data = dtype === 'INT64' ? BigInt64Array.from(values, BigInt) : Int32Array.from(values)
      return [name, { dtype, shape: [1, length], data }]
    }),
  )

/** Text -> its translation, with an encoder and a decoder that has a cache. */
export const translation = async (
  files: TaskFiles,
  signature: Promise<EncodedSignature> | EncodedSignature,
  writing: Omit<GeneratorOptions, 'decode'>,
): Promise<LoadedTask> => {
  const { prefix, values } = directionOf(files)
  const model = await loadEncoderDecoder(files, signature, writing, { values, usualBeams })
  const { codec, defaults, graph, encoder, generator, startIds } = model
  const unknownInput = encoder.inputs.find(({ name }) => !fillings.includes(name))
  if (unknownInput)
    throw new StartError(`the encoder has an input ${unknownInput.name}, which translation cannot fill`)
  const { pad_token_id: padId } = files.config
  const masked = graph.sourceMask !== undefined && encoder.inputs.length === fillings.length
  const source = (ids: readonly number[]): NamedTensors => {
    const step = Math.min(Math.ceil(ids.length / paddingStep) * paddingStep, defaults.contextTokens)
    return typeof padId === 'number' && masked
      ? sourceOf(encoder.inputs, ids, step, padId)
      : sourceOf(encoder.inputs, ids, ids.length, 0)
  }
  const usual = usualTokens(defaults, startIds, usualNewTokens)
  const lengths = { room: defaults.contextTokens - startIds.length, usual }
  const read = (members: Members, pathOf: PathOf): TaskItem => {
    const field = pathOf('text')
    const whole = prefix + readText(members['text'], field)
    const wanted = readWriting(members, pathOf, defaults, lengths)
    const prepared = (ids: readonly number[]): Prepared => {
      checkTokens(ids.length, defaults.contextTokens, field)
      const request = { promptIds: startIds, ...wanted, source: source(ids) }
      let text = ''
      return {
        rows: [],
        tokens: ids.length,
        write: async (caller) => {
          text = (await writeFor(generator, request, caller)).text
        },
        postprocess: () => textResult('translation_text', text),
      }
    }
    return () => after(codec.encode(whole, true, field), prepared)
  }
  await model.tryOut(source(await codec.encode('a', true)))
  return {
    fields: ['text'],
    lists: [],
    parameters: writingParameters,
    endpoint: undefined,
    outputs: [perItem('translation_text')],
    read,
    generator,
    warmup: model.warmup,
  }
}
