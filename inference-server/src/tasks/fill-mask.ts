import { Failure, StartError } from '../failures/errors.ts'
import type { TaskFiles } from '../models/model-files.ts'
import { systemClock } from '../process/clock.ts'
import { inTurns } from '../process/turns.ts'
import { noTensors, type Signature } from '../tensors/tensor.ts'
import { bestOf } from './best.ts'
import { parameterReader } from './parameters.ts'
import { jsonResult, perItem } from './results.ts'
import { softmax } from './softmax.ts'
import type { LoadedTask, Prepared } from './task.ts'
import type { Encoded } from './text/frames.ts'
import { after, type Reading, readAll } from './text/readings.ts'
import { readText } from './text/texts.ts'
import { tokenInputs } from './text/token-input.ts'
import { floatOutput, numbersOf } from './text/token-output.ts'
import { loadTokenizer, type Tokenizer } from './text/tokenizer.ts'

/** JSON of a filling, and of a token of its sequence; about. */
const fillingBytes = 80
const tokenBytes = 5

const { nowMs } = systemClock

/** A token for a mask; `sequence` is the text with it. */
interface Filling {
  readonly score: number
  readonly token: number
  readonly token_str: string
  readonly sequence: string
}

/** Text with masks -> the likeliest tokens for each: a list for one mask, a list of lists for several. */
export const fillMask = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
): Promise<LoadedTask> => {
  const [tokenizerFor, known] = await Promise.all([loadTokenizer(files), signature])
  const inputs = tokenInputs(known.inputs, 'fill-mask', files)
  const tokenizer = tokenizerFor(inputs.fixedTokens)
  const { mask } = tokenizer
  if (!mask)
    throw new StartError(
      'the tokenizer has no mask token; set mask_token in tokenizer_config.json or serve the model as task tensor',
    )
  const { name } = floatOutput(known, { names: ['logits'], rank: 3, axes: '[rows, tokens, vocabulary]' })
  const normalised = files.graph?.endings.has(name)
  return {
    fields: ['text'],
    lists: ['targets'],
    parameters: ['top_k'],
    endpoint: undefined,
    outputs: [perItem('fillings')],
    read: (members, pathOf) => {
      const field = pathOf('text')
      const text = readText(members['text'], field)
      const { whole, list } = parameterReader(members, pathOf)
      const topK = whole('top_k', { from: 1, to: 1000 }, 5)
      const words = list('targets', { from: 1, to: 1000 })
      const prepared = (encoded: Encoded, targets: readonly number[] | undefined): Prepared => {
        const masks = encoded.ids.flatMap((id, index) => (id === mask.id ? [index] : []))
        if (masks.length === 0) {
          const message = `${field} has no ${mask.token} among its first ${tokenizer.maxTokens} tokens; put one where a word is missing`
          throw new Failure('invalid', message, { field })
        }
        const row = inputs.row(encoded, tokenizer)
        const each = masks.length * Math.min(topK, targets?.length ?? topK)
        return {
          rows: [row],
          tokens: encoded.ids.length,
          answer: { bytes: each * (fillingBytes + encoded.ids.length * tokenBytes), field: pathOf('top_k') },
          postprocess: async ([outputs = noTensors]) => {
            const values = numbersOf(outputs, name)
            const vocabulary = values.length / (row.get('input_ids')?.shape[1] ?? 1)
            const fill = (at: number): Promise<readonly Filling[]> => {
              const row = rowOf(values, at, vocabulary)
              const scores = normalised ? row : softmax(row, vocabulary)
              const best = likeliest(scores, targets, topK)
              const one = (token: number): Filling =>
                filling(tokenizer, encoded, at, token, {
                  score: Number(scores[token]),
                  alone: masks.length === 1,
                })
              return inTurns(best, one, { atATime: 16, nowMs })
            }
            const found = await inTurns(masks, fill, { atATime: 1, nowMs })
            return jsonResult('fillings', found.length === 1 ? (found[0] ?? []) : found)
          },
        }
      }
      return () =>
        after(words && targetIds(tokenizer, words, pathOf('targets')), (targets) =>
          after(tokenizer.encode(text, field), (encoded) => prepared(encoded, targets)),
        )
    },
    warmup: () => after(tokenizer.encode(mask.token), (encoded) => inputs.row(encoded, tokenizer)),
  }
}

const rowOf = (values: ArrayLike<number>, row: number, width: number): Float32Array =>
  Float32Array.from({ length: width }, (_, index) => Number(values[row * width + index]))

/** A target is a token; what is none counts as the first token that it is cut into. */
const targetIds = (
  tokenizer: Tokenizer,
  targets: readonly string[],
  field: string,
): Reading<readonly number[]> => {
  const idOf = (target: string): Reading<number | undefined> =>
    tokenizer.idOf(target) ?? after(tokenizer.idsOf(target, 1, field), ([id]) => id)
  return after(readAll(targets, idOf), (ids) => {
    const found = new Set(ids.filter((id) => id !== undefined))
    if (found.size > 0) return [...found]
    throw new Failure('invalid', `${field} holds nothing that the tokenizer knows; name other words`, {
      field,
    })
  })
}

/** The first of equals first. @param among undefined: all tokens */
const likeliest = (
  scores: Float32Array,
  among: readonly number[] | undefined,
  most: number,
): readonly number[] => {
  const best = bestOf<number>(most, (token) => Number(scores[token]))
  if (!among) for (let token = 0; token < scores.length; token++) best.add(token)
  else for (const token of among) if (token < scores.length) best.add(token)
  return best.inOrder()
}

const filling = (
  tokenizer: Tokenizer,
  { ids }: Encoded,
  at: number,
  token: number,
  { score, alone }: { readonly score: number; readonly alone: boolean },
): Filling => {
  const filled = ids.map((id, index) => (index === at ? token : id)).filter((id) => id !== tokenizer.padId)
  return {
    score,
    token,
    token_str: tokenizer.decode([token]),
    // Special tokens stay where there are other masks: without them, the masks that are still open would be gone too.
    sequence: tokenizer.decode(filled, { skipSpecial: alone }),
  }
}
