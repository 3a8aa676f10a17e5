/** A decoder that writes about what an encoder has read. */
import { StartError } from '../failures/errors.ts'
import { type Codec, loadCodec } from '../generation/codec.ts'
import { type GenerationDefaults, readDefaults, type TaskWriting } from '../generation/defaults.ts'
import { createGenerator, type Generator, type GeneratorOptions } from '../generation/generator.ts'
import { type DecoderGraph, readDecoderGraph } from '../generation/graph.ts'
import { firstInputs } from '../generation/step-inputs.ts'
import type { TaskFiles } from '../models/model-files.ts'
import type { LoadedSession } from '../sessions/session-messages.ts'
import { plainSettings } from '../sessions/writing-settings.ts'
import type { NamedTensors, Signature } from '../tensors/tensor.ts'
import { requireLogits } from './text/token-output.ts'

export interface EncoderDecoder {
  readonly codec: Codec
  readonly defaults: GenerationDefaults
  readonly graph: DecoderGraph
  /** What the encoder takes. */
  readonly encoder: Signature
  readonly generator: Generator
  /** What every text begins with, unseen. */
  readonly startIds: readonly number[]
  readonly warmup: () => NamedTensors
  /** Writes a little about a source: a model that cannot should not become ready. */
  readonly tryOut: (source: NamedTensors) => Promise<void>
}

/** What a session may tell beside its own signature. */
export type EncodedSignature = Pick<LoadedSession, 'inputs' | 'outputs' | 'encoder'>

/** Id of the token that texts begin with, where generation_config.json or config.json has it. */
const startOf = ({ config }: TaskFiles, { startId }: GenerationDefaults): number => {
  const nested = config['decoder'] as { readonly bos_token_id?: unknown } | undefined
  const id = startId ?? nested?.bos_token_id ?? config['bos_token_id']
  if (typeof id === 'number') return id
  throw new StartError(
    'config.json has no decoder_start_token_id, with which every text begins; export the model again',
  )
}

/** @throws StartError where the folder does not fit */
export const loadEncoderDecoder = async (
  files: TaskFiles,
  signature: Promise<EncodedSignature> | EncodedSignature,
  writing: Omit<GeneratorOptions, 'decode'>,
  task: TaskWriting = {},
): Promise<EncoderDecoder> => {
  const [codec, defaults, known] = await Promise.all([loadCodec(files), readDefaults(files, task), signature])
  const graph = readDecoderGraph(known)
  if (!known.encoder || !graph.source)
    throw new StartError(
      'the task needs encoder_model.onnx and decoder_model_merged.onnx, of which the second listens to the first; export the model with optimum-cli export onnx',
    )
  requireLogits(files, 'logits', 'writing', 'serve it as task tensor')
  const startIds = [startOf(files, defaults)]
  return {
    codec,
    defaults,
    graph,
    encoder: known.encoder,
    generator: createGenerator({ ...writing, decode: codec.decode }),
    startIds,
    warmup: () => firstInputs(graph),
    tryOut: async (source) => {
      const settings = { ...plainSettings, maxNewTokens: 2 }
      await writing.write({ promptIds: startIds, settings, source }, () => {}).ended
    },
  }
}
