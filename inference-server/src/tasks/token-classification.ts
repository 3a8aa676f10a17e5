import { Failure } from '../failures/errors.ts'
import type { TaskFiles } from '../models/model-files.ts'
import { systemClock } from '../process/clock.ts'
import { inTurns } from '../process/turns.ts'
import type { NamedTensors, Signature } from '../tensors/tensor.ts'
import type { Piece } from '../untrusted/messages.ts'
import {
  aggregationStrategies,
  type Entity,
  entitiesOf,
  type LabelledToken,
  withoutOverlaps,
} from './entities.ts'
import { checkLabels, namesFor, readLabels } from './labels.ts'
import { parameterReader } from './parameters.ts'
import { jsonResult, perItem } from './results.ts'
import { softmax } from './softmax.ts'
import type { LoadedTask, Prepared } from './task.ts'
import { codePointCounter, codePoints } from './text/code-points.ts'
import { after } from './text/readings.ts'
import { readText } from './text/texts.ts'
import { tokenInputs } from './text/token-input.ts'
import { floatOutput, numbersOf } from './text/token-output.ts'
import { loadTokenizer, type Tokenizer } from './text/tokenizer.ts'
import { windowsOf } from './text/windows.ts'

/** Labels that name nothing, left out unless a request says otherwise. */
const ignoredByDefault = ['O']

/** What a text can be read with in several windows. */
const joining = aggregationStrategies.filter((strategy) => strategy !== 'none')

/**
 * Text -> entities with their places: a label per token, grouped after `aggregation_strategy`. Of a text that is too long
 * only the start is read, or with `stride` all of it in windows that overlap by so many tokens.
 */
export const tokenClassification = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
): Promise<LoadedTask> => {
  const [tokenizerFor, named, known] = await Promise.all([loadTokenizer(files), readLabels(files), signature])
  const inputs = tokenInputs(known.inputs, 'token-classification', files)
  const tokenizer = tokenizerFor(inputs.fixedTokens)
  const output = floatOutput(known, { names: ['logits'], rank: 3, axes: '[rows, tokens, labels]' })
  checkLabels(named, output.name, output.shape[2] ?? -1)
  const normalised = files.graph?.endings.has(output.name)
  return {
    fields: ['text'],
    lists: ['ignore_labels'],
    parameters: ['aggregation_strategy', 'stride'],
    endpoint: undefined,
    outputs: [perItem('entities')],
    read: (members, pathOf) => {
      const field = pathOf('text')
      const text = readText(members['text'], field)
      const parameters = parameterReader(members, pathOf)
      const strategy = parameters.choice('aggregation_strategy', aggregationStrategies, 'none')
      const ignored = parameters.list('ignore_labels', { from: 0, to: 1000 }) ?? ignoredByDefault
      const overlap = parameters.whole('stride', { from: 0, to: tokenizer.maxTokens }, undefined)
      const overlapField = pathOf('stride')
      if (overlap !== undefined && strategy === 'none')
        throw new Failure(
          'invalid',
          `${overlapField} reads the text in windows, whose words have to be joined; set aggregation_strategy to ${joining.join(', ')}`,
          { field: overlapField },
        )
      const room = tokenizer.maxTokens - tokenizer.added.frame
      const prepared = (pieces: readonly Piece[]): Prepared => {
        const windows =
          overlap === undefined
            ? [pieces]
            : windowsOf(pieces, { room, overlap, overlapField, textField: field })
        const encoded = windows.map((pieces) => tokenizer.frame(pieces.map(({ id }) => id)))
        const rows = encoded.map((one) => inputs.row(one, tokenizer))
        return {
          rows,
          tokens: encoded.reduce((sum, { ids }) => sum + ids.length, 0),
          postprocess: async (outputs) => {
            const place = codePointCounter(text)
            const entities = ([index, row]: readonly [number, NamedTensors]): readonly Entity[] => {
              const scores = numbersOf(row, output.name)
              const width = scores.length / (rows[index]?.get('input_ids')?.shape[1] ?? 1)
              const firstAt = encoded[index]?.firstAt ?? 0
              const probabilities = normalised ? Float32Array.from(scores) : softmax(scores, width)
              const labelling = { place, width, firstAt, tokenizer }
              const tokens = labelled(text, windows[index] ?? [], probabilities, labelling)
              const labels = namesFor(named, width)
              return entitiesOf(tokens, { strategy, ignored, labels, join: tokenizer.join })
            }
            const turns = { atATime: 16, nowMs: systemClock.nowMs }
            const found = await inTurns([...outputs.entries()], entities, turns)
            return jsonResult('entities', found.length > 1 ? withoutOverlaps(found.flat()) : (found[0] ?? []))
          },
        }
      }
      return () => after(tokenizer.pieces(text, overlap === undefined ? room : undefined, field), prepared)
    },
    checkWarmup: (outputs) => checkLabels(named, output.name, outputs.get(output.name)?.shape[2] ?? -1),
    warmup: () => after(tokenizer.encode('warm-up'), (encoded) => inputs.row(encoded, tokenizer)),
  }
}

interface Labelling {
  /** UTF-16 units -> code points. */
  readonly place: (unit: number) => number
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
  { place, width, firstAt, tokenizer }: Labelling,
): readonly LabelledToken[] =>
  pieces.map((piece, position) => {
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
