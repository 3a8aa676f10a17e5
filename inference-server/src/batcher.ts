/**
 * Turns requests into batches for a model whose first axis counts independent rows.
 *
 * A request is `waiting` in one queue, then `running` in one or more batches, then answered. It leaves early when its
 * deadline passes (waiting or running), when its caller has gone (seen when its batch is cut), or when one of its batches
 * fails. Batches are cut in order of arrival whenever a runner is free and the oldest request has waited `maxDelayMs`, or
 * enough rows wait. With `maxDelayMs` 0 that is greedy: a batch is whatever queued while the runners were busy.
 *
 * Fairness: a request of more than `maxRows` rows runs in pieces, and goes to the end of the queue after each (sooner only
 * where a runner would be idle), so that single callers pass between the pieces. A batch starts with the oldest request, so nothing is overtaken twice by the
 * same later one. Requests whose tensors differ in a further axis never share a batch.
 *
 * Rows of tokens are counted by what they cost: a batch has at most `maxTokens` tokens, padding included, but always a
 * row. Texts of one length run together, and none is filled up to the length of others here: they come filled up to
 * multiples of 8, a run costs as much as 8 to 17 tokens, and so the next length costs a row as much as it saves (decision 21).
 */
import { createArrivals } from './arrivals.ts'
import type { Clock } from './clock.ts'
import { Failure, inferenceFailed } from './errors.ts'
import { type BatchRun, type CrowdRunners, createShift, type Runners } from './runners.ts'
import { type NamedTensors, rowCount, rowsOfNamed, stackNamed, type Tensor } from './tensor.ts'
import { readBy } from './tensor-memory.ts'

export interface BatcherLimits {
  /** Most rows in one batch; 1 turns batching off. */
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
  readonly clock: Clock
  /** Calls back once the requests that have already arrived have been submitted. */
  readonly soon: (callback: () => void) => void
  readonly onBatch?: (rows: number) => void
}

interface Submission {
  /** Takes their memory. */
  readonly inputs: NamedTensors
  /** Whether nobody waits for the answer any more. */
  readonly gone?: () => boolean
  /** A deadline of its own, where it is earlier than that of all. */
  readonly timeoutMs?: number | undefined
}

interface BatchedOutputs {
  readonly outputs: NamedTensors
  /** From submission to the first batch, and between the batches of a request that takes several. */
  readonly queueMs: number
  /** In which any of the request's batches ran. */
  readonly inferMs: number
  /** Of the largest of them. */
  readonly batchRows: number
  /** For whoever knows when nobody reads the outputs any more: frees their memory, sooner than a collection of garbage would. */
  readonly done: (() => void) | undefined
}

export interface Batcher {
  /** @throws Failure queue-full, timeout, cancelled, or what `run` throws */
  readonly submit: (submission: Submission) => Promise<BatchedOutputs>
  /** Requests that wait. */
  readonly queueLength: () => number
  /** Requests that wait or run. */
  readonly pending: () => number
}

interface Entry {
  readonly inputs: NamedTensors
  /** Equal keys may share a batch; undefined runs alone. */
  readonly key: string | undefined
  readonly rows: number
  /** Of each row; 0 where rows are no tokens. */
  readonly tokens: number
  readonly submittedMs: number
  readonly gone: (() => boolean) | undefined
  readonly resolve: (outputs: BatchedOutputs) => void
  readonly reject: (error: unknown) => void
  /** Outputs of its pieces in order; holes where a piece still runs. */
  readonly pieces: NamedTensors[]
  /** Of the pieces, in any order. */
  readonly dones: ((() => void) | undefined)[]
  taken: number
  answeredPieces: number
  /** When the latest piece was answered. */
  answeredMs: number
  queueMs: number
  inferMs: number
  batchRows: number
  answered: boolean
  /** Takes it off the pending ones. */
  leave: (() => void) | undefined
}

/** Rows of one entry in one batch. */
interface Share {
  readonly entry: Entry
  readonly from: number
  readonly to: number
  readonly piece: number
}

/** Trailing axes of all inputs, or undefined where axis 0 is missing, empty, or not the same everywhere. */
const shapeKey = (inputs: NamedTensors, rows: number): string | undefined => {
  let key = ''
  for (const { shape } of inputs.values()) {
    if (shape.length === 0 || shape[0] !== rows) return undefined
    for (let axis = 1; axis < shape.length; axis++) key += `${shape[axis]},`
    key += ';'
  }
  return rows === 0 ? undefined : key
}

/** Length of the token axis of input_ids [rows, tokens]. */
const tokensOf = (inputs: NamedTensors): number => {
  const ids = inputs.get('input_ids')
  return ids?.shape.length === 2 ? (ids.shape[1] as number) : 0
}

const firstOf = (inputs: NamedTensors): Tensor | undefined => inputs.values().next().value

/** A batch that came back with another number of rows than went in cannot be told apart. */
const requireRows = (outputs: NamedTensors, rows: number): void => {
  for (const [name, tensor] of outputs) {
    if (tensor.shape.length > 0 && rowCount(tensor) === rows) continue
    throw new Failure('inference-failed', inferenceFailed, {
      cause: `output ${name} of a batch of ${rows} rows has shape [${tensor.shape.join(', ')}]; serve this model with batching.maxRows 1`,
    })
  }
}

/** The outputs of all pieces as one. */
const whole = ({ pieces, dones }: Entry): Pick<BatchedOutputs, 'outputs' | 'done'> => {
  const [first, ...others] = pieces as [NamedTensors, ...NamedTensors[]]
  if (others.length === 0) return { outputs: first, done: dones[0] }
  const outputs = stackNamed([first, ...others])
  for (const done of dones) done?.()
  return { outputs, done: readBy(outputs, 1) }
}

const timedOut = (timeoutMs: number): Failure =>
  new Failure('timeout', `no result within ${timeoutMs / 1000} s; send fewer rows or try again later`)

const hurriedTooMuch = (timeoutMs: number): Failure =>
  new Failure(
    'timeout',
    `no result within ${Math.round(timeoutMs * 1000)} microseconds, the timeout of the request; give it more time, or send fewer rows`,
    { asked: true },
  )

export const createBatcher = (options: BatcherOptions): Batcher => {
  const { limits, usual, lanes, batchable, runsAlone, clock, soon, onBatch } = options
  const maxRows = Math.max(1, limits.maxRows)
  /** Most rows in one batch with this one. */
  const roomFor = ({ tokens, key, rows }: Entry, { maxTokens } = shift.runners()): number => {
    if (key === undefined) return Math.max(1, rows)
    return tokens === 0 ? maxRows : Math.max(1, Math.min(maxRows, Math.floor(maxTokens() / tokens)))
  }
  let queue: Entry[] = []
  /** Entries of which a piece runs and more is to come. */
  const continued = new Set<Entry>()
  const pending = createArrivals<Entry>()
  /** Batches that were given ahead and have not begun. */
  const given: (readonly Share[])[] = []
  let waitingRows = 0
  let cutting = false
  let cancelDelay: (() => void) | undefined
  let cancelDeadline: (() => void) | undefined

  /** Requests of which rows are still to be given to a runner. */
  const unfinished = (): number => queue.length + continued.size

  /** Whoever was given ahead waits, too. */
  const queueLength = (): number => {
    let length = unfinished()
    const isWhole = ({ entry }: Share): boolean => !entry.answered && entry.taken === entry.rows
    for (const shares of given) length += shares.filter(isWhole).length
    return length
  }

  const settle = (entry: Entry): boolean => {
    if (entry.answered) return false
    entry.answered = true
    entry.leave?.()
    return true
  }

  const leaveQueue = (entry: Entry): void => {
    const index = queue.indexOf(entry)
    if (index >= 0) queue.splice(index, 1)
    else if (!continued.delete(entry)) return
    waitingRows -= entry.rows - entry.taken
  }

  const fail = (entry: Entry, error: unknown): void => {
    if (!settle(entry)) return
    leaveQueue(entry)
    entry.reject(error)
  }

  /** One timer, for the oldest request: all have the same time to live, and `pending` keeps the order of arrival. */
  const watchDeadline = (): void => {
    if (cancelDeadline) return
    const oldest = pending.oldest()
    if (!oldest) return
    cancelDeadline = clock.after(oldest.submittedMs + limits.timeoutMs - clock.nowMs(), () => {
      cancelDeadline = undefined
      const dueMs = clock.nowMs() - limits.timeoutMs
      for (let entry = pending.oldest(); entry && entry.submittedMs <= dueMs; entry = pending.oldest()) {
        fail(entry, timedOut(limits.timeoutMs))
      }
      watchDeadline()
    })
  }

  /** Rare, so it has a timer of its own. */
  const hurry = (entry: Entry, timeoutMs: number): void => {
    const { leave } = entry
    const cancel = clock.after(timeoutMs, () => fail(entry, hurriedTooMuch(timeoutMs)))
    entry.leave = () => {
      cancel()
      leave?.()
    }
  }

  /** Takes up to `space` rows of an entry. */
  const take = (entry: Entry, space: number): Share => {
    const from = entry.taken
    const to = Math.min(entry.rows, from + space)
    entry.taken = to
    waitingRows -= to - from
    if (to < entry.rows) continued.add(entry)
    return { entry, from, to, piece: entry.pieces.length }
  }

  /** Whoever left is not computed. Backwards, because dropping shortens the queue. */
  const dropGone = (): void => {
    for (let index = queue.length - 1; index >= 0; index--) {
      const entry = queue[index] as Entry
      if (entry.gone?.()) fail(entry, new Failure('cancelled', 'the caller left before its turn'))
    }
  }

  const cut = (): Share[] => {
    const shares: Share[] = []
    const kept: Entry[] = []
    const head = queue[0] as Entry
    let space = roomFor(head)
    for (const entry of queue) {
      const alone = entry.key === undefined
      const fits = entry === head || (!alone && entry.key === head.key && entry.rows - entry.taken <= space)
      if (!fits || space <= 0) {
        kept.push(entry)
        continue
      }
      const share = take(entry, space)
      entry.pieces.length += 1
      shares.push(share)
      space = alone ? 0 : space - (share.to - share.from)
    }
    queue = kept
    return shares
  }

  /** @param done of whoever reads these outputs */
  const answer = (
    { entry, piece }: Share,
    { outputs, inferMs }: BatchRun,
    done: (() => void) | undefined,
  ): void => {
    entry.pieces[piece] = outputs
    entry.dones.push(done)
    const nowMs = clock.nowMs()
    // Pieces may run side by side: a caller waits for them once.
    entry.inferMs += entry.answeredPieces === 0 ? inferMs : Math.min(inferMs, nowMs - entry.answeredMs)
    entry.answeredPieces += 1
    entry.answeredMs = nowMs
    if (entry.answered || entry.taken < entry.rows || entry.answeredPieces < entry.pieces.length) return
    // Pieces that do not fit together fail the request, which must not have been settled by then.
    const merged = whole(entry)
    settle(entry)
    const { inferMs: ranMs, batchRows, pieces } = entry
    const queueMs = pieces.length === 1 ? entry.queueMs : Math.max(0, nowMs - entry.submittedMs - ranMs)
    entry.resolve({ ...merged, queueMs, inferMs: ranMs, batchRows })
  }

  /** Gives each its rows of the outputs, which have only those that are not lost. */
  const share = (shares: readonly Share[], rows: number, ran: BatchRun): void => {
    const { outputs, lost } = ran
    requireRows(outputs, rows - (lost?.rows.length ?? 0))
    const done = readBy(outputs, shares.length)
    let row = 0
    let answeredRows = 0
    for (const part of shares) {
      const end = row + part.to - part.from
      const lostHere = lost?.rows.filter((place) => place >= row && place < end).length ?? 0
      const count = end - row - lostHere
      if (lost && lostHere > 0) fail(part.entry, lost.failure)
      else answer(part, { ...ran, outputs: rowsOfNamed(outputs, answeredRows, answeredRows + count) }, done)
      row = end
      answeredRows += count
    }
  }

  const begin = (shares: readonly Share[], atMs: number): void => {
    for (const { entry, from } of shares) if (from === 0) entry.queueMs = atMs - entry.submittedMs
  }

  /** A batch has run: another one begins, unless this is one that began while nobody saw it. */
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

  /** @returns how long it ran; undefined where it failed */
  const runBatch = async (shares: readonly Share[]): Promise<number | undefined> => {
    const parts = shares.map(({ entry, from, to }) =>
      from === 0 && to === entry.rows ? entry.inputs : rowsOfNamed(entry.inputs, from, to),
    )
    const [only] = shares
    const isWhole = shares.length === 1 && only && only.from === 0 && only.to === only.entry.rows
    const rows = shares.reduce((sum, { from, to }) => sum + to - from, 0)
    const together = only?.entry.key === undefined
    for (const { entry } of shares) entry.batchRows = Math.max(entry.batchRows, rows)
    let inferMs: number | undefined
    try {
      const ran = await shift
        .runners()
        .run(stackNamed(parts as [NamedTensors, ...NamedTensors[]]), together ? undefined : rows)
      inferMs = ran.inferMs
      passOn(shares, inferMs)
      if (isWhole && !ran.lost) answer(only, ran, readBy(ran.outputs, 1))
      else share(shares, rows, ran)
    } catch (error) {
      if (inferMs === undefined) passOn(shares, 0)
      for (const { entry } of shares) fail(entry, error)
    }
    return inferMs
  }

  const start = (): void => {
    const shares = cut()
    onBatch?.(shares.reduce((sum, { from, to }) => sum + to - from, 0))
    if (shift.give()) begin(shares, clock.nowMs())
    else given.push(shares)
    void runBatch(shares).then((inferMs) => {
      shift.ended(inferMs)
      for (const { entry } of shares) if (continued.delete(entry)) queue.push(entry)
      // The answers of this batch are written first: their callers' next requests then share a batch.
      schedule()
    })
  }

  /** How long the oldest request still has to wait for company. */
  const delayLeftMs = (): number => {
    const [oldest] = queue
    if (!oldest || limits.maxDelayMs <= 0 || !batchable || waitingRows >= roomFor(oldest)) return 0
    return oldest.submittedMs + limits.maxDelayMs - clock.nowMs()
  }

  /** How many batches of these runners would be full, of those that may share one with the oldest request. */
  const fullBatches = (of: Runners): number => {
    const [head] = queue
    if (!head) return 0
    const room = roomFor(head, of)
    if (waitingRows < room) return 0
    let batches = 0
    let rows = 0
    for (const entry of queue) {
      if (entry.key !== head.key) continue
      if (entry.key === undefined) batches += 1
      else rows += entry.rows - entry.taken
    }
    return batches + Math.floor(rows / room)
  }

  const shift = createShift({ usual, lanes, fullBatches, nowMs: clock.nowMs })

  /** @returns whether there was something to start, now */
  const startNext = (): boolean => {
    if (!shift.free()) return false
    const [begun] = continued
    if (queue.length === 0 && begun && continued.delete(begun)) queue.push(begun)
    if (queue.length === 0) return false
    const delayMs = delayLeftMs()
    if (delayMs > 0) cancelDelay = clock.after(delayMs, pump)
    else start()
    return delayMs <= 0
  }

  const pump = (): void => {
    cutting = false
    cancelDelay?.()
    cancelDelay = undefined
    dropGone()
    shift.changeOver()
    while (startNext());
  }

  const schedule = (): void => {
    if (cutting || unfinished() === 0 || shift.loaded()) return
    cutting = true
    soon(pump)
  }

  const submit = ({ inputs, gone, timeoutMs }: Submission): Promise<BatchedOutputs> =>
    new Promise((resolve, reject) => {
      if (queueLength() >= limits.maxQueue) {
        const message = `${queueLength()} requests wait already; try again later, or raise batching.maxQueue (--max-queue)`
        reject(new Failure('queue-full', message, { retryAfterSeconds: 1 }))
        return
      }
      const first = firstOf(inputs)
      const rows = first ? rowCount(first) : 0
      const entry: Entry = {
        inputs,
        key: batchable && !runsAlone?.(rows) ? shapeKey(inputs, rows) : undefined,
        rows,
        tokens: tokensOf(inputs),
        submittedMs: clock.nowMs(),
        gone,
        resolve,
        reject,
        pieces: [],
        dones: [],
        taken: 0,
        answeredPieces: 0,
        answeredMs: 0,
        queueMs: 0,
        inferMs: 0,
        batchRows: 0,
        answered: false,
        leave: undefined,
      }
      queue.push(entry)
      entry.leave = pending.add(entry)
      if (timeoutMs !== undefined && timeoutMs < limits.timeoutMs) hurry(entry, timeoutMs)
      waitingRows += rows
      watchDeadline()
      schedule()
    })

  return { submit, queueLength, pending: pending.size }
}
