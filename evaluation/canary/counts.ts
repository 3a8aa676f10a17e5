/** What gateways count of a rollout. Numbers are cumulative since the start of the process that counts. */

/** Requests of one track; with sticky sessions, sessions. First attempts only: a retry does not count. */
export interface TrackCounts {
  readonly requests: number
  /** Requests without an answer, with an answer of 5xx, or past their deadline. */
  readonly errors: number
  /** Requests that took longer than the step allows; those past their deadline, too. */
  readonly slow: number
  /** Requests that took longer than `abort.maxLatencyP95Ms`; 0 where it is not set. */
  readonly overLimit: number
}

/** Requests that were drawn with the weight of one step. Step 0 has weight 0. */
export interface StepCounts {
  readonly step: number
  readonly stable: TrackCounts
  readonly canary: TrackCounts
  /** Copies of requests whose two answers were compared. */
  readonly shadow: { readonly copies: number; readonly disagreements: number }
}

/** The counts of one process of a gateway. A process that starts again is another source. */
export interface SourceCounts {
  /** Name of the pod. */
  readonly instance: string
  /** When the process started, as it says itself; it only tells processes apart. */
  readonly startedAt: string
  readonly steps: readonly StepCounts[]
}

const noRequests: TrackCounts = { requests: 0, errors: 0, slow: 0, overLimit: 0 }

export const noCounts = (step: number): StepCounts => ({
  step,
  stable: noRequests,
  canary: noRequests,
  shadow: { copies: 0, disagreements: 0 },
})

type Combine = (a: number, b: number) => number

const combineTracks = (a: TrackCounts, b: TrackCounts, combine: Combine): TrackCounts => ({
  requests: combine(a.requests, b.requests),
  errors: combine(a.errors, b.errors),
  slow: combine(a.slow, b.slow),
  overLimit: combine(a.overLimit, b.overLimit),
})

const combineStep = (a: StepCounts, b: StepCounts, combine: Combine): StepCounts => ({
  step: a.step,
  stable: combineTracks(a.stable, b.stable, combine),
  canary: combineTracks(a.canary, b.canary, combine),
  shadow: {
    copies: combine(a.shadow.copies, b.shadow.copies),
    disagreements: combine(a.shadow.disagreements, b.shadow.disagreements),
  },
})

/** Steps in ascending order, those of the same number combined. */
const combineSteps = (
  a: readonly StepCounts[],
  b: readonly StepCounts[],
  combine: Combine,
): readonly StepCounts[] => {
  const steps = new Map(a.map((counts) => [counts.step, counts]))
  for (const counts of b)
    steps.set(counts.step, combineStep(steps.get(counts.step) ?? noCounts(counts.step), counts, combine))
  return [...steps.values()].sort((one, other) => one.step - other.step)
}

const add: Combine = (one, other) => one + other

/** All steps added up, as step 0. */
export const together = (steps: readonly StepCounts[]): StepCounts =>
  steps.reduce((sum, counts) => combineStep(sum, counts, add), noCounts(0))

/** Sums of what different sources counted. */
export const sumOf = (a: readonly StepCounts[], b: readonly StepCounts[]): readonly StepCounts[] =>
  combineSteps(a, b, add)

/** What one source counted, by two of its answers in any order: a count that goes back is an older answer. */
export const latestOf = (a: readonly StepCounts[], b: readonly StepCounts[]): readonly StepCounts[] =>
  combineSteps(a, b, Math.max)

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

const trackProblem = (name: string, { requests, ...events }: TrackCounts): string | undefined => {
  for (const [kind, count] of Object.entries({ requests, ...events })) {
    if (!isCount(count)) return `${name}.${kind} is ${count}, which is no whole number from 0`
    if (count > requests) return `${name}.${kind} is ${count}, more than the ${requests} requests`
  }
  return undefined
}

const stepProblem = (counts: StepCounts, steps: number): string | undefined => {
  const { step, stable, canary, shadow } = counts
  if (!isCount(step) || step > steps) return `step ${step} is none of the steps 0 to ${steps}`
  const { copies, disagreements } = shadow
  if (!isCount(copies) || !isCount(disagreements) || disagreements > copies)
    return `shadow has ${disagreements} disagreements among ${copies} copies`
  return trackProblem('stable', stable) ?? trackProblem('canary', canary)
}

/** Why the counts of a source cannot be used. @param steps how many steps the rollout has */
export const countsProblem = (
  { instance, steps: counted }: SourceCounts,
  steps: number,
): string | undefined => {
  const numbers = new Set(counted.map(({ step }) => step))
  const problem =
    numbers.size < counted.length
      ? 'a step is there twice'
      : counted.map((counts) => stepProblem(counts, steps)).find((found) => found !== undefined)
  return problem === undefined ? undefined : `the counts of gateway ${instance} were left out: ${problem}`
}
