/**
 * Worker threads that each hold one session of the same model.
 *
 * A worker is `loading`, then `serving` until it ends, `broken` in between where its session failed on what it could do
 * before. A worker that ends by itself has crashed: what it was running fails with a retryable error, and another one takes
 * its place, at once if it had been serving, later and later if it cannot even load. A worker that is busy is never ended: stopping a thread inside onnxruntime aborts the process.
 */
import type { LostRows } from '../batching/runners.ts'
import { Failure, inferenceFailed, inputFailed, StartError } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'
import type { NamedTensors, Tensor } from '../tensors/tensor.ts'
import { transferable } from '../tensors/tensor-memory.ts'
import { isOutOfMemory } from './fitting.ts'
import type { Ending, FromWorker, LoadedSession, Progress, ToWorker, Writing } from './session-messages.ts'

/** The part of a worker thread that the pool uses; `Worker` of node:worker_threads is one. */
export interface WorkerThread {
  postMessage(message: ToWorker, transfer?: readonly ArrayBuffer[]): void
  on(event: 'message', listener: (message: FromWorker) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'exit', listener: (exitCode: number) => void): unknown
}

export interface PoolOptions {
  readonly size: number
  readonly spawn: () => WorkerThread
  readonly clock: Clock
  /** A worker crashed; another one is on its way. */
  readonly onCrash: (cause: string) => void
  /** A worker ran short of memory, and goes on with less. */
  readonly onShortage?: (what: string, cause: string) => void
}

/** A text that a worker writes. */
export interface PooledWriting {
  /** Why it ended; all tokens have been told by then. Never settles once it was left. */
  readonly ended: Promise<Ending>
  /** Nobody waits for it any more. */
  readonly leave: () => void
}

interface RunResult {
  readonly outputs: NamedTensors
  /** Inside onnxruntime. */
  readonly inferMs: number
  readonly lost?: LostRows
}

/** What answers, and why that is not what was wished for. */
type RunsOn = Pick<LoadedSession, 'active' | 'reason'>

export interface Pool {
  /** Settles once all workers of the first round have loaded, or one could not. */
  readonly loaded: Promise<LoadedSession>
  /**
   * Takes the inputs' memory: they are empty afterwards.
   * @param rows how many independent rows they are; unless given they stay together
   */
  readonly run: (inputs: NamedTensors, rows?: number) => Promise<RunResult>
  /** Where the model runs now: the CPU, as soon as one worker had to move there. undefined before the first has loaded. */
  readonly runsOn: () => RunsOn | undefined
  /**
   * Has a text written by the worker that has least to do, side by side with others.
   * @param onToken told of each token; of none where the text goes on without one that is certain
   */
  readonly write: (text: Omit<Writing, 'id'>, onToken: (token?: number) => void) => PooledWriting
  /** Workers that can take a run. */
  readonly serving: () => number
  /** Whether one of them has nothing to do. */
  readonly idle: () => boolean
  /** How long the longest of the present runs has been going; 0 when idle. */
  readonly longestRunMs: () => number
  /** Lets the runs finish, then ends the workers. */
  readonly close: () => Promise<void>
}

interface JobOf<Kind extends string> {
  readonly kind: Kind
  readonly id: number
  readonly reject: (failure: Failure) => void
  /** Of the run, or of its latest token. */
  startedMs: number
}

interface RunJob extends JobOf<'run'> {
  readonly inputs: NamedTensors
  readonly rows: number | undefined
  readonly resolve: (result: RunResult) => void
}

interface WriteJob extends JobOf<'write'> {
  readonly text: Omit<Writing, 'id'>
  readonly onToken: (token?: number) => void
  readonly resolve: (ending: Ending) => void
}

type Job = RunJob | WriteJob

interface Member {
  readonly thread: WorkerThread
  /** Few; an array, because the tables of a Map would outlive their use (see arrivals.ts). */
  readonly jobs: Job[]
  state: 'loading' | 'serving' | 'broken'
  on: RunsOn | undefined
  /** Why it ended. */
  cause: string
}

const longestBackoffMs = 30_000

/** Posting a view posts all of the memory under it, so views on part of it are copied out. */
const compact = (inputs: NamedTensors): NamedTensors => {
  const compacted = new Map<string, Tensor>()
  for (const [name, tensor] of inputs) {
    const { data } = tensor
    const whole = !('byteLength' in data) || data.byteLength === data.buffer.byteLength
    compacted.set(name, whole ? tensor : { ...tensor, data: data.slice() })
  }
  return compacted
}

/** Starts the workers at once. */
export const createPool = ({ size, spawn, clock, onCrash, onShortage }: PoolOptions): Pool => {
  const members = new Set<Member>()
  const waiting: Job[] = []
  const loaded = Promise.withResolvers<LoadedSession>()
  const closed = Promise.withResolvers<void>()
  let firstLoads = 0
  let failedLoads = 0
  let nextId = 0
  let closing = false

  const post = (member: Member, job: Job): void => {
    job.startedMs = clock.nowMs()
    member.jobs.push(job)
    if (job.kind === 'write') {
      member.thread.postMessage({ kind: 'write', writing: { id: job.id, ...job.text } })
      return
    }
    const inputs = compact(job.inputs)
    const { id, rows } = job
    const message: ToWorker = { kind: 'run', id, inputs, ...(rows !== undefined && { rows }) }
    member.thread.postMessage(message, transferable(inputs))
  }

  const assign = (job: Job): void => {
    const member = leastBusy()
    if (member) post(member, job)
    else waiting.push(job)
  }

  const leastBusy = (): Member | undefined => {
    let best: Member | undefined
    for (const member of members) {
      if (member.state === 'serving' && (!best || member.jobs.length < best.jobs.length)) best = member
    }
    return best
  }

  let lastOn: RunsOn | undefined
  const runsOn = (): RunsOn | undefined => {
    const all = [...members].flatMap(({ on }) => on ?? [])
    // While the only worker is being replaced, what it ran on is the best guess.
    lastOn = all.find(({ active }) => active === 'cpu') ?? all[0] ?? lastOn
    return lastOn
  }

  const closeIdle = (): void => {
    if (!closing) return
    for (const member of members) if (member.jobs.length === 0) member.thread.postMessage({ kind: 'close' })
    if (members.size === 0) closed.resolve()
  }

  const onLoaded = (member: Member, session: LoadedSession): void => {
    member.state = 'serving'
    member.on = { active: session.active, ...(session.reason !== undefined && { reason: session.reason }) }
    failedLoads = 0
    firstLoads += 1
    if (firstLoads === size) loaded.resolve(session)
    for (const job of waiting.splice(0)) post(leastBusy() ?? member, job)
  }

  const finish = (member: Member, id: number): Job | undefined => {
    const index = member.jobs.findIndex((job) => job.id === id)
    if (index < 0) return undefined
    const [job] = member.jobs.splice(index, 1)
    const [next] = member.jobs
    // A run that was given while another one ran has waited until now.
    if (next?.kind === 'run') next.startedMs = clock.nowMs()
    return job
  }

  const onRan = (job: Job | undefined, result: RunResult): void => {
    if (job?.kind === 'run') job.resolve(result)
  }

  const failed = (cause: string): Failure => new Failure('inference-failed', inferenceFailed, { cause })
  const unable = (cause: string): Failure => new Failure('inference-failed', inputFailed, { cause })

  /** The caller's last resort is the same wherever it ran, since the CPU was tried last. */
  const outOfMemory = (cause: string): Failure =>
    new Failure(
      'out-of-memory',
      'there is not enough memory to run this request; send smaller inputs or try again later, or raise spec.serve.resources.limits.memory',
      { cause, retryAfterSeconds: 1 },
    )

  const ranResult = ({ outputs, inferMs, lost }: Extract<FromWorker, { kind: 'ran' }>): RunResult => ({
    outputs,
    inferMs,
    ...(lost && { lost: { rows: lost.rows, failure: outOfMemory(lost.message) } }),
  })

  const onProgress = (member: Member, progress: Progress): void => {
    const job = member.jobs.find(({ id }) => id === progress.id)
    // It has been left meanwhile.
    if (job?.kind !== 'write') return
    if ('failure' in progress) {
      finish(member, job.id)
      job.reject((isOutOfMemory(progress.failure) ? outOfMemory : failed)(progress.failure))
      return
    }
    job.startedMs = clock.nowMs()
    const { token, ending } = 'searching' in progress ? {} : progress
    job.onToken(token)
    if (!ending) return
    finish(member, job.id)
    job.resolve(ending)
  }

  const leave = (job: Job): void => {
    const place = waiting.indexOf(job)
    if (place >= 0) waiting.splice(place, 1)
    for (const member of members) {
      if (finish(member, job.id)) member.thread.postMessage({ kind: 'leave', id: job.id })
    }
    closeIdle()
  }

  /** The first round failed: whoever started the pool hears of it, and nothing is tried again. */
  const giveUp = (cause: string): void => {
    closing = true
    loaded.reject(new StartError(cause))
  }

  const onMessage = (member: Member, message: FromWorker): void => {
    switch (message.kind) {
      case 'loaded':
        onLoaded(member, message.session)
        break
      case 'load-failed':
        if (firstLoads < size) giveUp(message.message)
        break
      case 'ran':
        onRan(finish(member, message.id), ranResult(message))
        break
      case 'run-failed':
        finish(member, message.id)?.reject((message.memory ? outOfMemory : unable)(message.message))
        break
      case 'cut':
        onShortage?.(
          `memory ran short: runs of this size have at most ${message.rows} rows from now on`,
          message.message,
        )
        break
      case 'moved':
        member.on = { active: 'cpu', reason: message.reason }
        onShortage?.('the GPU ran out of memory: the model runs on the CPU from now on', message.reason)
        break
      case 'broken':
        member.state = 'broken'
        member.cause = message.message
        break
      case 'wrote':
        for (const progress of message.progress) onProgress(member, progress)
        break
    }
    closeIdle()
  }

  const onExit = (member: Member, cause: string): void => {
    if (!members.delete(member)) return
    for (const job of member.jobs) {
      job.reject(
        new Failure('unavailable', 'the worker that ran this request ended, try again', {
          retryAfterSeconds: 1,
          cause,
        }),
      )
    }
    if (firstLoads < size) giveUp(cause)
    if (closing) {
      closeIdle()
      return
    }
    // Never served: a start that fails again and again must not eat the CPU.
    failedLoads = member.state === 'loading' ? failedLoads + 1 : 0
    onCrash(cause)
    const backoffMs = failedLoads === 0 ? 0 : Math.min(1000 * 2 ** (failedLoads - 1), longestBackoffMs)
    clock.after(backoffMs, add)
  }

  const add = (): void => {
    if (closing) return
    const thread = spawn()
    const member: Member = { thread, jobs: [], state: 'loading', on: undefined, cause: '' }
    members.add(member)
    thread.on('message', (message) => onMessage(member, message))
    thread.on('error', (error) => {
      member.cause = error.message
    })
    thread.on('exit', (exitCode) =>
      onExit(member, member.cause || `a worker thread ended with code ${exitCode}`),
    )
  }

  for (let index = 0; index < size; index++) add()

  return {
    loaded: loaded.promise,
    run: (inputs, rows) =>
      new Promise((resolve, reject) => {
        nextId += 1
        assign({ kind: 'run', id: nextId, inputs, rows, resolve, reject, startedMs: clock.nowMs() })
      }),
    write: (text, onToken) => {
      const { promise: ended, resolve, reject } = Promise.withResolvers<Ending>()
      nextId += 1
      const job: Job = { kind: 'write', id: nextId, text, onToken, resolve, reject, startedMs: clock.nowMs() }
      assign(job)
      return { ended, leave: () => leave(job) }
    },
    runsOn,
    serving: () => {
      let count = 0
      for (const { state } of members) if (state === 'serving') count += 1
      return count
    },
    idle: () => {
      for (const { state, jobs } of members) if (state === 'serving' && jobs.length === 0) return true
      return false
    },
    longestRunMs: () => {
      let earliestMs = Number.POSITIVE_INFINITY
      for (const { jobs } of members) {
        for (const { startedMs } of jobs) earliestMs = Math.min(earliestMs, startedMs)
      }
      return earliestMs === Number.POSITIVE_INFINITY ? 0 : clock.nowMs() - earliestMs
    },
    close: () => {
      closing = true
      closeIdle()
      return closed.promise
    },
  }
}
