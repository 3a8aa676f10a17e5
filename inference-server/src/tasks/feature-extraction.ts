import { Failure } from '../errors.ts'
import { type NamedTensors, noTensors, type Signature } from '../tensor.ts'
import { parameterReader } from './parameters.ts'
import { normalized, type Pooling, pool, poolings, readPooling } from './pooling.ts'
import { rowPerItem } from './results.ts'
import type { LoadedTask, Prepared, TaskFiles, TaskResult } from './task.ts'
import { readText } from './texts.ts'
import { tokenInputs } from './token-input.ts'
import { floatOutput, numbersOf } from './token-output.ts'
import { type Encoded, loadTokenizer, type Tokenizer } from './tokenizer.ts'

/** How one request wants its vectors. */
interface Wish {
  readonly pooling: Pooling
  readonly normalize: boolean
}

/** Text -> vector: the states of its tokens, pooled and brought to length 1 as the folder or the request says. */
export const featureExtraction = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
): Promise<LoadedTask> => {
  const [tokenizerFor, config, known] = await Promise.all([
    loadTokenizer(files),
    readPooling(files),
    signature,
  ])
  const inputs = tokenInputs(known.inputs, 'feature-extraction', files)
  const tokenizer = tokenizerFor(inputs.fixedTokens ?? config.maxTokens)
  const states = stateOutput(known)
  const encode = (text: string) => tokenizer.encode(config.lowercase ? text.toLowerCase() : text)
  const prepared = (encoded: Encoded, { pooling, normalize }: Wish): Prepared => ({
    rows: [inputs.row(encoded, tokenizer)],
    tokens: encoded.ids.length,
    postprocess: ([outputs = noTensors]) => {
      const vectors = vectorsOf(outputs, states, encoded.ids.length, pooling)
      const single = states.pooled || pooling !== 'none'
      return result(normalize ? vectors.map(normalized) : vectors, single)
    },
  })
  return {
    fields: ['text'],
    lists: [],
    parameters: ['pooling', 'normalize'],
    endpoint: undefined,
    // A vector for each token, where `pooling` is none, has an axis more.
    outputs: [rowPerItem('embedding', 'FP32')],
    read: (members, pathOf) => {
      const text = readText(members['text'], pathOf('text'))
      const { choice, flag } = parameterReader(members, pathOf)
      const pooling = choice('pooling', poolings, config.pooling)
      const normalize = flag('normalize', config.normalize && pooling !== 'none')
      return () => prepared(encode(text), { pooling, normalize })
    },
    readTokens: (ids, field) => {
      checkIds(ids, field, tokenizer)
      const room = tokenizer.maxTokens - tokenizer.added.frame
      return () => prepared(tokenizer.frame(ids.slice(0, room)), config)
    },
    warmup: () => inputs.row(encode('warm-up'), tokenizer),
  }
}

/** @throws Failure */
const checkIds = (ids: readonly number[], field: string, { hasId }: Tokenizer): void => {
  if (ids.length === 0) throw new Failure('invalid', `${field} is empty`, { field })
  const strange = ids.find((id) => !hasId(id))
  if (strange === undefined) return
  throw new Failure(
    'invalid',
    `${field} holds ${strange}, which is no token of this model; send texts, or the ids that the model's own tokenizer gives them`,
    { field },
  )
}

interface StateOutput {
  readonly name: string
  /** Whether the graph pools itself and gives one vector per text. */
  readonly pooled: boolean
}

const stateOutput = (known: Signature): StateOutput => {
  const pooled = known.outputs.find(({ name, shape }) => name === 'sentence_embedding' && shape.length === 2)
  if (pooled) return { name: pooled.name, pooled: true }
  const names = ['last_hidden_state', 'token_embeddings']
  const { name } = floatOutput(known, { names, rank: 3, axes: '[rows, tokens, width]' })
  return { name, pooled: false }
}

/** One vector, or with pooling `none` one per token. */
const vectorsOf = (
  outputs: NamedTensors,
  { name, pooled }: StateOutput,
  tokens: number,
  pooling: Pooling,
): readonly Float32Array<ArrayBuffer>[] => {
  const states = numbersOf(outputs, name)
  if (pooled) return [Float32Array.from(states)]
  const width = outputs.get(name)?.shape[2] ?? 0
  if (pooling !== 'none') return [pool(states, width, tokens, pooling)]
  const all = Float32Array.from(states)
  return Array.from({ length: tokens }, (_, token) => all.slice(token * width, (token + 1) * width))
}

const result = (vectors: readonly Float32Array<ArrayBuffer>[], single: boolean): TaskResult => {
  const [first = new Float32Array()] = vectors
  return {
    answer: () => ({ embedding: single ? Array.from(first) : vectors.map((vector) => Array.from(vector)) }),
    tensors: () => {
      const data = new Float32Array(vectors.length * first.length)
      for (const [index, vector] of vectors.entries()) data.set(vector, index * first.length)
      const shape = single ? [1, first.length] : [1, vectors.length, first.length]
      return new Map([['embedding', { dtype: 'FP32', shape, data }]])
    },
  }
}
