/** What a decoder's graph takes and gives, as Hugging Face's exporters name it. */
import { StartError } from '../failures/errors.ts'
import type { Signature, TensorSpec } from '../tensors/tensor.ts'
import { tokenAxis } from './cache.ts'

/** Inputs and outputs of a decoder. Plain data, since worker threads get it too. */
export interface DecoderGraph {
  readonly ids: TensorSpec
  /** Hides the zeros on the left of shorter rows; a graph without it takes rows of one length only. */
  readonly mask: TensorSpec | undefined
  /** Positions are counted from 0 in every row, without its padding. */
  readonly positions: TensorSpec | undefined
  readonly caches: readonly Cache[]
  /** The encoder's output for the source, [rows, source tokens, width]; only for a decoder with cross-attention. */
  readonly source: TensorSpec | undefined
  /** Attention mask of the source. */
  readonly sourceMask: TensorSpec | undefined
  /** BOOL [1], `use_cache_branch`: false in the first run, whose caches are empty. */
  readonly cached: TensorSpec | undefined
  /** Length of the logits' last axis, where the graph declares it. */
  readonly vocabulary: number | undefined
}

interface Cache {
  /** past_key_values.… */
  readonly past: TensorSpec
  /** present.… */
  readonly present: string
  /** Axis that counts tokens. */
  readonly axis: number
  /** Whether the cache holds the source (cross-attention): it is filled in the first run and stays the same in all others. */
  readonly ofSource: boolean
}

const isCache = ({ name }: TensorSpec): boolean => /^past(_key_values)?\./.test(name)

const known = [
  'input_ids',
  'attention_mask',
  'position_ids',
  'encoder_hidden_states',
  'encoder_attention_mask',
  'use_cache_branch',
]

/** @throws StartError where this is no decoder with a cache */
export const readDecoderGraph = ({ inputs, outputs }: Signature): DecoderGraph => {
  const refuse = (problem: string): StartError =>
    new StartError(
      `${problem}, so it cannot write text step by step; export it with its cache (optimum-cli export onnx --task text-generation-with-past), or serve it as task tensor`,
    )
  const find = (name: string): TensorSpec | undefined => inputs.find((input) => input.name === name)
  const ids = find('input_ids')
  if (!ids) throw refuse('the model has no input input_ids')
  const unknownInput = inputs.find((input) => !known.includes(input.name) && !isCache(input))
  if (unknownInput) throw refuse(`the model has an input ${unknownInput.name}, which is not known here`)
  const caches = inputs.filter(isCache).map((past): Cache => {
    const present = past.name.replace(/^past(_key_values)?/, 'present')
    if (!outputs.some(({ name }) => name === present)) throw refuse(`the model has no output ${present}`)
    const axis = tokenAxis(past)
    if (axis < 0 || !/^FP(16|32)$/.test(past.datatype))
      throw refuse(`input ${past.name} is not FP32 or FP16 with one free axis for its tokens`)
    return { past, present, axis, ofSource: /\.encoder\./.test(past.name) }
  })
  if (caches.length === 0) throw refuse('the model has no inputs past_key_values')
  const logits = outputs.find(({ name }) => name === 'logits')
  if (logits?.shape.length !== 3 || !/^FP(16|32)$/.test(logits.datatype))
    throw refuse('the model has no output logits of FP32 or FP16 [rows, tokens, vocabulary]')
  const vocabulary = logits.shape[2] === -1 ? undefined : logits.shape[2]
  return {
    ids,
    mask: find('attention_mask'),
    positions: find('position_ids'),
    caches,
    source: find('encoder_hidden_states'),
    sourceMask: find('encoder_attention_mask'),
    cached: find('use_cache_branch'),
    vocabulary,
  }
}
