import { StartError } from '../errors.ts'
import type { Signature } from '../tensor.ts'
import { codePointCounter, codePoints } from './code-points.ts'
import { aggregationStrategies, entitiesOf, type LabelledToken } from './entities.ts'
import { namesFor, readLabels } from './labels.ts'
import { parameterReader } from './parameters.ts'
import type { Piece } from './pieces.ts'
import { jsonResult, perItem } from './results.ts'
import { softmax } from './softmax.ts'
import type { LoadedTask, Prepared, TaskFiles } from './task.ts'
import { readText } from './texts.ts'
import { tokenInputs } from './token-input.ts'
import { floatOutput, numbersOf } from './token-output.ts'
import { loadTokenizer, type Tokenizer } from './tokenizer.ts'

/** Labels that name nothing, left out unless a request says otherwise. */
const ignoredByDefault = ['O']

/** Text -> entities with their places: a label per token, grouped after `aggregation_strategy`. */
export const tokenClassification = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
): Promise<LoadedTask> => {
  const [tokenizerFor, named, known] = await Promise.all([loadTokenizer(files), readLabels(files), signature])
  const inputs = tokenInputs(known.inputs, 'token-classification')
  const tokenizer = tokenizerFor(inputs.fixedTokens)
  const output = floatOutput(known, { names: ['logits'], rank: 3, axes: '[rows, tokens, labels]' })
  const classes = output.shape[2] ?? -1
  if (named && classes > 0 && named.length > classes)
    throw new StartError(
      `${named.length} labels are given, but output ${output.name} has ${classes}; remove the labels that the model does not know`,
    )
  return {
    fields: ['text'],
    lists: ['ignore_labels'],
    parameters: ['aggregation_strategy'],
    endpoint: undefined,
    outputs: [perItem('entities')],
    read: (members, pathOf) => {
      const text = readText(members['text'], pathOf('text'))
      const parameters = parameterReader(members, pathOf)
      const strategy = parameters.choice('aggregation_strategy', aggregationStrategies, 'none')
      const ignored = parameters.list('ignore_labels', { from: 0, to: 1000 }) ?? ignoredByDefault
      return (): Prepared => {
        const pieces = tokenizer.pieces(text, tokenizer.maxTokens - tokenizer.added.frame)
        const encoded = tokenizer.frame(pieces.map(({ id }) => id))
        const row = inputs.row(encoded, tokenizer)
        return {
          rows: [row],
          tokens: encoded.ids.length,
          postprocess: ([outputs = {}]) => {
            const logits = numbersOf(outputs, output.name)
            const width = logits.length / (row['input_ids']?.shape[1] ?? 1)
            const tokens = labelled(text, pieces, softmax(logits, width), {
              width,
              firstAt: encoded.firstAt,
              tokenizer,
            })
            const labels = namesFor(named, width)
            const found = entitiesOf(tokens, { strategy, ignored, labels, join: tokenizer.join })
            return jsonResult('entities', found)
          },
        }
      }
    },
    warmup: () => inputs.row(tokenizer.encode('warm-up'), tokenizer),
  }
}

interface Labelling {
  /** Number of labels. */
  readonly width: number
  /** Special tokens before the first piece. */
  readonly firstAt: number
  readonly tokenizer: Tokenizer
}

/** @param probabilities [tokens, labels] */
const labelled = (
  text: string,
  pieces: readonly Piece[],
  probabilities: Float32Array,
  { width, firstAt, tokenizer }: Labelling,
): readonly LabelledToken[] => {
  const place = codePointCounter(text)
  return pieces.map((piece, position) => {
    const index = firstAt + position
    const shown = text.slice(piece.start, piece.end)
    const unknown = piece.id === tokenizer.unknownId
    const spansMore = tokenizer.marksSubwords
      ? codePoints(piece.token) !== codePoints(shown)
      : piece.start > 0 && !text.slice(piece.start - 1, piece.start + 1).includes(' ')
    return {
      token: unknown ? shown : piece.token,
      index,
      start: place(piece.start),
      end: place(piece.end),
      continues: spansMore && !unknown,
      probabilities: probabilities.subarray(index * width, (index + 1) * width),
    }
  })
}
