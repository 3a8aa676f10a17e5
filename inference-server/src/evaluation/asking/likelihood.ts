/**
 * How likely a model that writes finds the label: one run of its graph on prompt and label together, by the tensors that its server
 * takes beside texts. So the numbers are those of the graph that serves.
 */
import { CandidateError } from '../../accuracy/candidate-error.ts'
import type { Likelihood } from '../../accuracy/prediction.ts'
import { type Codec, loadCodec } from '../../generation/codec.ts'
import { type DecoderGraph, readDecoderGraph } from '../../generation/graph.ts'
import { stepInputs } from '../../generation/step-inputs.ts'
import { fromHalf } from '../../tensors/half.ts'
import { noTensors } from '../../tensors/tensor.ts'
import { binaryInferBody } from './infer-body.ts'
import { type Client, type ModelMetadata, paths, refused } from './served-model.ts'

export interface Scorer {
  /**
   * @param line of the sample, for errors
   * @throws CandidateError where the server refuses the run
   */
  readonly score: (client: Client, prompt: string, label: string, line: number) => Promise<Likelihood>
}

const logits = 'logits'

/** Length of what both begin with: a token that spans the end of the prompt belongs to the label. */
const commonLength = (one: readonly number[], other: readonly number[]): number => {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}

/** log softmax(scores)[id], the maximum subtracted first so that `exp` cannot overflow. */
const logProbability = (scores: ArrayLike<number>, id: number): number => {
  let most = Number.NEGATIVE_INFINITY
  for (let index = 0; index < scores.length; index += 1) most = Math.max(most, scores[index] as number)
  let sum = 0
  for (let index = 0; index < scores.length; index += 1) sum += Math.exp((scores[index] as number) - most)
  return (scores[id] as number) - most - Math.log(sum)
}

/** The scores after each token, float [tokens, vocabulary]. */
interface Scores {
  readonly after: (place: number) => ArrayLike<number>
}

const scoresIn = (raw: Buffer, datatype: string, tokens: number): Scores => {
  const copy = new Uint8Array(raw).buffer
  const isHalf = datatype === 'FP16'
  const all = isHalf ? new Uint16Array(copy) : new Float32Array(copy)
  const vocabulary = all.length / tokens
  return {
    after: (place) => {
      const row = all.subarray(place * vocabulary, (place + 1) * vocabulary)
      return isHalf ? Float64Array.from(row, fromHalf) : row
    },
  }
}

const tokensOf = async (codec: Codec, prompt: string, label: string) => {
  const [before, whole] = [await codec.encode(prompt, true), await codec.encode(prompt + label, true)]
  return { whole, from: commonLength(before, whole) }
}

const run = async (
  graph: DecoderGraph,
  client: Client,
  ids: readonly number[],
  line: number,
): Promise<Scores> => {
  const rows = { rows: [{ ids }], context: noTensors, caches: [] }
  const inputs = stepInputs(graph, rows, { from: 0, to: ids.length })
  const reply = await client.post(paths.infer, binaryInferBody(inputs, logits))
  if (!('answer' in reply)) throw refused(reply, line)
  const { outputs } = reply.answer as { readonly outputs: readonly { readonly datatype: string }[] }
  return scoresIn(reply.binary, String(outputs[0]?.datatype), ids.length)
}

/** @param dir folder of the model @throws StartError where it has no tokenizer, or its graph is no decoder with a cache */
export const openScorer = async (
  dir: string,
  { inputs, outputs }: Pick<ModelMetadata, 'inputs' | 'outputs'>,
  signal: AbortSignal,
): Promise<Scorer> => {
  const graph = readDecoderGraph({ inputs, outputs })
  const codec = await loadCodec({ dir, signal })
  return {
    score: async (client, prompt, label, line) => {
      const { whole, from } = await tokensOf(codec, prompt, label)
      if (from === 0)
        throw new CandidateError(
          'PredictionFailed',
          `line ${line}: the prompt has no token before the label, so the first one has no probability`,
        )
      const scores = await run(graph, client, whole.slice(0, -1), line)
      let logLikelihood = 0
      for (let place = from; place < whole.length; place += 1)
        logLikelihood += logProbability(scores.after(place - 1), whole[place] as number)
      return { logLikelihood, tokens: whole.length - from }
    },
  }
}
