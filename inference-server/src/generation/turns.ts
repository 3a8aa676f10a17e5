/** Which rows of one session run next: those that wait, one group that is read, and groups that are written. */

import { noTensors } from '../tensors/tensor.ts'
import type { DecoderGraph } from './graph.ts'
import type { ReadingLimits } from './reading.ts'
import { type Group, living, type Row } from './rows.ts'
import { lengthOf } from './step-inputs.ts'
import { createWritingGroups, groupKey } from './writing-groups.ts'

export interface Turns {
  readonly wait: (row: Row) => void
  /** The row takes part in no further step. */
  readonly leave: (id: number) => void
  /** Rows that wait, read or write. */
  readonly size: () => number
  /** The group whose turn it is. */
  readonly next: () => Group | undefined
  readonly isReading: (group: Group) => boolean
  /** Most tokens of prompts in the next run. */
  readonly readingTokens: () => number
  /** The prompts of the group that is read have all been read: from now on it writes. */
  readonly startWriting: (group: Group) => void
  readonly remove: (group: Group) => void
}

/** The first row that waits, and those behind it that fit into the same run. */
const firstPrompts = (
  graph: DecoderGraph,
  waiting: readonly Row[],
  fit: (rows: readonly Row[]) => boolean,
): readonly Row[] => {
  const taken: Row[] = []
  for (const row of waiting) {
    if (taken[0] && (!fit([...taken, row]) || groupKey(graph, row) !== groupKey(graph, taken[0]))) break
    taken.push(row)
  }
  return taken
}

/** @param maxTokens in the caches of all rows; one row may have more */
export const createTurns = (graph: DecoderGraph, limits: ReadingLimits, maxTokens: number): Turns => {
  const writing = createWritingGroups(graph, maxTokens)
  let waiting: readonly Row[] = []
  let reading: Group | undefined
  let readLast = false

  const waitAgain = (row: Row): void => {
    waiting = [row, ...waiting]
  }

  const readingTokens = (): number => (writing.groups().length > 0 ? limits.beside : limits.alone)

  const fit = (rows: readonly Row[]): boolean =>
    lengthOf(rows) * rows.length <= readingTokens() && writing.hasRoom(rows)

  const nextPrompts = (): Group => {
    const rows = firstPrompts(graph, waiting, fit)
    waiting = waiting.slice(rows.length)
    return { rows, context: noTensors, caches: [], read: 0 }
  }

  const next = (): Group | undefined => {
    if (reading && living(reading).length === 0) reading = undefined
    writing.arrange()
    const [newcomer] = waiting
    const nothingWrites = writing.groups().length === 0
    const admitted = newcomer && (nothingWrites || writing.hasRoom([newcomer]))
    const canRead = reading !== undefined || admitted === true
    readLast = canRead && (!readLast || nothingWrites)
    if (readLast) {
      reading ??= nextPrompts()
      return reading
    }
    writing.makeRoom(waitAgain)
    return writing.next()
  }

  const running = (): readonly Group[] => (reading ? [reading, ...writing.groups()] : writing.groups())

  return {
    wait: (row) => {
      waiting = [...waiting, row]
    },
    leave: (id) => {
      waiting = waiting.filter((row) => row.id !== id)
      for (const { rows } of running()) for (const row of rows) if (row.id === id) row.done = true
    },
    size: () => running().reduce((sum, group) => sum + living(group).length, waiting.length),
    next,
    isReading: (group) => group === reading,
    readingTokens,
    startWriting: (group) => {
      reading = undefined
      writing.add(group)
    },
    remove: (group) => {
      writing.remove(group)
      if (reading === group) reading = undefined
    },
  }
}
