/** Runs the requests of a worker for any kind of session: each is fitted to the memory and answered, or ends the worker. */

import { commonRows, type NamedTensors } from '../tensors/tensor.ts'
import { freeTensors } from '../tensors/tensor-memory.ts'
import type { Fitting } from './fitting.ts'
import { firstLine } from './run-error.ts'
import type { FromWorker, ToWorker } from './session-messages.ts'

export interface SessionRunsOptions<Sessions> {
  readonly fitting: Fitting<Sessions>
  /** One run; throws what onnxruntime throws. */
  readonly work: (sessions: Sessions, inputs: NamedTensors) => Promise<NamedTensors>
  readonly answer: (message: FromWorker) => void
  /** Ends the thread. */
  readonly end: () => void
  readonly nowMs: () => number
}

type Run = Extract<ToWorker, { kind: 'run' }>

/** @returns what takes a run, also while others wait; it always answers, or ends the thread */
export const createSessionRuns = <Sessions>(
  options: SessionRunsOptions<Sessions>,
): ((message: Run) => Promise<void>) => {
  const { fitting, work, answer, end, nowMs } = options
  /** Inputs of a run of one row that succeeded, kept to try the device with. The first is the warm-up's, which is small and not shared with a request. */
  let proven: NamedTensors | undefined
  let ended = false

  /**
   * A run failed: because of what it was given, or because the session is no good any more (a GPU that was reset fails every
   * run)? What went well before tells.
   */
  const isBroken = async (): Promise<boolean> => {
    if (!proven) return false
    try {
      await fitting.run(work, proven, undefined)
      return false
    } catch {
      return true
    }
  }

  const run = async ({ id, inputs, rows }: Run): Promise<void> => {
    const startedMs = nowMs()
    try {
      const { outputs, lost, cause } = await fitting.run(work, inputs, rows)
      if (!outputs) {
        answer({ kind: 'run-failed', id, message: cause, memory: true })
        return
      }
      if ((rows ?? 1) === 1) proven ??= inputs
      if (proven !== inputs) freeTensors(inputs.values())
      const inferMs = nowMs() - startedMs
      const message = { kind: 'ran', id, outputs, inferMs } as const
      answer(lost.length > 0 ? { ...message, lost: { rows: lost, message: cause } } : message)
    } catch (error) {
      if (await isBroken()) {
        answer({ kind: 'broken', message: firstLine(error) })
        ended = true
        end()
      } else answer({ kind: 'run-failed', id, message: firstLine(error) })
    }
  }

  let last: Promise<void> = Promise.resolve()
  return (message) => {
    // Runs do not overlap in a worker. After the end the pool fails those that wait.
    last = last.then(() => (ended ? undefined : run(message)))
    return last
  }
}

/**
 * One step of texts that are written side by side, which are rows. Its caches grow with every step and a prompt has none, so
 * what did not fit says nothing of the next step, and is not remembered.
 * @throws Error where a row fits nowhere
 */
export const runStep = async <Sessions>(
  fitting: Fitting<Sessions>,
  work: SessionRunsOptions<Sessions>['work'],
  inputs: NamedTensors,
): Promise<NamedTensors> => {
  const { outputs, lost, cause } = await fitting.run(work, inputs, commonRows(inputs), false)
  if (!outputs || lost.length > 0) throw new Error(cause)
  return outputs
}
