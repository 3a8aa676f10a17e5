/**
 * Turns requests into batches for a model whose first axis counts independent rows.
 *
 * The stories are apart: what waits (waiting.ts), which rows run next (cutting.ts) and how many (batch-plan.ts), who runs them
 * (runners.ts), when a batch starts (dispatch.ts), runs and their failures (batch-runs.ts), answers (answers.ts) and deadlines
 * (deadlines.ts).
 *
 * A request is `waiting` in one queue, then `running` in one or more batches, then answered. It leaves early when its
 * deadline passes (waiting or running), when its caller has gone (seen when its batch is cut), or when a run of it alone
 * fails. A batch of several requests that fails is run again request by request.
 *
 * Batches are cut in order of arrival whenever a runner is free and the oldest request has waited `maxDelayMs`, or enough
 * rows wait. With `maxDelayMs` 0 that is greedy: a batch is all that queued while the runners were busy.
 *
 * Fairness: a request of more rows than run at a time runs in pieces, and goes to the end of the queue after each (sooner only
 * where a runner would be idle), so that single callers pass between the pieces. A batch starts with the oldest request, so
 * nothing is overtaken twice by the same later one. Requests whose tensors differ in a further axis never share a batch.
 *
 * Rows of tokens are counted by what they cost: a batch has at most `maxTokens` tokens, padding included, but always a
 * row. Texts of one length run together, and none is filled up to the length of others here: they come filled up to
 * multiples of 8, a run costs as much as 8 to 17 tokens, and so the next length costs a row as much as it saves (decision 21).
 */

import { Failure } from '../failures/errors.ts'
import { runBeside, type Spare } from './beside.ts'
import { createDeadlines } from './deadlines.ts'
import { createDispatch, type DispatchOptions } from './dispatch.ts'
import type { BatcherLimits } from './limits.ts'
import type { RunBatch } from './runners.ts'
import { type BatchedOutputs, type Entry, newEntry, type Submission, settle } from './submission.ts'
import { createWaiting } from './waiting.ts'

export interface BatcherOptions extends DispatchOptions {
  readonly limits: BatcherLimits
  /** Whether a request of so many rows has to run alone and whole; where it is not given, no request of a batchable model has to. */
  readonly runsAlone?: ((rows: number) => boolean) | undefined
  /** Runs what is asked beside predictions. */
  readonly beside: RunBatch
}

export interface Batcher {
  /** @throws Failure queue-full, timeout, cancelled, or what `run` throws */
  readonly submit: (submission: Submission) => Promise<BatchedOutputs>
  /** Requests that wait. */
  readonly queueLength: () => number
  /** Requests that wait or run. */
  readonly pending: () => number
  readonly spare: Spare
}

const queueFull = (waiting: number): Failure =>
  new Failure(
    'queue-full',
    `${waiting} requests wait already; try again later, or raise batching.maxQueue (--max-queue)`,
    { retryAfterSeconds: 1 },
  )

export const createBatcher = (options: BatcherOptions): Batcher => {
  const { limits, runsAlone, beside, clock } = options
  const waiting = createWaiting()
  const fail = (entry: Entry, error: unknown): void => {
    if (!settle(entry)) return
    waiting.remove(entry)
    entry.reject(error)
  }
  const deadlines = createDeadlines({ timeoutMs: limits.timeoutMs, clock, expire: fail })
  const dispatch = createDispatch(options, { waiting, fail, pending: deadlines.pending })

  const mayShare = (rows: number): boolean => dispatch.batchable() && !runsAlone?.(rows)

  let submittedMs = Number.NEGATIVE_INFINITY

  const queue = (submission: Submission): Promise<BatchedOutputs> =>
    new Promise((resolve, reject) => {
      const length = waiting.unfinished()
      if (length >= limits.maxQueue) {
        reject(queueFull(length))
        return
      }
      const entry = newEntry(submission, mayShare, { submittedMs: clock.nowMs(), resolve, reject })
      submittedMs = entry.submittedMs
      waiting.add(entry)
      deadlines.watch(entry, submission.timeoutMs)
      dispatch.schedule()
    })

  const submit = (submission: Submission): Promise<BatchedOutputs> =>
    submission.isBeside ? runBeside(beside, submission.inputs, dispatch.batchable()) : queue(submission)

  const spare: Spare = { isFree: dispatch.isFree, submittedMs: () => submittedMs }
  return { submit, queueLength: waiting.unfinished, pending: deadlines.pending, spare }
}
