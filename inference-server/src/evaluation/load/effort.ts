/** How long and how often a candidate is loaded: what gives good figures, or what the time allows. */

/** What gives good figures, and the least that gives any. */
export interface Pace {
  readonly rounds: number
  readonly leastRounds: number
  /** Duration of a round at one concurrency, in milliseconds. */
  readonly measureMs: number
  readonly leastMeasureMs: number
  /** Most time until the server is warm, in milliseconds. */
  readonly warmMs: number
}

/** More rounds are better than longer ones: a disturbance is in few of them, and the median leaves it out. */
export const usualPace: Pace = {
  rounds: 9,
  leastRounds: 3,
  measureMs: 500,
  leastMeasureMs: 200,
  warmMs: 5000,
}

/** Load of one candidate at each number of requests in flight. */
export interface Effort {
  readonly rounds: number
  /** Duration of each round at each concurrency, in milliseconds. */
  readonly measureMs: readonly number[]
}

/** Requests of each caller in a round. */
const usualAnswers = 5
const leastAnswers = 2
const leastSettleMs = 50

/** Time that a round takes beside its measurement: connections, and answers that are thrown away. */
export const settleMs = (latencyMs: number): number => Math.max(leastSettleMs, latencyMs)

const total = (rounds: number, measureMs: readonly number[], latenciesMs: readonly number[]): number =>
  rounds * measureMs.reduce((sum, ms, index) => sum + ms + 2 * settleMs(latenciesMs[index] as number), 0)

/**
 * @param latenciesMs about how long a request takes at each concurrency
 * @param budgetMs time for all rounds
 * @returns the least time that is needed where there is less
 */
export const effortFor = (
  latenciesMs: readonly number[],
  budgetMs: number,
  pace: Pace,
): Effort | { readonly neededMs: number } => {
  const lengths = (leastMs: number, answers: number): readonly number[] =>
    latenciesMs.map((latencyMs) => Math.max(leastMs, answers * latencyMs))
  const usual = lengths(pace.measureMs, usualAnswers)
  const least = lengths(pace.leastMeasureMs, leastAnswers)
  const neededMs = total(pace.leastRounds, least, latenciesMs)
  if (neededMs > budgetMs) return { neededMs }
  for (const measureMs of [usual, least])
    for (let { rounds } = pace; rounds >= pace.leastRounds; rounds -= 1)
      if (total(rounds, measureMs, latenciesMs) <= budgetMs) return { rounds, measureMs }
  return { rounds: pace.leastRounds, measureMs: least }
}
