/** The texts that one session writes at a time, as rows that run together. */

import type { Progress, Writing } from '../sessions/session-messages.ts'
import type { WritingSettings } from '../sessions/writing-settings.ts'
import { type NamedTensors, noTensors, rowsOfNamed, stackNamed, type Tensor } from '../tensors/tensor.ts'
import { type CachedRow, gatherRows } from './cache.ts'
import type { DecoderGraph } from './graph.ts'
import { nextToken } from './logits.ts'
import { type Random, seededRandom } from './random.ts'
import { lengthOf } from './step-inputs.ts'

export interface Row {
  readonly id: number
  readonly ids: number[]
  readonly given: number
  readonly settings: WritingSettings
  readonly random: Random
  readonly source: NamedTensors | undefined
  done: boolean
}

/** Rows that run together. */
export interface Group {
  readonly rows: readonly Row[]
  /** Outputs of the encoder, an input of every run with these rows. */
  context: NamedTensors
  /** One per cache of the graph, with these rows; none before the first run. */
  caches: readonly Tensor[]
  /** Columns in the caches. */
  read: number
}

export const rowOf = ({ id, promptIds, settings, source }: Writing): Row => ({
  id,
  ids: [...promptIds],
  given: promptIds.length,
  settings,
  random: seededRandom(settings.seed),
  source,
  done: false,
})

/** Gives a row its next token. */
export const write = (row: Row, scores: Float32Array): Progress => {
  const { id, ids, given, settings, random } = row
  const token = nextToken(scores, row, settings, random)
  ids.push(token)
  const ended = settings.eosIds.includes(token)
  row.done = ended || ids.length - given >= settings.maxNewTokens
  return { id, token, ...(row.done && { ending: ended ? 'eos' : 'length' }) }
}

/** Stacks named tensors of one row each. */
export const stacked = ([first = noTensors, ...others]: readonly NamedTensors[]): NamedTensors =>
  stackNamed([first, ...others])

/** Rows whose sources have one shape may run together. */
export const sourceKey = ({ source = noTensors }: Row): string =>
  Array.from(source.values(), ({ shape }) => shape.join()).join(';')

/** The living rows of several groups as one; the group itself where nothing changes. */
export const united = (graph: DecoderGraph, groups: readonly [Group, ...Group[]]): Group | undefined => {
  const [first] = groups
  const rows = groups.flatMap((group) => group.rows.filter(({ done }) => !done))
  if (groups.length === 1 && rows.length === first.rows.length) return first
  if (rows.length === 0) return undefined
  const context = stacked(
    groups.flatMap((group) =>
      group.rows.flatMap(({ done }, row) => (done ? [] : [rowsOfNamed(group.context, row, row + 1)])),
    ),
  )
  const caches = graph.caches.map(({ axis, ofSource }, index) => {
    // The cache lacks the newest token, which has not run yet; a cache of the source is complete from the start.
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
  return { rows, context, caches, read: lengthOf(rows) - 1 }
}

/** Tokens that the caches of these rows will hold after one more step, what fills up shorter rows included. */
export const heldTokens = (rows: readonly Row[]): number => rows.length * (lengthOf(rows) + 1)

export const living = ({ rows }: Group): readonly Row[] => rows.filter(({ done }) => !done)
