/** Starts a batch whenever a runner is free and enough rows wait, or have waited long enough. */
import { Failure } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'
import { createBatchPlan, type Demand } from './batch-plan.ts'
import { createBatchRuns } from './batch-runs.ts'
import { cutBatch } from './cutting.ts'
import type { BatcherLimits } from './limits.ts'
import { type CrowdRunners, createShift, type Runners } from './runners.ts'
import { type Entry, rowsIn } from './submission.ts'
import type { Way } from './trials.ts'
import type { Waiting } from './waiting.ts'

export interface DispatchOptions {
  readonly limits: Pick<BatcherLimits, 'maxRows' | 'maxDelayMs'>
  readonly usual: Runners
  readonly lanes?: CrowdRunners | undefined
  /** False where rows depend on each other or an axis 0 is fixed: then each request runs alone and whole. */
  readonly batchable: boolean
  /** The way that counts as the best until another one was measured. */
  readonly firstWay?: Way
  /** Processor time of the process; given where the processor computes. */
  readonly processorMs?: (() => number) | undefined
  readonly clock: Clock
  /** Calls back once the requests that have already arrived have been submitted. */
  readonly soon: (callback: () => void) => void
  readonly onBatch?: (rows: number) => void
  /** Rows of a batch came back in a way that shows that they met: from now on each request runs alone and whole. */
  readonly onRowsMet?: (reason: string) => void
}

/** The requests that batches are made of. */
export interface Queue {
  readonly waiting: Waiting
  readonly fail: (entry: Entry, error: unknown) => void
  /** Requests that wait or run. */
  readonly pending: () => number
}

export interface Dispatch {
  /** Looks for a batch to start, once the requests that have already arrived have been submitted. */
  readonly schedule: () => void
  /** Whether requests may share runs, which ends once rows have met. */
  readonly batchable: () => boolean
  /** Whether no request waits and a run would begin at once. */
  readonly isFree: () => boolean
}

/** Creates the parts that make the batches of one model. */
const partsOf = (options: DispatchOptions, { waiting, fail }: Queue) => {
  const { limits, usual, lanes, clock } = options
  const plan = createBatchPlan({
    maxRows: Math.max(1, limits.maxRows),
    usual,
    lanes,
    first: options.firstWay,
    nowMs: clock.nowMs,
    processorMs: options.processorMs,
  })
  const shift = createShift({ usual, lanes, wantsLanes: plan.wantsLanes })
  const runs = createBatchRuns({
    waiting,
    run: (inputs, rows) => shift.runners().run(inputs, rows),
    fail,
    batchable: options.batchable,
    onRowsMet: options.onRowsMet,
    nowMs: clock.nowMs,
  })
  return { plan, shift, runs }
}

export const createDispatch = (options: DispatchOptions, queue: Queue): Dispatch => {
  const { limits, clock, soon, onBatch } = options
  const { waiting, fail, pending } = queue
  const { plan, shift, runs } = partsOf(options, queue)
  /** Rows of all batches that run. */
  let runningRows = 0
  let cutting = false
  let cancelDelay: (() => void) | undefined

  const start = (oldest: Entry): void => {
    if (shift.running() === 0) plan.resumed()
    const shares = cutBatch(oldest, waiting, plan, shift)
    const rows = rowsIn(shares)
    const batch = plan.batchOf(shift.runners(), oldest, rows)
    runningRows += rows
    onBatch?.(rows)
    shift.give()
    for (const { entry, from } of shares) if (from === 0) entry.queueMs = clock.nowMs() - entry.submittedMs
    void runs.run(shares, rows).then((inferMs) => {
      shift.ended()
      plan.ended(batch, inferMs)
      runningRows -= rows
      for (const { entry, attempt } of shares) if (entry.attempt === attempt) waiting.requeue(entry)
      // The answers of this batch are written first: their callers' next requests then share a batch.
      schedule()
    })
  }

  /** How long the oldest request still waits for others to join its batch. */
  const delayLeftMs = (oldest: Entry): number => {
    if (limits.maxDelayMs <= 0 || !runs.batchable()) return 0
    if (waiting.rows() >= plan.roomFor(oldest, shift.runners())) return 0
    return oldest.submittedMs + limits.maxDelayMs - clock.nowMs()
  }

  /** What the plan goes by. Where requests run whole, their rows are none to share. */
  const demand = (): Demand => ({
    oldest: waiting.oldest(),
    waiting: runs.batchable() ? waiting.rows() : waiting.unfinished(),
    running: runs.batchable() ? runningRows : shift.running(),
    requests: pending(),
  })

  /** @returns whether there was something to start, now */
  const startNext = (): boolean => {
    if (!shift.free()) return false
    waiting.requeueOne()
    const oldest = waiting.oldest()
    if (!oldest) return false
    const delayMs = delayLeftMs(oldest)
    if (delayMs > 0) cancelDelay = clock.after(delayMs, pump)
    else start(oldest)
    return delayMs <= 0
  }

  const pump = (): void => {
    cutting = false
    cancelDelay?.()
    cancelDelay = undefined
    // A request whose caller has left is not computed.
    for (const entry of waiting.gone()) {
      fail(entry, new Failure('cancelled', 'the caller left before its turn'))
    }
    plan.see(demand())
    shift.changeOver()
    while (startNext());
  }

  const schedule = (): void => {
    if (cutting || waiting.unfinished() === 0 || shift.loaded()) return
    cutting = true
    soon(pump)
  }

  return {
    schedule,
    batchable: runs.batchable,
    isFree: () => waiting.unfinished() === 0 && shift.running() < shift.runners().count,
  }
}
