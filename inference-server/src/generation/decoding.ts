/**
 * Continuous batching: the texts that one session writes at a time, each a row.
 *
 * A row is `waiting` until a step takes it in. Then it is `reading`: its prompt runs (together with others, as long as they
 * are few tokens; a long one in pieces), which fills its cache and gives its first token. From then on it is `writing`: a
 * step runs the newest token of all rows at once and gives each its next one. It is `done` at its end, when it has all its
 * tokens, when its run fails, or when it is told to leave; the others do not notice. Steps take turns: one that reads, one
 * for the rows that are `writing`, so that no text waits for more than a piece of a prompt.
 *
 * Caches live here, between the steps, and never leave the thread. Together they hold at most `maxTokens` tokens, what fills
 * up shorter rows included, or a single row: no row is taken in beyond that, and when the writing rows outgrow it, the one
 * that came last gives its cache up and waits again, to read on its next turn what it has and has written.
 *
 * Where the graph has no attention mask, the zeros on the left of a shorter row cannot be hidden: then only rows of one
 * length run together, and the groups take turns.
 */

import type { Progress, Writing } from '../sessions/session-messages.ts'
import { type NamedTensors, noTensors, type Tensor } from '../tensors/tensor.ts'
import { freeTensors } from '../tensors/tensor-memory.ts'
import type { DecoderGraph } from './graph.ts'
import { lastScores } from './logits.ts'
import { cpuReading, type ReadingLimits, readsInPieces } from './reading.ts'
import { type Group, rowOf, stacked, write } from './rows.ts'
import { contextOf, lengthOf, stepInputs } from './step-inputs.ts'
import { createTurns } from './turns.ts'

export interface Decoding {
  readonly join: (writing: Writing) => void
  /** The row takes part in no further step. */
  readonly leave: (id: number) => void
  /** Rows that wait, read or write. */
  readonly size: () => number
  /** One run, and a token for every row in it that has been read. */
  readonly step: () => Promise<readonly Progress[]>
}

export interface DecodingOptions {
  readonly graph: DecoderGraph
  readonly run: (inputs: NamedTensors) => Promise<NamedTensors>
  /** Runs the encoder, where there is one. */
  readonly encode?: (inputs: NamedTensors) => Promise<NamedTensors>
  readonly reading?: ReadingLimits
  /** Most tokens in the caches of all rows; one row may have more. Default: any number. */
  readonly maxTokens?: number
}

/** The rows of a group whose run failed: all of them end. */
const failed = ({ rows }: Group, error: unknown): readonly Progress[] => {
  const failure = String(error instanceof Error ? error.message : error)
  return rows.flatMap((row) => {
    if (row.done) return []
    row.done = true
    return [{ id: row.id, failure }]
  })
}

/** @returns runs the columns of a group up to `to`, and writes the next tokens where that is its end */
const createAdvance = ({ graph, run, encode }: Pick<DecodingOptions, 'graph' | 'run' | 'encode'>) => {
  /** Output of the encoder for the rows' sources. */
  const listen = async ({ rows }: Group): Promise<NamedTensors> => {
    if (!graph.source || !encode) return noTensors
    const inputs = stacked(rows.map(({ source = noTensors }) => source))
    return contextOf(graph, await encode(inputs), inputs)
  }

  return async (group: Group, to: number): Promise<readonly Progress[]> => {
    const { caches: before } = group
    if (before.length === 0) group.context = await listen(group)
    const outputs = await run(stepInputs(graph, group, { from: group.read, to }))
    group.caches = graph.caches.map(({ present, ofSource }, index) =>
      ofSource && before[index] ? before[index] : (outputs.get(present) as Tensor),
    )
    // No other group holds them: a cache that comes to another group is copied.
    freeTensors(before.filter((cache) => !group.caches.includes(cache)))
    group.read = to
    if (to < lengthOf(group.rows)) return []
    const logits = outputs.get('logits') as Tensor
    return group.rows.flatMap((row, index) => (row.done ? [] : [write(row, lastScores(logits, index))]))
  }
}

export const createDecoding = (options: DecodingOptions): Decoding => {
  const { graph, run, reading = cpuReading, maxTokens = Number.POSITIVE_INFINITY } = options
  const turns = createTurns(graph, reading, maxTokens)
  const advance = createAdvance(options)
  let inPieces: boolean | undefined

  /** Reads prompts to their end, or a piece of a long one. */
  const readOn = async (group: Group): Promise<readonly Progress[]> => {
    const length = lengthOf(group.rows)
    const end = Math.min(length, group.read + turns.readingTokens())
    // Found out with the first long prompt only, since it takes a run.
    if (end < length) inPieces ??= await readsInPieces(graph, run)
    const progress = await advance(group, inPieces ? end : length)
    if (group.read === length) turns.startWriting(group)
    return progress
  }

  return {
    join: (writing) => turns.wait(rowOf(writing)),
    leave: turns.leave,
    size: turns.size,
    step: async () => {
      const group = turns.next()
      if (!group) return []
      try {
        return await (turns.isReading(group) ? readOn(group) : advance(group, lengthOf(group.rows)))
      } catch (error) {
        turns.remove(group)
        return failed(group, error)
      }
    },
  }
}
