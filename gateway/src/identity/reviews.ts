/** Answers of the API server about callers, each kept for a short time. Nobody is let in while it does not answer. */
import { backoffMs } from '@gantry/kube/backoff.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import { Failure } from '../failure.ts'

/** Whether questions may be asked now, of all kinds together. */
export interface Line {
  /** @param from address of the caller @throws Failure unavailable: too many are asked, or the last ones were not answered */
  readonly ask: <Answer>(question: () => Promise<Answer>, from: string) => Promise<Answer>
}

/** Questions at a time; callers choose how many tokens they make up. */
const mostQuestions = 32
/** Those of one address, so that it leaves places to others. */
const mostOfAddress = 8
const backoff = { minMs: 500, maxMs: 30_000 }

const unavailable = (sentence: string, ms: number): Failure =>
  new Failure('unavailable', `${sentence}; try again later`, {
    retryAfterSeconds: Math.max(1, Math.ceil(ms / 1000)),
  })

/** @param failed is told of each question that was not answered */
export const createLine = (
  clock: Pick<Clock, 'elapsed'>,
  failed: (error: unknown) => void,
  random: () => number = Math.random,
): Line => {
  let asked = 0
  const askedFrom = new Map<string, number>()
  const count = (from: string, by: 1 | -1): void => {
    asked += by
    const left = (askedFrom.get(from) ?? 0) + by
    if (left === 0) askedFrom.delete(from)
    else askedFrom.set(from, left)
  }
  let failures = 0
  let restsUntilMs = 0
  const fail = (error: unknown): Failure => {
    failures += 1
    const restMs = backoffMs(backoff, failures, random())
    restsUntilMs = clock.elapsed() + restMs
    failed(error)
    return unavailable('who calls cannot be looked up, since the API server does not answer', restMs)
  }
  return {
    ask: async (question, from) => {
      const restMs = restsUntilMs - clock.elapsed()
      if (restMs > 0)
        throw unavailable('who calls cannot be looked up, since the API server does not answer', restMs)
      if (asked >= mostQuestions || (askedFrom.get(from) ?? 0) >= mostOfAddress)
        throw unavailable('too many callers are being looked up', 0)
      count(from, 1)
      try {
        const answer = await question()
        failures = 0
        return answer
      } catch (error) {
        throw fail(error)
      } finally {
        count(from, -1)
      }
    },
  }
}

export interface Reviews<Answer> {
  /** undefined: not asked, or too long ago. */
  readonly known: (key: string) => Answer | undefined
  /** Asks, once for all who want to know. @throws Failure unavailable */
  readonly ask: (key: string, question: () => Promise<Answer>, from: string) => Promise<void>
}

export interface ReviewsOptions<Answer> {
  readonly clock: Pick<Clock, 'elapsed'>
  readonly line: Line
  /** How long an answer counts. */
  readonly keepMs: (answer: Answer) => number
  /** Answers that are kept; the oldest go first. */
  readonly most: number
}

export const createReviews = <Answer>({
  clock,
  line,
  keepMs,
  most,
}: ReviewsOptions<Answer>): Reviews<Answer> => {
  const answers = new Map<string, { readonly answer: Answer; readonly untilMs: number }>()
  const asking = new Map<string, Promise<void>>()
  const keep = (key: string, answer: Answer): void => {
    answers.delete(key)
    answers.set(key, { answer, untilMs: clock.elapsed() + keepMs(answer) })
    const [oldest] = answers.keys()
    if (answers.size > most && oldest !== undefined) answers.delete(oldest)
  }
  return {
    known: (key) => {
      const found = answers.get(key)
      if (!found || clock.elapsed() >= found.untilMs) return undefined
      return found.answer
    },
    ask: (key, question, from) => {
      const before = asking.get(key)
      if (before) return before
      const asked = line
        .ask(question, from)
        .then((answer) => keep(key, answer))
        .finally(() => asking.delete(key))
      asking.set(key, asked)
      return asked
    },
  }
}
