/**
 * Turns requests into batches for a model whose first axis counts independent rows.
 *
 * A request is `waiting` in one queue, then `running` in one or more batches, then answered. It leaves early when its
 * deadline passes (waiting or running), when its caller has gone (seen when its batch is cut), or when a run of it alone
 * fails. A batch of several requests that fails is run again request by request.
 *
 * Batches are cut in order of arrival whenever a runner is free and the oldest request has waited `maxDelayMs`, or enough
 * rows wait. With `maxDelayMs` 0 that is greedy: a batch is whatever queued while the runners were busy.
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
import type { Clock } from '../process/clock.ts'
import { type NamedTensors, rowsOfNamed, stackNamed } from '../tensors/tensor.ts'
import { createAnswers, RowsMet } from './answers.ts'
import { createBatchPlan, type Demand } from './batch-plan.ts'
import type { Way } from './contest.ts'
import { createDeadlines } from './deadlines.ts'
import { type CrowdRunners, createShift, type Runners } from './runners.ts'
import {
  type BatchedOutputs,
  type Entry,
  isWholeRequest,
  newEntry,
  rowsIn,
  type Share,
  type Submission,
  settle,
} from './submission.ts'
import { createWaiting } from './waiting.ts'

export interface BatcherLimits {
  /** Most rows of different requests in one batch; 1 turns batching off. */
  readonly maxRows: number
  readonly maxDelayMs: number
  /** Most requests that wait. */
  readonly maxQueue: number
  readonly timeoutMs: number
}

export interface BatcherOptions {
  readonly limits: BatcherLimits
  readonly usual: Runners
  readonly lanes?: CrowdRunners | undefined
  /** False where rows depend on each other or an axis 0 is fixed: then each request runs alone and whole. */
  readonly batchable: boolean
  /** Whether a request of so many rows has to run alone and whole; unless given, none of a batchable model has to. */
  readonly runsAlone?: ((rows: number) => boolean) | undefined
  /** How batches run until another way was measured to get more done. */
  readonly firstWay?: Way
  /** Processor time of the process, where that is what computes. */
  readonly processorMs?: (() => number) | undefined
  readonly clock: Clock
  /** Calls back once the requests that have already arrived have been submitted. */
  readonly soon: (callback: () => void) => void
  readonly onBatch?: (rows: number) => void
  /** Rows of a batch came back in a way that shows that they met: from now on each request runs alone and whole. */
  readonly onRowsMet?: (reason: string) => void
}

export interface Batcher {
  /** @throws Failure queue-full, timeout, cancelled, or what `run` throws */
  readonly submit: (submission: Submission) => Promise<BatchedOutputs>
  /** Requests that wait. */
  readonly queueLength: () => number
  /** Requests that wait or run. */
  readonly pending: () => number
}

/** The rows of a batch as one set of tensors. */
const stacked = (shares: readonly Share[]): NamedTensors => {
  const parts = shares.map(({ entry, from, to }) =>
    from === 0 && to === entry.rows ? entry.inputs : rowsOfNamed(entry.inputs, from, to),
  )
  return stackNamed(parts as [NamedTensors, ...NamedTensors[]])
}

export const createBatcher = (options: BatcherOptions): Batcher => {
  const { limits, usual, lanes, runsAlone, firstWay, clock, soon, onBatch, onRowsMet } = options
  let batchable = options.batchable
  const waiting = createWaiting()
  const plan = createBatchPlan({
    maxRows: Math.max(1, limits.maxRows),
    usual,
    lanes,
    first: firstWay,
    nowMs: clock.nowMs,
    processorMs: options.processorMs,
  })
  /** Batches that were given ahead and have not begun. */
  const given: (readonly Share[])[] = []
  /** Batches that a runner has. */
  const running = new Set<readonly Share[]>()
  /** Rows of all batches that were given to runners and have not ended. */
  let runningRows = 0
  let cutting = false
  let cancelDelay: (() => void) | undefined

  const fail = (entry: Entry, error: unknown): void => {
    if (!settle(entry)) return
    waiting.remove(entry)
    entry.reject(error)
  }
  const deadlines = createDeadlines({ timeoutMs: limits.timeoutMs, clock, expire: fail })
  const answers = createAnswers({ nowMs: clock.nowMs, fail })

  /** Requests in a batch that was given ahead still count as waiting. */
  const queueLength = (): number => {
    let length = waiting.unfinished()
    const isWhole = ({ entry }: Share): boolean => !entry.answered && entry.taken === entry.rows
    for (const shares of given) length += shares.filter(isWhole).length
    return length
  }

  const begin = (shares: readonly Share[], atMs: number): void => {
    for (const { entry, from } of shares) if (from === 0) entry.queueMs = atMs - entry.submittedMs
  }

  /** A batch has run: the next one that was given ahead begins, unless this one was still taken for waiting. */
  const passOn = (shares: readonly Share[], inferMs: number): void => {
    const place = given.indexOf(shares)
    const nowMs = clock.nowMs()
    if (place >= 0) {
      given.splice(place, 1)
      begin(shares, nowMs - inferMs)
      return
    }
    const next = given.shift()
    if (next) begin(next, nowMs)
  }

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

  /** Whatever else goes wrong with a batch, but for a worker that ended, may be the doing of one. */
  const mayBeOfOne = (error: unknown): boolean =>
    !(error instanceof Failure) || error.kind === 'inference-failed'

  /** A batch failed. One request may be the cause, and the others must not fail with it: each runs again, alone. */
  const failBatch = (shares: readonly Share[], error: unknown): void => {
    if (error instanceof RowsMet) endBatching(error.message)
    else if (shares.length > 1 && mayBeOfOne(error)) shares.forEach(restart)
    else for (const { entry, attempt } of shares) if (entry.attempt === attempt) fail(entry, error)
  }

  /** @returns how long it ran; undefined where it failed */
  const runBatch = async (shares: readonly Share[], rows: number): Promise<number | undefined> => {
    const together = shares[0]?.entry.key === undefined
    for (const { entry } of shares) entry.batchRows = Math.max(entry.batchRows, rows)
    let inferMs: number | undefined
    running.add(shares)
    try {
      const ran = await shift.runners().run(stacked(shares), together ? undefined : rows)
      inferMs = ran.inferMs
      passOn(shares, inferMs)
      answers.give(shares, ran)
    } catch (error) {
      if (inferMs === undefined) passOn(shares, 0)
      failBatch(shares, error)
    }
    running.delete(shares)
    return inferMs
  }

  /** The rows that run next. Runners that are free share what waits, but what fits in a run is not cut for that. */
  const cut = (oldest: Entry): Share[] => {
    const runners = shift.runners()
    const free = Math.max(1, runners.count - shift.running())
    const rest = oldest.rows - oldest.taken
    const room = plan.roomFor(oldest, runners)
    const piece = plan.pieceOf(oldest, runners, waiting.unfinished() > 1)
    return waiting.cut(
      Math.min(room, Math.max(rest, Math.ceil(waiting.rows() / free))),
      Math.min(piece, Math.max(room, Math.ceil(rest / free))),
    )
  }

  const start = (oldest: Entry): void => {
    if (shift.running() === 0) plan.resumed()
    const shares = cut(oldest)
    const rows = rowsIn(shares)
    const batch = plan.batchOf(shift.runners(), oldest, rows)
    runningRows += rows
    onBatch?.(rows)
    if (shift.give()) begin(shares, clock.nowMs())
    else given.push(shares)
    void runBatch(shares, rows).then((inferMs) => {
      shift.ended(inferMs)
      plan.ended(batch, inferMs)
      runningRows -= rows
      for (const { entry, attempt } of shares) if (entry.attempt === attempt) waiting.requeue(entry)
      // The answers of this batch are written first: their callers' next requests then share a batch.
      schedule()
    })
  }

  /** How long the oldest request still has to wait for company. */
  const delayLeftMs = (oldest: Entry): number => {
    if (limits.maxDelayMs <= 0 || !batchable || waiting.rows() >= plan.roomFor(oldest, shift.runners()))
      return 0
    return oldest.submittedMs + limits.maxDelayMs - clock.nowMs()
  }

  /** How many batches would be full, of those that may share one with the oldest request. */
  const fullBatches = (): number => {
    const head = waiting.oldest()
    if (!head) return 0
    const room = plan.roomFor(head, shift.runners())
    if (waiting.rows() < room) return 0
    let batches = 0
    let rows = 0
    for (const entry of waiting.entries()) {
      if (entry.key !== head.key) continue
      if (entry.key === undefined) batches += 1
      else rows += entry.rows - entry.taken
    }
    return batches + Math.floor(rows / room)
  }

  const shift = createShift({ usual, lanes, wantsLanes: plan.wantsLanes, fullBatches })

  /** What the plan goes by. Where requests run whole, their rows are none to share. */
  const demand = (): Demand => ({
    oldest: waiting.oldest(),
    waiting: batchable ? waiting.rows() : waiting.unfinished(),
    running: batchable ? runningRows : shift.running(),
    requests: deadlines.pending(),
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

  const mayShare = (rows: number): boolean => batchable && !runsAlone?.(rows)

  const submit = (submission: Submission): Promise<BatchedOutputs> =>
    new Promise((resolve, reject) => {
      if (queueLength() >= limits.maxQueue) {
        const message = `${queueLength()} requests wait already; try again later, or raise batching.maxQueue (--max-queue)`
        reject(new Failure('queue-full', message, { retryAfterSeconds: 1 }))
        return
      }
      const entry = newEntry(submission, mayShare, { submittedMs: clock.nowMs(), resolve, reject })
      waiting.add(entry)
      deadlines.watch(entry, submission.timeoutMs)
      schedule()
    })

  return { submit, queueLength, pending: deadlines.pending }
}
