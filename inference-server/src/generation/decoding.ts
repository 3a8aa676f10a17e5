/**
 * Continuous batching: the texts that one session writes at a time, each a row.
 *
 * A row is `waiting` until a step takes it in: its prompt runs (together with others, as long as they are few tokens),
 * which fills its cache and gives its first token. From then on it is `writing`: a step runs the newest token of all rows
 * at once and gives each its next one. It is `done` at its end, when it has all its tokens, when its run fails, or when it
 * is told to leave; the others do not notice. While rows wait, steps take turns: one prompt run, one for those who write.
 * Caches live here, between the steps, and never leave the thread.
 *
 * Where the graph has no attention mask, the zeros on the left of a shorter row cannot be hidden: then only rows of one
 * length run together, and the groups take turns.
 */
import { fromHalf } from '../half.ts'
import type { NamedTensors, Tensor, TensorSpec } from '../tensor.ts'
import { type CachedRow, emptyCache, gatherRows } from './cache.ts'
import type { DecoderGraph } from './graph.ts'
import { nextToken } from './logits.ts'
import { type Random, seededRandom } from './random.ts'
import { plainSettings, type WritingSettings } from './settings.ts'

/** A text to write. */
export interface Writing {
  readonly id: number
  /** At least one token. */
  readonly promptIds: readonly number[]
  readonly settings: WritingSettings
}

/** A row came to its end, or to its limit. */
export type Ending = 'eos' | 'length'

/** What a step did to one row. */
export type Progress =
  | { readonly id: number; readonly token: number; readonly ending?: Ending }
  | { readonly id: number; readonly failure: string }

export interface Decoding {
  readonly join: (writing: Writing) => void
  /** The row takes part in no further step. */
  readonly leave: (id: number) => void
  /** Rows that wait or write. */
  readonly size: () => number
  /** One run, and a token for every row in it. */
  readonly step: () => Promise<readonly Progress[]>
}

export interface DecodingOptions {
  readonly graph: DecoderGraph
  readonly run: (inputs: NamedTensors) => Promise<NamedTensors>
  /** Most tokens of prompts in one run, what fills up shorter ones included; a longer prompt runs alone. */
  readonly promptTokens?: number
}

interface Row {
  readonly id: number
  readonly ids: number[]
  readonly given: number
  readonly settings: WritingSettings
  readonly random: Random
  done: boolean
}

/** Rows that run together. */
interface Group {
  readonly rows: readonly Row[]
  /** One per cache of the graph, with these rows; none before the first run. */
  caches: readonly Tensor[]
}

/** Enough that a prompt's run makes good use of the weights, few enough that those who write hardly wait. */
const usualPromptTokens = 512

const lengthOf = (rows: readonly Row[]): number => Math.max(...rows.map(({ ids }) => ids.length))

const integers = ({ datatype }: TensorSpec, shape: readonly number[], values: readonly number[]): Tensor => ({
  dtype: datatype,
  shape,
  data: datatype === 'INT64' ? BigInt64Array.from(values, BigInt) : Int32Array.from(values),
})

/** Scores of a row's last token, in memory of their own. @param logits [rows, tokens, vocabulary] */
const lastScores = ({ dtype, shape, data }: Tensor, row: number): Float32Array => {
  const [, tokens = 0, vocabulary = 0] = shape
  const end = (row + 1) * tokens * vocabulary
  return dtype === 'FP16'
    ? Float32Array.from((data as Uint16Array).subarray(end - vocabulary, end), fromHalf)
    : (data as Float32Array).slice(end - vocabulary, end)
}

/**
 * A value per row and column, rows flush right.
 * @param columns how many, the last ones
 * @param valueAt of a place in the row; negative left of its start
 */
const filled = (
  spec: TensorSpec,
  rows: readonly Row[],
  columns: number,
  valueAt: (place: number, ids: readonly number[]) => number,
): Tensor => {
  const values = rows.flatMap(({ ids }) =>
    Array.from({ length: columns }, (_, column) => valueAt(ids.length - columns + column, ids)),
  )
  return integers(spec, [rows.length, columns], values)
}

/** @param tokens how many of each row run, the newest ones */
const inputsOf = (graph: DecoderGraph, { rows, caches }: Group, tokens: number): NamedTensors => {
  const { ids, mask, positions } = graph
  const inputs: Record<string, Tensor> = {}
  inputs[ids.name] = filled(ids, rows, tokens, (place, own) => own[place] ?? 0)
  if (mask) inputs[mask.name] = filled(mask, rows, lengthOf(rows), (place) => (place < 0 ? 0 : 1))
  if (positions) inputs[positions.name] = filled(positions, rows, tokens, (place) => Math.max(place, 0))
  for (const [index, { past }] of graph.caches.entries()) {
    inputs[past.name] = caches[index] ?? emptyCache(past, rows.length)
  }
  return inputs
}

/** What the graph takes to read a first token. */
export const firstInputs = (graph: DecoderGraph): NamedTensors => {
  const row = { id: 0, ids: [0], given: 1, settings: plainSettings, random: seededRandom(0), done: false }
  return inputsOf(graph, { rows: [row], caches: [] }, 1)
}

/** Gives a row its next token. */
const write = (row: Row, scores: Float32Array): Progress => {
  const { id, ids, given, settings, random } = row
  const token = nextToken(scores, row, settings, random)
  ids.push(token)
  const ended = settings.eosIds.includes(token)
  row.done = ended || ids.length - given >= settings.maxNewTokens
  return { id, token, ...(row.done && { ending: ended ? 'eos' : 'length' }) }
}

/** The living rows of several groups as one; the group itself where nothing changes. */
const united = (graph: DecoderGraph, groups: readonly [Group, ...Group[]]): Group | undefined => {
  const [first] = groups
  const rows = groups.flatMap((group) => group.rows.filter(({ done }) => !done))
  if (groups.length === 1 && rows.length === first.rows.length) return first
  if (rows.length === 0) return undefined
  const caches = graph.caches.map(({ axis }, index) => {
    const parts = groups.flatMap(({ rows: held, caches: from }) =>
      held.flatMap(({ done, ids }, row): CachedRow[] =>
        // The newest token has not run yet.
        done ? [] : [{ cache: from[index] as Tensor, row, tokens: ids.length - 1 }],
      ),
    )
    return gatherRows(parts as [CachedRow, ...CachedRow[]], axis)
  })
  return { rows, caches }
}

export const createDecoding = (options: DecodingOptions): Decoding => {
  const { graph, run, promptTokens = usualPromptTokens } = options
  let waiting: readonly Row[] = []
  let groups: readonly Group[] = []
  let tookIn = false

  /** The first that waits, and those behind it that fit into the same run. */
  const nextPrompts = (): Group => {
    const taken: Row[] = []
    for (const row of waiting) {
      const longest = lengthOf([...taken, row])
      const fits =
        longest * (taken.length + 1) <= promptTokens &&
        (graph.mask || row.ids.length === taken[0]?.ids.length)
      if (taken.length > 0 && !fits) break
      taken.push(row)
    }
    waiting = waiting.slice(taken.length)
    return { rows: taken, caches: [] }
  }

  /** Rows that may run together come together, and those that are done go. */
  const arrange = (): void => {
    const together = Map.groupBy(groups, ({ rows }) => (graph.mask ? 0 : lengthOf(rows)))
    groups = [...together.values()].flatMap((some) => united(graph, some as [Group, ...Group[]]) ?? [])
  }

  const advance = async (group: Group, tokens: number): Promise<readonly Progress[]> => {
    const outputs = await run(inputsOf(graph, group, tokens))
    group.caches = graph.caches.map(({ present }) => outputs[present] as Tensor)
    const logits = outputs['logits'] as Tensor
    return group.rows.flatMap((row, index) => (row.done ? [] : [write(row, lastScores(logits, index))]))
  }

  const fail = (group: Group, error: unknown): readonly Progress[] => {
    groups = groups.filter((other) => other !== group)
    const failure = String(error instanceof Error ? error.message : error)
    return group.rows.flatMap((row) => {
      if (row.done) return []
      row.done = true
      return [{ id: row.id, failure }]
    })
  }

  const next = (): { readonly group: Group; readonly tokens: number } | undefined => {
    tookIn = waiting.length > 0 && (!tookIn || groups.length === 0)
    if (tookIn) {
      const group = nextPrompts()
      groups = [...groups, group]
      return { group, tokens: lengthOf(group.rows) }
    }
    const [group, ...others] = groups
    if (!group) return undefined
    groups = [...others, group]
    return { group, tokens: 1 }
  }

  return {
    join: ({ id, promptIds, settings }) => {
      const random = seededRandom(settings.seed)
      waiting = [
        ...waiting,
        { id, ids: [...promptIds], given: promptIds.length, settings, random, done: false },
      ]
    },
    leave: (id) => {
      waiting = waiting.filter((row) => row.id !== id)
      for (const { rows } of groups) for (const row of rows) if (row.id === id) row.done = true
    },
    size: () =>
      waiting.length + groups.reduce((sum, { rows }) => sum + rows.filter(({ done }) => !done).length, 0),
    step: async () => {
      arrange()
      const chosen = next()
      if (!chosen) return []
      try {
        return await advance(chosen.group, chosen.tokens)
      } catch (error) {
        return fail(chosen.group, error)
      }
    },
  }
}
