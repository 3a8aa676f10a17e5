/** How often, and after which pauses, something is tried again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ImportError } from '../../failures/import-error.ts'
import type { Log } from '../../process/log.ts'
import { Passing } from './passing.ts'

export interface RetryOptions {
  /** Pauses before the second, third, … attempt; afterwards it is for the caller to come again. */
  readonly retryDelaysMs: readonly number[]
  readonly log: Log
  readonly signal: AbortSignal
}

/** Longest wait that a server may ask for by Retry-After, milliseconds. */
const longestWaitMs = 60_000

/** An attempt that brought as many bytes was worth its while: those after it are counted from the first one again. */
const worthwhileBytes = 8 * 2 ** 20

/** The attempts at one thing. */
export interface Patience {
  /** Waits until another attempt makes sense. @throws the error itself when none does */
  readonly pause: (error: unknown) => Promise<void>
  /** Told how many bytes came that had not come before. */
  readonly progressed: (bytes: number) => void
}

export const patience = ({ retryDelaysMs, log, signal }: RetryOptions): Patience => {
  let failures = 0
  let newBytes = 0

  const pause = async (error: unknown): Promise<void> => {
    signal.throwIfAborted() // what was aborted looks like a connection that broke off
    if (!(error instanceof Passing)) throw error
    if (newBytes >= worthwhileBytes) failures = 0
    newBytes = 0
    const delay = retryDelaysMs[failures]
    failures += 1
    if (delay === undefined)
      throw new ImportError('SourceUnreachable', `${error.message}; tried ${failures} times`, 'backoff', {
        cause: error,
        detail: error.detail,
      })
    const waitMs = Math.min(longestWaitMs, Math.max(delay, error.waitMs ?? 0))
    log.warn(`${error.message}; trying again`, { attempt: failures, waitMs, detail: error.detail })
    await sleep(waitMs, undefined, { signal })
  }

  const progressed = (bytes: number): void => {
    newBytes += bytes
  }
  return { pause, progressed }
}
