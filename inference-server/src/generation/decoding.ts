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
import { type Group, heldTokens, living, type Row, rowOf, sourceKey, stacked, united, write } from './rows.ts'
import { contextOf, lengthOf, stepInputs } from './step-inputs.ts'

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

/** Whether rows may share a run. */
const groupKey = (graph: DecoderGraph, row: Row): string =>
  `${graph.mask ? '' : row.ids.length}/${sourceKey(row)}`

/** Tokens in all caches once these rows are among them. */
const tokensIn = (graph: DecoderGraph, groups: readonly Group[], taken: readonly Row[]): number => {
  const writing = groups.map(living)
  const together = graph.mask ? [[...writing.flat(), ...taken]] : [...writing, taken]
  return together.reduce((sum, rows) => sum + (rows.length > 0 ? heldTokens(rows) : 0), 0)
}

/** Merges groups whose rows may run together, and removes rows that are done. */
const arranged = (graph: DecoderGraph, groups: readonly Group[]): readonly Group[] => {
  // A row that is done may have fewer tokens than the rows still being written.
  const keyed = groups.flatMap((group) => {
    const [first] = living(group)
    return first ? [{ group, key: groupKey(graph, first) }] : []
  })
  const together = Map.groupBy(keyed, ({ key }) => key)
  return [...together.values()].flatMap(
    (some) => united(graph, some.map(({ group }) => group) as [Group, ...Group[]]) ?? [],
  )
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
  const { graph, run, reading: limits = cpuReading, maxTokens = Number.POSITIVE_INFINITY } = options
  let waiting: readonly Row[] = []
  let reading: Group | undefined
  let groups: readonly Group[] = []
  let readLast = false
  let inPieces: boolean | undefined
  const advance = createAdvance(options)

  const tokensWith = (taken: readonly Row[]): number => tokensIn(graph, groups, taken)
  const readingTokens = (): number => (groups.length > 0 ? limits.beside : limits.alone)

  /** The first row that waits, and those behind it that fit into the same run. */
  const nextPrompts = (): Group => {
    const taken: Row[] = []
    for (const row of waiting) {
      const all = [...taken, row]
      const fits = lengthOf(all) * all.length <= readingTokens() && tokensWith(all) <= maxTokens
      if (taken[0] && (!fits || groupKey(graph, row) !== groupKey(graph, taken[0]))) break
      taken.push(row)
    }
    waiting = waiting.slice(taken.length)
    return { rows: taken, context: noTensors, caches: [], read: 0 }
  }

  /** Merges groups whose rows may run together, and removes rows that are done. */
  const arrange = (): void => {
    if (reading && living(reading).length === 0) reading = undefined
    groups = arranged(graph, groups)
  }

  /** Moves the row that came last back to waiting, until the others can take a step. */
  const makeRoom = (): void => {
    for (;;) {
      const rows = groups.flatMap(living)
      if (rows.length < 2 || tokensWith([]) <= maxTokens) return
      const last = rows.reduce((latest, row) => (row.id > latest.id ? row : latest))
      waiting = [{ ...last }, ...waiting]
      last.done = true
      arrange()
    }
  }

  const fail = (group: Group, error: unknown): readonly Progress[] => {
    groups = groups.filter((other) => other !== group)
    if (reading === group) reading = undefined
    return failed(group, error)
  }

  /** Reads prompts to their end, or a piece of a long one. */
  const readOn = async (group: Group): Promise<readonly Progress[]> => {
    const length = lengthOf(group.rows)
    const end = Math.min(length, group.read + readingTokens())
    // Found out with the first long prompt only, since it takes a run.
    if (end < length) inPieces ??= await readsInPieces(graph, run)
    const progress = await advance(group, inPieces ? end : length)
    if (group.read === length) {
      reading = undefined
      groups = [...groups, group]
    }
    return progress
  }

  /** The group whose turn it is. */
  const next = (): Group | undefined => {
    const [newcomer] = waiting
    const admitted = newcomer && (groups.length === 0 || tokensWith([newcomer]) <= maxTokens)
    const canRead = reading !== undefined || admitted === true
    readLast = canRead && (!readLast || groups.length === 0)
    if (readLast) {
      reading ??= nextPrompts()
      return reading
    }
    makeRoom()
    const [group, ...others] = groups
    if (group) groups = [...others, group]
    return group
  }

  return {
    join: (writing) => {
      waiting = [...waiting, rowOf(writing)]
    },
    leave: (id) => {
      waiting = waiting.filter((row) => row.id !== id)
      for (const { rows } of reading ? [reading, ...groups] : groups)
        for (const row of rows) if (row.id === id) row.done = true
    },
    size: () =>
      waiting.length +
      [...groups, ...(reading ? [reading] : [])].reduce((sum, group) => sum + living(group).length, 0),
    step: async () => {
      arrange()
      const group = next()
      if (!group) return []
      try {
        return await (group === reading ? readOn(group) : advance(group, lengthOf(group.rows)))
      } catch (error) {
        return fail(group, error)
      }
    },
  }
}
