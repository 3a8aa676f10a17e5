/**
 * Worker threads that each hold one session of the same model.
 *
 * A worker is `loading`, then `serving` until it ends, `broken` in between where its session failed on what it could do
 * before. A worker that ends by itself has crashed: what it was running fails with a retryable error, and another one takes
 * its place, at once if it had been serving, later and later if it cannot even load. A worker that is busy is never ended: stopping a thread inside onnxruntime aborts the process.
 */
import type { NamedTensors } from '../tensors/tensor.ts'
import { type CrewOptions, createCrew } from './crew.ts'
import type { Job, RunResult } from './jobs.ts'
import { leastBusy, longestJobMs, type Member, post, type RunsOn, servingOf, take } from './member.ts'
import type { Ending, LoadedSession, Writing } from './session-messages.ts'

/** A text that a worker writes. */
export interface PooledWriting {
  /** Why it ended; all tokens have been told by then. Never settles once it was left. */
  readonly ended: Promise<Ending>
  /** Cancels the text: its caller has left. */
  readonly leave: () => void
}

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
  /** How long the longest of the present runs has been going; 0 when idle. */
  readonly longestRunMs: () => number
  /** Lets the runs finish, then ends the workers. */
  readonly close: () => Promise<void>
}

/** Starts the workers at once. */
export const createPool = (options: CrewOptions): Pool => {
  const { nowMs } = options.clock
  const members = new Set<Member>()
  /** Jobs that no worker can take yet. */
  const waiting: Job[] = []
  let nextId = 0
  let lastOn: RunsOn | undefined

  const { loaded, freed, close } = createCrew(options, members, {
    onServing: (member) => {
      for (const job of waiting.splice(0)) post(leastBusy(members) ?? member, job, nowMs())
    },
  })

  const assign = (job: Job): void => {
    const member = leastBusy(members)
    if (member) post(member, job, nowMs())
    else waiting.push(job)
  }

  const leave = (job: Job): void => {
    const place = waiting.indexOf(job)
    if (place >= 0) waiting.splice(place, 1)
    for (const member of members) {
      if (take(member, job.id, nowMs())) member.thread.postMessage({ kind: 'leave', id: job.id })
    }
    freed()
  }

  return {
    loaded,
    run: (inputs, rows) =>
      new Promise((resolve, reject) => {
        nextId += 1
        assign({ kind: 'run', id: nextId, inputs, rows, resolve, reject, startedMs: nowMs() })
      }),
    write: (text, onToken) => {
      const { promise: ended, resolve, reject } = Promise.withResolvers<Ending>()
      nextId += 1
      const job: Job = { kind: 'write', id: nextId, text, onToken, resolve, reject, startedMs: nowMs() }
      assign(job)
      return { ended, leave: () => leave(job) }
    },
    runsOn: () => {
      const all = [...members].flatMap(({ on }) => on ?? [])
      // While the only worker is being replaced, what it ran on is the best guess.
      lastOn = all.find(({ active }) => active === 'cpu') ?? all[0] ?? lastOn
      return lastOn
    },
    serving: () => servingOf(members),
    longestRunMs: () => longestJobMs(members, nowMs()),
    close,
  }
}
