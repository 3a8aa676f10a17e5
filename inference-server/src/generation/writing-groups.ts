/** The groups of rows whose prompts have been read: each step of one of them gives its rows their next tokens. */

import type { DecoderGraph } from './graph.ts'
import { type Group, heldTokens, living, type Row, sourceKey, united } from './rows.ts'

export interface WritingGroups {
  readonly groups: () => readonly Group[]
  /** Whether the caches may hold these rows too. */
  readonly hasRoom: (taken: readonly Row[]) => boolean
  /** Merges groups whose rows may run together, and removes rows that are done. */
  readonly arrange: () => void
  /** Takes out the rows that came last until the others can take a step. @param waitAgain told each of them */
  readonly makeRoom: (waitAgain: (row: Row) => void) => void
  /** The group whose turn it is among these. */
  readonly next: () => Group | undefined
  readonly add: (group: Group) => void
  readonly remove: (group: Group) => void
}

/** Whether rows may share a run. */
export const groupKey = (graph: DecoderGraph, row: Row): string =>
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

const latestOf = (rows: readonly Row[]): Row =>
  rows.reduce((latest, row) => (row.id > latest.id ? row : latest))

export const createWritingGroups = (graph: DecoderGraph, maxTokens: number): WritingGroups => {
  let groups: readonly Group[] = []

  const hasRoom = (taken: readonly Row[]): boolean => tokensIn(graph, groups, taken) <= maxTokens

  const arrange = (): void => {
    groups = arranged(graph, groups)
  }

  const makeRoom: WritingGroups['makeRoom'] = (waitAgain) => {
    for (;;) {
      const rows = groups.flatMap(living)
      if (rows.length < 2 || hasRoom([])) return
      const last = latestOf(rows)
      waitAgain({ ...last })
      last.done = true
      arrange()
    }
  }

  return {
    groups: () => groups,
    hasRoom,
    arrange,
    makeRoom,
    next: () => {
      const [group, ...others] = groups
      if (group) groups = [...others, group]
      return group
    },
    add: (group) => {
      groups = [...groups, group]
    },
    remove: (group) => {
      groups = groups.filter((other) => other !== group)
    },
  }
}
