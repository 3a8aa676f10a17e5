import type { LogReason } from '@gantry/contract/reasons.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import { ApiError, isMistake } from '@gantry/kube/errors.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { WorkQueue } from '@gantry/kube/workqueue.ts'
import { ReconcileError } from './errors.ts'
import type { Result } from './result.ts'

/** How a pass ended, for the metric: what a Result says, or `error`, or `aborted` when we had to stop. */
export type Outcome = Result['kind'] | 'error' | 'aborted'

export interface ControllerOptions {
  readonly queue: WorkQueue
  readonly reconcile: (key: string, signal: AbortSignal) => Promise<Result>
  readonly workers: number
  readonly clock: Clock
  readonly log: Log
  readonly onPass?: (outcome: Outcome, durationMs: number) => void
}

export interface Stop {
  /** Take no more keys, finish the passes under way. */
  readonly taking: AbortSignal
  /** Abort the passes under way. */
  readonly passes: AbortSignal
}

/**
 * Workers that turn keys into passes and outcomes into the next pass: the single retry policy.
 * @returns resolves when every worker has ended
 */
export const runController = async (options: ControllerOptions, stop: Stop): Promise<void> => {
  const { queue, reconcile, clock, log, onPass = () => {} } = options

  /** The pass went through: `waiting` comes back by itself, `settled` with the next event. */
  const conclude = (key: string, result: Result, durationMs: number): Outcome => {
    queue.forget(key)
    if (result.kind === 'waiting') {
      queue.addAfter(key, result.afterMs)
      log.debug('waiting', { key, reason: result.reason, afterMs: result.afterMs, durationMs })
    } else log.debug('settled', { key, durationMs })
    return result.kind
  }
  const recover = (key: string, error: unknown, durationMs: number): Outcome => {
    if (stop.passes.aborted) {
      queue.add(key)
      return 'aborted'
    }
    const unexpected: LogReason = 'Unexpected'
    const reason = error instanceof ReconcileError || error instanceof ApiError ? error.reason : unexpected
    const fields = { key, reason, error, durationMs, ...(isMistake(error) ? { stack: error.stack } : {}) }
    if (error instanceof ReconcileError && error.retry === 'never') {
      queue.forget(key)
      log.error('the pass failed and is not tried again before something changes', fields)
      return 'error'
    }
    const retryAfterMs = [error, error instanceof Error ? error.cause : undefined]
      .map((one) => (one instanceof ApiError ? one.retryAfterMs : undefined))
      .find((ms) => ms !== undefined)
    const retryMs = queue.retry(key, retryAfterMs)
    log.warn('the pass failed and is tried again', { ...fields, retryMs: Math.round(retryMs) })
    return 'error'
  }
  const pass = async (key: string): Promise<void> => {
    const startedAt = clock.elapsed()
    const sinceMs = (): number => Math.round(clock.elapsed() - startedAt)
    const outcome = await reconcile(key, stop.passes).then(
      (result) => conclude(key, result, sinceMs()),
      (error: unknown) => recover(key, error, sinceMs()),
    )
    queue.done(key)
    onPass(outcome, clock.elapsed() - startedAt)
  }
  const work = async (): Promise<void> => {
    for (let key = await queue.take(stop.taking); key; key = await queue.take(stop.taking)) await pass(key)
  }
  await Promise.all(Array.from({ length: options.workers }, work))
}
