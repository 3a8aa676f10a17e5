/** Answers of the API server about callers, each kept for a short time. Nobody is let in while it does not answer. */
import { backoffMs } from '@gantry/kube/backoff.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import { Failure } from '../failure.ts'

/** Whether questions may be asked now, of all kinds together. */
export interface Line {
  /** @throws Failure unavailable: too many are asked, or the last ones were not answered */
  readonly ask: <Answer>(question: () => Promise<Answer>) => Promise<Answer>
}

/** Questions at a time; callers choose how many tokens they make up. */
const mostQuestions = 32
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
    ask: async (question) => {
      const restMs = restsUntilMs - clock.elapsed()
      if (restMs > 0)
        throw unavailable('who calls cannot be looked up, since the API server does not answer', restMs)
      if (asked >= mostQuestions) throw unavailable('too many callers are being looked up', 0)
      asked += 1
      try {
        const answer = await question()
        failures = 0
        return answer
      } catch (error) {
        throw fail(error)
      } finally {
        asked -= 1
      }
    },
  }
}

export interface Reviews<Answer> {
  /** undefined: not asked, or too long ago. */
  readonly known: (key: string) => Answer | undefined
  /** Asks, once for all who want to know. @throws Failure unavailable */
  readonly ask: (key: string, question: () => Promise<Answer>) => Promise<void>
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
    ask: (key, question) => {
      const before = asking.get(key)
      if (before) return before
      const asked = line
        .ask(question)
        .then((answer) => keep(key, answer))
        .finally(() => asking.delete(key))
      asking.set(key, asked)
      return asked
    },
  }
}
