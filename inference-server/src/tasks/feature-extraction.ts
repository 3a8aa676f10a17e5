import { Failure, StartError } from '../failures/errors.ts'
import type { TaskFiles } from '../models/model-files.ts'
import type { Members, PathOf } from '../requests/members.ts'
import { type NamedTensors, noTensors, type Signature } from '../tensors/tensor.ts'
import { parameterReader } from './parameters.ts'
import { normalized, type PoolingMode, pool, poolingModes, type TokenStates } from './pooling.ts'
import { rowPerItem } from './results.ts'
import { readSentenceModules, type SentenceModules } from './sentence-modules.ts'
import type { LoadedTask, Prepared, TaskResult } from './task.ts'
import type { Encoded } from './text/frames.ts'
import { after, type Reading } from './text/readings.ts'
import { readText } from './text/texts.ts'
import { tokenInputs } from './text/token-input.ts'
import { floatOutput, numbersOf } from './text/token-output.ts'
import { loadTokenizer, type Tokenizer } from './text/tokenizer.ts'
import type { VectorLayer } from './vector-layers.ts'

/** Ways to pool that a request may ask for; `none` keeps the states of all tokens. */
const askedPoolings = [...poolingModes, 'none'] as const

/** JSON of one number of FP32. */
const numberBytes = 20

/** How one request wants its vectors. */
interface Wish {
  readonly pooling: readonly PoolingMode[] | 'none'
  readonly layers: readonly VectorLayer[]
}

/** Text -> vector: the states of its tokens, pooled and taken through the layers of the folder, or as the request says. */
export const featureExtraction = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
): Promise<LoadedTask> => {
  const [tokenizerFor, modules, known] = await Promise.all([
    loadTokenizer(files),
    readSentenceModules(files),
    signature,
  ])
  const inputs = tokenInputs(known.inputs, 'feature-extraction', files)
  const tokenizer = tokenizerFor(inputs.fixedTokens ?? modules.maxTokens)
  const states = stateOutput(known)
  const layers = layersBehind(states, modules.layers)
  const encode = (text: string, field?: string) =>
    tokenizer.encode(modules.lowercase ? text.toLowerCase() : text, field)
  /** How many tokens of a text with a prompt are the prompt's, its special ones in front among them. */
  const promptTokens = (prompt: string, field: string): Reading<number> =>
    modules.includesPrompt || prompt === ''
      ? 0
      : after(encode(prompt, field), ({ ids }) => ids.length - tokenizer.added.behind)
  const vectors = (outputs: NamedTensors, to: number, from: number, wish: Wish) =>
    vectorsOf(outputs, states, { from, to, ...wish })
  /** @param from how many tokens are the prompt's, and left out of the vector */
  const prepared = (encoded: Encoded, from: number, wish: Wish, field = 'pooling'): Prepared => ({
    rows: [inputs.row(encoded, tokenizer)],
    tokens: encoded.ids.length,
    ...(!states.pooled &&
      wish.pooling === 'none' && {
        answer: { bytes: encoded.ids.length * (states.width ?? 0) * numberBytes, field },
      }),
    postprocess: ([outputs = noTensors]) => {
      const single = states.pooled || wish.pooling !== 'none'
      return result(vectors(outputs, encoded.ids.length, from, wish), single)
    },
  })
  return {
    fields: ['text'],
    lists: [],
    parameters: ['pooling', 'normalize', 'prompt_name', 'prompt'],
    endpoint: undefined,
    // A vector for each token, where `pooling` is none, has an axis more.
    outputs: [rowPerItem('embedding', 'FP32')],
    read: (members, pathOf) => {
      const field = pathOf('text')
      const text = readText(members['text'], field)
      const prompt = readPrompt(members, pathOf, modules)
      const wish = readWish(members, pathOf, modules.pooling, layers)
      return () =>
        after(encode(prompt + text, field), (encoded) =>
          after(promptTokens(prompt, field), (from) => prepared(encoded, from, wish, pathOf('pooling'))),
        )
    },
    readTokens: (ids, field) => {
      checkIds(ids, field, tokenizer)
      refusePrompt(modules, field)
      const room = tokenizer.maxTokens - tokenizer.added.frame
      return () => prepared(tokenizer.frame(ids.slice(0, room)), 0, { pooling: modules.pooling, layers })
    },
    checkWarmup: (outputs) => {
      const [vector] = vectors(outputs, 1, 0, { pooling: modules.pooling, layers: [] })
      const problem = misfit(layers, vector?.length ?? 0)
      if (problem) throw new StartError(`${problem}; save the model again with all of its modules`)
    },
    warmup: () => after(encode('warm-up'), (encoded) => inputs.row(encoded, tokenizer)),
  }
}

/** @throws Failure */
const checkIds = (ids: readonly number[], field: string, { hasId }: Tokenizer): void => {
  if (ids.length === 0) throw new Failure('invalid', `${field} is empty`, { field })
  const unknownId = ids.find((id) => !hasId(id))
  if (unknownId === undefined) return
  throw new Failure(
    'invalid',
    `${field} holds ${unknownId}, which is no token of this model; send texts, or the ids that the model's own tokenizer gives them`,
    { field },
  )
}

/** What stands between a prompt and a text belongs to the tokens of both, so none can be put before tokens. @throws Failure */
const refusePrompt = ({ prompts, defaultPrompt }: SentenceModules, field: string): void => {
  const prompt = prompts.get(defaultPrompt ?? '') ?? ''
  if (prompt === '') return
  throw new Failure(
    'invalid',
    `${field} holds tokens, but this model reads ${JSON.stringify(prompt)} before each text (default_prompt_name), which cannot be put before tokens; send texts`,
    { field },
  )
}

/** @throws Failure naming the parameter that is wrong */
const readWish = (
  members: Members,
  pathOf: PathOf,
  usual: readonly PoolingMode[],
  layers: readonly VectorLayer[],
): Wish => {
  const { choice, flag } = parameterReader(members, pathOf)
  const isAsked = ![undefined, null, ''].includes(members['pooling'] as string)
  const asked = isAsked ? choice('pooling', askedPoolings, 'none') : undefined
  const pooling = asked === undefined ? usual : asked === 'none' ? asked : [asked]
  const isNormal = layers.some(({ kind }) => kind === 'normalize')
  const normalize = flag('normalize', isNormal && pooling !== 'none')
  // What the states of tokens go through is for whole texts.
  const own = pooling === 'none' ? [] : layers.filter(({ kind }) => normalize || kind !== 'normalize')
  return {
    pooling,
    layers: normalize && !own.some(({ kind }) => kind === 'normalize') ? [...own, unit] : own,
  }
}

const unit: VectorLayer = { path: '', kind: 'normalize', widths: undefined, apply: normalized }

/** The text that is put before: of the request, or by its name in the folder. @throws Failure */
const readPrompt = (
  members: Members,
  pathOf: PathOf,
  { prompts, defaultPrompt }: SentenceModules,
): string => {
  const { prompt } = members
  if (prompt === '') return ''
  if (prompt !== undefined && prompt !== null) return readText(prompt, pathOf('prompt'))
  const field = pathOf('prompt_name')
  if (prompts.size === 0 && members['prompt_name'])
    throw new Failure('invalid', `${field} names a prompt, but the model has none; send prompt instead`, {
      field,
    })
  const name = parameterReader(members, pathOf).choice(
    'prompt_name',
    [...prompts.keys()],
    defaultPrompt ?? '',
  )
  return prompts.get(name) ?? ''
}

/** A graph that gives vectors has the layers in it, except where their length tells that a Dense is still to come. */
const layersBehind = (
  { pooled, width }: StateOutput,
  layers: readonly VectorLayer[],
): readonly VectorLayer[] => {
  const [from, to] = layers.find(({ kind }) => kind === 'dense')?.widths ?? []
  const isOpen = !pooled || (width === from && from !== to)
  return isOpen ? layers : layers.filter(({ kind }) => kind === 'normalize')
}

interface StateOutput {
  readonly name: string
  /** Whether the graph pools itself and gives one vector per text. */
  readonly pooled: boolean
  /** Length of a vector; undefined where the graph leaves it open. */
  readonly width: number | undefined
}

const stateOutput = (known: Signature): StateOutput => {
  const pooled = known.outputs.find(({ name, shape }) => name === 'sentence_embedding' && shape.length === 2)
  const names = ['last_hidden_state', 'token_embeddings']
  const { name, shape } = pooled ?? floatOutput(known, { names, rank: 3, axes: '[rows, tokens, width]' })
  const width = shape.at(-1) ?? -1
  return { name, pooled: pooled !== undefined, width: width > 0 ? width : undefined }
}

/** One vector, or with pooling `none` one per token. */
const vectorsOf = (
  outputs: NamedTensors,
  { name, pooled }: StateOutput,
  { pooling, layers, from, to }: Wish & Pick<TokenStates, 'from' | 'to'>,
): readonly Float32Array<ArrayBuffer>[] => {
  const states = numbersOf(outputs, name)
  if (pooled) return [through(Float32Array.from(states), layers)]
  const width = outputs.get(name)?.shape[2] ?? 0
  if (pooling !== 'none') return [through(pool({ states, width, from, to }, pooling), layers)]
  const all = Float32Array.from(states)
  return Array.from({ length: to }, (_, token) =>
    through(all.slice(token * width, (token + 1) * width), layers),
  )
}

/** Why vectors of this length do not go through the layers. */
const misfit = (layers: readonly VectorLayer[], length: number): string | undefined => {
  let width = length
  for (const { path, widths } of layers) {
    if (widths && widths[0] !== width)
      return `${path} of modules.json takes vectors of ${widths[0]} numbers, not of ${width}`
    width = widths?.[1] ?? width
  }
  return undefined
}

/** @throws Failure where a request's own pooling makes vectors of another length */
const through = (
  vector: Float32Array<ArrayBuffer>,
  layers: readonly VectorLayer[],
): Float32Array<ArrayBuffer> => {
  const problem = misfit(layers, vector.length)
  if (problem)
    throw new Failure('invalid', `${problem}; leave pooling as the folder has it`, { field: 'pooling' })
  return layers.reduce((now, { apply }) => apply(now), vector)
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
