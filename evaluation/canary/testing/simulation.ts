/** Rollouts drawn at random, each from a seed: how often a test rejects, and after how many requests. */
import { randomOf } from '../../random.ts'

/** Requests between two looks at the counts. */
export const requestsPerLook = 50

export type Random = () => number

/** What was counted between two looks. */
export interface Counted {
  /** A share from 0 to 1. */
  readonly weight: number
  readonly requests: number
  readonly canaryRequests: number
  readonly canaryEvents: number
  readonly stableEvents: number
  /** Events of other kinds, or at other gateways, of the same time. */
  readonly more?: readonly Counted[]
}

/** One rollout: gives the counts of the next look. `evidence` is that of the looks before. */
export type Rollout = (look: number, evidence: number) => Counted

export interface Situation {
  readonly looks: number
  readonly rollout: (random: Random) => Rollout
  /** A test with the counts of one rollout: gives its log evidence after one more look. */
  readonly test: () => (counted: Counted) => number
  /** The test rejects from here on. */
  readonly logThreshold: number
}

export interface Outcome {
  /** The share of rollouts that were ever rejected. */
  readonly rejected: number
  /** Canary requests, and all requests, at the rejection; Infinity for rollouts that were not. In ascending order. */
  readonly canaryRequests: readonly number[]
  readonly requests: readonly number[]
}

interface Rejection {
  readonly canaryRequests: number
  readonly requests: number
}

const rejectionOf = (
  { looks, rollout, test, logThreshold }: Situation,
  random: Random,
): Rejection | undefined => {
  const [next, evidenceAfter] = [rollout(random), test()]
  let [evidence, canaryRequests, requests] = [0, 0, 0]
  for (let look = 0; look < looks; look += 1) {
    const counted = next(look, evidence)
    canaryRequests += counted.canaryRequests
    requests += counted.requests
    evidence = evidenceAfter(counted)
    if (evidence >= logThreshold) return { canaryRequests, requests }
  }
  return undefined
}

/** The same seed gives the same outcome. */
export const simulate = (situation: Situation, rollouts: number, seed = 1): Outcome => {
  const random = randomOf(seed)
  const rejections = Array.from({ length: rollouts }, () => rejectionOf(situation, random))
  const ascending = (of: (rejection: Rejection) => number): number[] =>
    rejections
      .map((rejection) => (rejection === undefined ? Number.POSITIVE_INFINITY : of(rejection)))
      .sort((a, b) => a - b)
  return {
    rejected: rejections.filter((rejection) => rejection !== undefined).length / rollouts,
    canaryRequests: ascending((rejection) => rejection.canaryRequests),
    requests: ascending((rejection) => rejection.requests),
  }
}

/** The value that a share of the rollouts does not exceed. */
export const quantile = (ascending: readonly number[], share: number): number =>
  ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? Number.POSITIVE_INFINITY
