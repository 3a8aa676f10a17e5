/** Explanations that wait for their turn: only some are made at a time, and few wait. */
import { Failure } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'

export interface WaitingLineOptions {
  /** Explanations at a time. */
  readonly atATime: number
  /** Most that wait. */
  readonly mostWaiting: number
  readonly clock: Clock
}

export interface WaitingLine {
  /**
   * Does the work when its turn has come.
   * @param timeoutMs until which the turn has to come @param gone whether the caller has left
   * @throws Failure queue-full, timeout, cancelled, or what the work throws
   */
  readonly during: <Result>(
    work: () => Promise<Result>,
    asker: { readonly timeoutMs: number; readonly gone: () => boolean },
  ) => Promise<Result>
  /** Explanations that wait. */
  readonly length: () => number
}

interface Waiting {
  readonly gone: () => boolean
  readonly enter: () => void
  readonly refuse: (failure: Failure) => void
}

const left = (): Failure => new Failure('cancelled', 'the caller left before its explanation began')

const late = (timeoutMs: number): Failure =>
  new Failure(
    'timeout',
    `the explanation did not begin within ${timeoutMs / 1000} s, since others were being made; try again later`,
  )

const full = (waiting: number, retryAfterSeconds: number): Failure =>
  new Failure(
    'queue-full',
    `${waiting} explanations wait already; try again later, or raise --max-explain-queue`,
    { retryAfterSeconds },
  )

/** Longest time that Retry-After names. */
const mostRetrySeconds = 30

export const createWaitingLine = ({ atATime, mostWaiting, clock }: WaitingLineOptions): WaitingLine => {
  const waiting: Waiting[] = []
  let running = 0
  /** How long the latest explanation took. */
  let latestMs = 0

  const remove = (one: Waiting): boolean => {
    const place = waiting.indexOf(one)
    if (place >= 0) waiting.splice(place, 1)
    return place >= 0
  }

  const removeGone = (): void => {
    for (const one of [...waiting]) if (one.gone() && remove(one)) one.refuse(left())
  }

  const admit = (): void => {
    removeGone()
    while (running < atATime) {
      const next = waiting.shift()
      if (!next) return
      running += 1
      next.enter()
    }
  }

  const retrySeconds = (): number => {
    const seconds = Math.ceil((latestMs * waiting.length) / atATime / 1000)
    return Math.min(mostRetrySeconds, Math.max(1, seconds))
  }

  const turn = (timeoutMs: number, gone: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      removeGone()
      if (running >= atATime && waiting.length >= mostWaiting) {
        reject(full(waiting.length, retrySeconds()))
        return
      }
      const one: Waiting = {
        gone,
        enter: () => {
          cancel()
          resolve()
        },
        refuse: (failure) => {
          cancel()
          reject(failure)
        },
      }
      const cancel = clock.after(timeoutMs, () => {
        if (remove(one)) reject(late(timeoutMs))
      })
      waiting.push(one)
      admit()
    })

  return {
    length: () => waiting.length,
    during: async (work, { timeoutMs, gone }) => {
      await turn(timeoutMs, gone)
      const startedMs = clock.nowMs()
      try {
        return await work()
      } finally {
        latestMs = clock.nowMs() - startedMs
        running -= 1
        admit()
      }
    },
  }
}
