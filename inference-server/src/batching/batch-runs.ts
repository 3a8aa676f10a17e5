/**
 * Runs batches, and says what becomes of their requests: an answer, another run of each alone, or a failure.
 *
 * A batch of several requests that fails is run again request by request. Where rows turn out to have met, no request shares a
 * run any more.
 */
import { Failure } from '../failures/errors.ts'
import { type NamedTensors, rowsOfNamed, stackNamed } from '../tensors/tensor.ts'
import { createAnswers, RowsMet } from './answers.ts'
import type { RunBatch } from './runners.ts'
import { type Entry, isWholeRequest, type Share } from './submission.ts'
import type { Waiting } from './waiting.ts'

export interface BatchRunsOptions {
  readonly waiting: Waiting
  /** Runs a batch by the present runners. */
  readonly run: RunBatch
  readonly fail: (entry: Entry, error: unknown) => void
  /** Whether requests may share runs. */
  readonly batchable: boolean
  /** Called when the outputs of a batch show that its rows met. */
  readonly onRowsMet: ((reason: string) => void) | undefined
  readonly nowMs: () => number
}

export interface BatchRuns {
  /** Never fails. @returns how long it ran; undefined where it failed */
  readonly run: (shares: readonly Share[], rows: number) => Promise<number | undefined>
  /** Whether requests may share runs, which ends once rows have met. */
  readonly batchable: () => boolean
}

/** The rows of a batch as one set of tensors. */
const stacked = (shares: readonly Share[]): NamedTensors => {
  const parts = shares.map(({ entry, from, to }) =>
    from === 0 && to === entry.rows ? entry.inputs : rowsOfNamed(entry.inputs, from, to),
  )
  return stackNamed(parts as [NamedTensors, ...NamedTensors[]])
}

/** Any failure of a batch may come from one of its requests, unless its worker ended or the server refused it. */
const mayComeFromOneRequest = (error: unknown): boolean =>
  !(error instanceof Failure) || error.kind === 'inference-failed'

export const createBatchRuns = (options: BatchRunsOptions): BatchRuns => {
  const { waiting, run, fail, onRowsMet, nowMs } = options
  let { batchable } = options
  /** Batches that are running. */
  const running = new Set<readonly Share[]>()
  const answers = createAnswers({ nowMs, fail })

  const restart = ({ entry, attempt }: Share): void => {
    if (!entry.answered && entry.attempt === attempt) waiting.restart(entry)
  }

  /** Requests that were stacked or cut run again, alone and whole: whose rows are whose in their outputs is not known. */
  const endBatching = (reason: string): void => {
    if (batchable) onRowsMet?.(reason)
    batchable = false
    for (const entry of [...waiting.begun(), ...waiting.entries().filter(({ taken }) => taken > 0)]) {
      waiting.restart(entry)
    }
    for (const entry of waiting.entries()) entry.key = undefined
    for (const shares of running) if (!isWholeRequest(shares)) shares.forEach(restart)
  }

  /** One request may be the cause of a failure, and the others must not fail with it: each runs again, alone. */
  const failBatch = (shares: readonly Share[], error: unknown): void => {
    if (error instanceof RowsMet) endBatching(error.message)
    else if (shares.length > 1 && mayComeFromOneRequest(error)) shares.forEach(restart)
    else for (const { entry, attempt } of shares) if (entry.attempt === attempt) fail(entry, error)
  }

  return {
    batchable: () => batchable,
    run: async (shares, rows) => {
      const together = shares[0]?.entry.key === undefined
      for (const { entry } of shares) entry.batchRows = Math.max(entry.batchRows, rows)
      let inferMs: number | undefined
      running.add(shares)
      try {
        const ran = await run(stacked(shares), together ? undefined : rows)
        inferMs = ran.inferMs
        answers.give(shares, ran)
      } catch (error) {
        failBatch(shares, error)
      }
      running.delete(shares)
      return inferMs
    },
  }
}
