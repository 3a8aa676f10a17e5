/** A worker thread of a pool, and the jobs that it has. */
import type { NamedTensors, Tensor } from '../tensors/tensor.ts'
import { transferable } from '../tensors/tensor-memory.ts'
import { endRun, failRun, goOn, type Job } from './jobs.ts'
import type { FromWorker, LoadedSession, Progress, ToWorker } from './session-messages.ts'

/** The part of a worker thread that the pool uses; `Worker` of node:worker_threads is one. */
export interface WorkerThread {
  postMessage(message: ToWorker, transfer?: readonly ArrayBuffer[]): void
  on(event: 'message', listener: (message: FromWorker) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'exit', listener: (exitCode: number) => void): unknown
}

/** What answers, and why that is not what was wished for. */
export type RunsOn = Pick<LoadedSession, 'active' | 'reason'>

export interface Member {
  readonly thread: WorkerThread
  /** Few; an array, because the tables of a Map would outlive their use (see arrivals.ts). */
  readonly jobs: Job[]
  state: 'loading' | 'serving' | 'broken'
  on: RunsOn | undefined
  /** Why it ended. */
  cause: string
}

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

/** Gives a job to a member. */
export const post = (member: Member, job: Job, nowMs: number): void => {
  job.startedMs = nowMs
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

/** Takes a job from a member. @returns undefined where it has no job with this id */
export const take = (member: Member, id: number, nowMs: number): Job | undefined => {
  const index = member.jobs.findIndex((job) => job.id === id)
  if (index < 0) return undefined
  const [job] = member.jobs.splice(index, 1)
  const [next] = member.jobs
  // A run that was given while another one ran has waited until now.
  if (next?.kind === 'run') next.startedMs = nowMs
  return job
}

/** A step of a text has run. */
const onProgress = (member: Member, progress: Progress, nowMs: number): void => {
  const job = member.jobs.find(({ id }) => id === progress.id)
  // It has been left meanwhile.
  if (job?.kind !== 'write') return
  job.startedMs = nowMs
  if (goOn(job, progress)) take(member, job.id, nowMs)
}

/** What a worker says of its jobs reaches those who wait for them. */
export const onAnswer = (
  member: Member,
  message: Extract<FromWorker, { kind: 'ran' | 'run-failed' | 'wrote' }>,
  nowMs: number,
): void => {
  switch (message.kind) {
    case 'ran':
      endRun(take(member, message.id, nowMs), message)
      break
    case 'run-failed':
      failRun(take(member, message.id, nowMs), message)
      break
    case 'wrote':
      for (const progress of message.progress) onProgress(member, progress, nowMs)
      break
  }
}

/** The one that serves and has the fewest jobs. */
export const leastBusy = (members: Iterable<Member>): Member | undefined => {
  let best: Member | undefined
  for (const member of members) {
    if (member.state === 'serving' && (!best || member.jobs.length < best.jobs.length)) best = member
  }
  return best
}

export const servingOf = (members: Iterable<Member>): number => {
  let count = 0
  for (const { state } of members) if (state === 'serving') count += 1
  return count
}

/** How long the longest of their jobs has been going; 0 where there is none. */
export const longestJobMs = (members: Iterable<Member>, nowMs: number): number => {
  let earliestMs = nowMs
  for (const { jobs } of members) {
    for (const { startedMs } of jobs) earliestMs = Math.min(earliestMs, startedMs)
  }
  return nowMs - earliestMs
}
