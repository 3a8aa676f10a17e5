/** Runs the rows of a request: those of one shape together, and no more at a time than there is room for their outputs. */
import type { BatchedOutputs } from '../batching/submission.ts'
import { createRoom } from '../process/room.ts'
import { inTurns } from '../process/turns.ts'
import type { Caller } from '../requests/caller.ts'
import { type NamedTensors, rowsOfNamed, stackNamed } from '../tensors/tensor.ts'
import { mostOutputBytes, type RowGroup, rowGroups } from './row-groups.ts'

export interface RowRunsOptions {
  readonly submit: (inputs: NamedTensors, caller: Caller) => Promise<BatchedOutputs>
  /** Bytes of the outputs of a row, about. */
  readonly outputBytes: (row: NamedTensors) => number
  /** Whether rows may share a run; where not, each goes alone. */
  readonly isBatched: () => boolean
  /** Deadline of a request, however often it has to wait. */
  readonly timeoutMs: number
  readonly nowMs: () => number
}

/** Takes the outputs of rows, which it may read until it settles. @returns whether the outputs may be freed after that */
type Take = (outputs: readonly (readonly [row: number, outputs: NamedTensors])[]) => Promise<boolean>

export type RowRuns = (rows: readonly NamedTensors[], caller: Caller, take: Take) => Promise<void>

/** Rows of one caller that wait at a time where no two share a run. */
const atATime = 4

export const createRowRuns = (options: RowRunsOptions): RowRuns => {
  const { submit, outputBytes, isBatched, nowMs } = options

  const runTogether = async (
    rows: readonly NamedTensors[],
    caller: Caller,
    runGroup: (group: readonly number[], asker: Caller) => Promise<void>,
  ): Promise<void> => {
    const room = createRoom(mostOutputBytes)
    const deadlineMs = nowMs() + Math.min(options.timeoutMs, caller.timeoutMs ?? options.timeoutMs)
    let failed = false
    const runInRoom = ({ indices, bytes }: RowGroup): Promise<void> =>
      room(bytes, async () => {
        if (failed) return
        const timeoutMs = Math.max(1, deadlineMs - nowMs())
        await runGroup(indices, { ...caller, timeoutMs }).catch((error: unknown) => {
          failed = true
          throw error
        })
      })
    await Promise.all(rowGroups(rows, outputBytes).map(runInRoom))
  }

  return async (rows, caller, take) => {
    const tensorsOf = (group: readonly number[]) =>
      stackNamed(group.map((index) => rows[index]) as [NamedTensors, ...NamedTensors[]])
    const runGroup = async (group: readonly number[], asker: Caller): Promise<void> => {
      const { outputs, done } = await submit(tensorsOf(group), asker)
      const isRead = await take(
        group.map((index, at) => [index, group.length === 1 ? outputs : rowsOfNamed(outputs, at, at + 1)]),
      )
      if (isRead) done?.()
    }
    if (!isBatched()) {
      const alone = rows.map((_, index) => [index])
      await inTurns(alone, (group) => runGroup(group, caller), { atATime, nowMs })
      return
    }
    await runTogether(rows, caller, runGroup)
  }
}
