/** What a pool has its workers do, runs and texts, and how each of them ends. */
import type { LostRows } from '../batching/runners.ts'
import { Failure, inferenceFailed, inputFailed } from '../failures/errors.ts'
import type { NamedTensors } from '../tensors/tensor.ts'
import { isOutOfMemory } from './run-error.ts'
import type { Ending, FromWorker, Progress, Writing } from './session-messages.ts'

export interface RunResult {
  readonly outputs: NamedTensors
  /** Inside onnxruntime. */
  readonly inferMs: number
  readonly lost?: LostRows
}

interface JobOf<Kind extends string> {
  readonly kind: Kind
  readonly id: number
  readonly reject: (failure: Failure) => void
  /** Start of the run, or of its latest token. */
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

export type Job = RunJob | WriteJob

const failed = (cause: string): Failure => new Failure('inference-failed', inferenceFailed, { cause })
const unable = (cause: string): Failure => new Failure('inference-failed', inputFailed, { cause })

/** The sentence is the same for every device, since the CPU was tried last. */
const outOfMemory = (cause: string): Failure =>
  new Failure(
    'out-of-memory',
    'there is not enough memory to run this request; send smaller inputs or try again later, or raise spec.serve.resources.limits.memory',
    { cause, retryAfterSeconds: 1 },
  )

export const workerEnded = (cause: string): Failure =>
  new Failure('unavailable', 'the worker that ran this request ended, try again', {
    retryAfterSeconds: 1,
    cause,
  })

/** @param job undefined where it was cancelled or has timed out */
export const endRun = (
  job: Job | undefined,
  { outputs, inferMs, lost }: Extract<FromWorker, { kind: 'ran' }>,
): void => {
  if (job?.kind !== 'run') return
  job.resolve({
    outputs,
    inferMs,
    ...(lost && { lost: { rows: lost.rows, failure: outOfMemory(lost.message) } }),
  })
}

/** @param job undefined where it was cancelled or has timed out */
export const failRun = (
  job: Job | undefined,
  { memory, message }: Extract<FromWorker, { kind: 'run-failed' }>,
): void => job?.reject((memory ? outOfMemory : unable)(message))

/** Tells a text of its next token, or of its end. @returns whether it has ended */
export const goOn = (job: WriteJob, progress: Progress): boolean => {
  if ('failure' in progress) {
    job.reject((isOutOfMemory(progress.failure) ? outOfMemory : failed)(progress.failure))
    return true
  }
  const { token, ending } = 'searching' in progress ? {} : progress
  job.onToken(token)
  if (ending) job.resolve(ending)
  return ending !== undefined
}
