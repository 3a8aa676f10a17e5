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
import {
  allocate,
  elementCount,
  type NamedTensors,
  type NumericDatatype,
  rowsOf,
  stack,
  type Tensor,
  type TensorSpec,
} from '../tensor.ts'
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
  /** What an encoder reads before: its inputs, one row. */
  readonly source?: NamedTensors
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
  /** Runs the encoder, where there is one. */
  readonly encode?: (inputs: NamedTensors) => Promise<NamedTensors>
  /** Most tokens of prompts in one run, what fills up shorter ones included; a longer prompt runs alone. */
  readonly promptTokens?: number
}

interface Row {
  readonly id: number
  readonly ids: number[]
  readonly given: number
  readonly settings: WritingSettings
  readonly random: Random
  readonly source: NamedTensors | undefined
  done: boolean
}

/** Rows that run together. */
interface Group {
  readonly rows: readonly Row[]
  /** What the graph is given of the source at every run, with these rows. */
  context: NamedTensors
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
export const lastScores = ({ dtype, shape, data }: Tensor, row: number): Float32Array => {
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

const rowOf = ({ id, promptIds, settings, source }: Writing): Row => ({
  id,
  ids: [...promptIds],
  given: promptIds.length,
  settings,
  random: seededRandom(settings.seed),
  source,
  done: false,
})

/** @param tokens how many of each row run, the newest ones */
const inputsOf = (graph: DecoderGraph, { rows, context, caches }: Group, tokens: number): NamedTensors => {
  const { ids, mask, positions, cached } = graph
  const inputs: Record<string, Tensor> = { ...context }
  inputs[ids.name] = filled(ids, rows, tokens, (place, own) => own[place] ?? 0)
  if (mask) inputs[mask.name] = filled(mask, rows, lengthOf(rows), (place) => (place < 0 ? 0 : 1))
  if (positions) inputs[positions.name] = filled(positions, rows, tokens, (place) => Math.max(place, 0))
  if (cached)
    inputs[cached.name] = { dtype: 'BOOL', shape: [1], data: Uint8Array.of(caches.length > 0 ? 1 : 0) }
  for (const [index, { past }] of graph.caches.entries()) {
    inputs[past.name] = caches[index] ?? emptyCache(past, rows.length)
  }
  return inputs
}

/** Ones in the shape of an input, free axes of length 1. */
const ones = ({ datatype, shape }: TensorSpec): Tensor => {
  const lengths = shape.map((length) => Math.max(length, 1))
  const data = allocate(datatype as NumericDatatype, elementCount(lengths))
  return { dtype: datatype, shape: lengths, data: data.fill((typeof data[0] === 'bigint' ? 1n : 1) as never) }
}

/** What the graph takes to read a first token. */
export const firstInputs = (graph: DecoderGraph): NamedTensors => {
  const row = rowOf({ id: 0, promptIds: [0], settings: plainSettings })
  const given = [graph.source, graph.sourceMask].filter((spec) => spec !== undefined)
  const context = Object.fromEntries(given.map((spec) => [spec.name, ones(spec)]))
  return inputsOf(graph, { rows: [row], context, caches: [] }, 1)
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

const rowAt = (tensors: NamedTensors, row: number): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, rowsOf(tensor, row, row + 1)]))

/** One row each -> all of them. */
const stacked = (rows: readonly NamedTensors[]): NamedTensors =>
  Object.fromEntries(
    Object.keys(rows[0] ?? {}).map((name) => [
      name,
      stack(rows.map((row) => row[name] as Tensor) as [Tensor, ...Tensor[]]),
    ]),
  )

/** Rows whose sources have one shape may run together. */
const sourceKey = ({ source = {} }: Row): string =>
  Object.values(source)
    .map(({ shape }) => shape.join())
    .join(';')

/** The living rows of several groups as one; the group itself where nothing changes. */
const united = (graph: DecoderGraph, groups: readonly [Group, ...Group[]]): Group | undefined => {
  const [first] = groups
  const rows = groups.flatMap((group) => group.rows.filter(({ done }) => !done))
  if (groups.length === 1 && rows.length === first.rows.length) return first
  if (rows.length === 0) return undefined
  const context = stacked(
    groups.flatMap((group) =>
      group.rows.flatMap(({ done }, row) => (done ? [] : [rowAt(group.context, row)])),
    ),
  )
  const caches = graph.caches.map(({ axis, ofSource }, index) => {
    // The newest token has not run yet; a source is whole from the start.
    const cachedRow = (cache: Tensor, row: number, ids: readonly number[]): CachedRow => ({
      cache,
      row,
      tokens: ofSource ? (cache.shape[axis] as number) : ids.length - 1,
    })
    const parts = groups.flatMap(({ rows: held, caches: from }) =>
      held.flatMap(({ done, ids }, row): CachedRow[] =>
        done ? [] : [cachedRow(from[index] as Tensor, row, ids)],
      ),
    )
    return gatherRows(parts as [CachedRow, ...CachedRow[]], axis)
  })
  return { rows, context, caches }
}

export const createDecoding = (options: DecodingOptions): Decoding => {
  const { graph, run, encode, promptTokens = usualPromptTokens } = options
  let waiting: readonly Row[] = []
  let groups: readonly Group[] = []
  let tookIn = false

  /** Whether rows may share a run. */
  const groupKey = (row: Row): string => `${graph.mask ? '' : row.ids.length}/${sourceKey(row)}`

  /** The first that waits, and those behind it that fit into the same run. */
  const nextPrompts = (): Group => {
    const taken: Row[] = []
    for (const row of waiting) {
      const fits = lengthOf([...taken, row]) * (taken.length + 1) <= promptTokens
      if (taken[0] && (!fits || groupKey(row) !== groupKey(taken[0]))) break
      taken.push(row)
    }
    waiting = waiting.slice(taken.length)
    return { rows: taken, context: {}, caches: [] }
  }

  /** Rows that may run together come together, and those that are done go. */
  const arrange = (): void => {
    // A row that is done may have fewer tokens than those that write.
    const keyed = groups.flatMap((group) => {
      const living = group.rows.find(({ done }) => !done)
      return living ? [{ group, key: groupKey(living) }] : []
    })
    const together = Map.groupBy(keyed, ({ key }) => key)
    groups = [...together.values()].flatMap(
      (some) => united(graph, some.map(({ group }) => group) as [Group, ...Group[]]) ?? [],
    )
  }

  /** What the encoder makes of the rows' sources. */
  const listen = async ({ rows }: Group): Promise<NamedTensors> => {
    if (!graph.source || !encode) return {}
    const inputs = stacked(rows.map(({ source = {} }) => source))
    const hidden = Object.values(await encode(inputs))[0] as Tensor
    const { attention_mask: mask } = inputs
    return { [graph.source.name]: hidden, ...(graph.sourceMask && mask && { [graph.sourceMask.name]: mask }) }
  }

  const advance = async (group: Group, tokens: number): Promise<readonly Progress[]> => {
    const { caches: before } = group
    if (before.length === 0) group.context = await listen(group)
    const outputs = await run(inputsOf(graph, group, tokens))
    group.caches = graph.caches.map(({ present, ofSource }, index) =>
      ofSource && before[index] ? before[index] : (outputs[present] as Tensor),
    )
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
    join: (writing) => {
      waiting = [...waiting, rowOf(writing)]
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
