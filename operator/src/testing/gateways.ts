/** Gateways as the plan knows them: each counts by the run, step and weight that it has seen. */
import { noCounts, type SourceCounts, type StepCounts } from '@gantry/evaluation/canary/counts.ts'
import type { LatencyHistogram } from '@gantry/evaluation/canary/latency-histogram.ts'
import type { CanaryStatus } from '../canary/rollout.ts'

export type Random = () => number

/** Chances of an error. */
export interface Quality {
  readonly canary: number
  readonly stable: number
  /** The chance of another answer to a copy; absent where nothing is copied. */
  readonly disagreement?: number
}

type Seen = Pick<CanaryStatus, 'run' | 'step' | 'weight'>

/** Every latency is 10 ms. */
const bucket = 53

const countsAfter = (
  before: StepCounts,
  requests: number,
  weight: number,
  quality: Quality,
  random: Random,
): StepCounts => {
  const next = { ...before, stable: { ...before.stable }, canary: { ...before.canary } }
  for (let request = 0; request < requests; request += 1) {
    const track = random() * 100 < weight ? 'canary' : 'stable'
    next[track].requests += 1
    if (random() < quality[track]) next[track].errors += 1
  }
  if (weight > 0 || quality.disagreement === undefined) return next
  const { disagreement } = quality
  const differing = Array.from({ length: requests }, () => random()).filter((one) => one < disagreement)
  const { copies, disagreements } = before.shadow
  return {
    ...next,
    shadow: { copies: copies + requests, disagreements: disagreements + differing.length },
  }
}

export const gateway = (instance: string) => {
  let [starts, startedAt] = [1, 'start-1']
  let seen: Seen | undefined
  let counts = new Map<string, Map<number, StepCounts>>()

  return {
    instance,
    /** Reads what status says of the canary; a gateway that does not for a while draws with what it knew. */
    read: (status: Seen | undefined): void => {
      seen = status
    },
    restart: (): void => {
      starts += 1
      startedAt = `start-${starts}`
      counts = new Map()
    },
    serve: (requests: number, quality: Quality, random: Random): void => {
      if (seen === undefined) return
      const ofRun = counts.get(seen.run) ?? new Map<number, StepCounts>()
      const before = ofRun.get(seen.step) ?? noCounts(seen.step)
      counts.set(seen.run, ofRun.set(seen.step, countsAfter(before, requests, seen.weight, quality, random)))
    },
    answer: (run: string): SourceCounts => ({
      instance,
      startedAt,
      steps: [...(counts.get(run)?.values() ?? [])],
    }),
    latencies: (run: string, step: number): LatencyHistogram => ({
      scale: 4,
      offset: bucket,
      counts: [counts.get(run)?.get(step)?.stable.requests ?? 0],
    }),
  }
}

export type Gateway = ReturnType<typeof gateway>
