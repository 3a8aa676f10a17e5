/** What gateways answer to GET /demand, as the plan of one rollout reads it. */
import type { Demand, ModelDemand } from '@gantry/contract/gateway.ts'
import type { SourceCounts, StepCounts, TrackCounts } from '@gantry/evaluation/canary/counts.ts'
import { histogramProblem, type LatencyHistogram } from '@gantry/evaluation/canary/latency-histogram.ts'
import type { Unit } from '@gantry/evaluation/canary/tally.ts'
import type { CanaryStatus } from './rollout.ts'

/** What gateways answered, and the names of their pods. */
export interface Gateways {
  readonly instances: readonly string[]
  readonly demands: readonly Demand[]
}

export const noGateways: Gateways = { instances: [], demands: [] }

/** Which counts are meant. */
export interface Counted {
  /** NAMESPACE/NAME. */
  readonly model: string
  readonly canary: Pick<CanaryStatus, 'run' | 'step'>
  /** The weights of the steps in percent. */
  readonly weights: readonly number[]
  readonly unit: Unit
}

export interface Read {
  readonly answers: readonly SourceCounts[]
  /** Latencies of stable in the present step. */
  readonly latencies: readonly LatencyHistogram[]
  readonly problems: readonly string[]
}

const trackCounts = ({ requests, errors, slow, overLimit = 0 }: ModelDemand['stable']): TrackCounts => ({
  requests,
  errors,
  slow,
  overLimit,
})

const stepCounts = ({ step, stable, canary, shadow }: ModelDemand): StepCounts => ({
  step,
  stable: trackCounts(stable),
  canary: trackCounts(canary),
  shadow: { copies: shadow?.copies ?? 0, disagreements: shadow?.disagreements ?? 0 },
})

/**
 * Counts of the run that were drawn with the weight of their step. A gateway draws with 0 or 100 while no pod of a track is
 * ready; nothing is compared then.
 */
const countsOf = ({ models }: Demand, { model, canary, weights }: Counted): readonly ModelDemand[] =>
  models.filter(
    (counts) =>
      counts.model === model &&
      counts.revision === canary.run &&
      counts.weight === (counts.step === 0 ? 0 : weights[counts.step - 1]),
  )

/** A gateway that counts something else than sessions, or than requests, has another release, or has not seen spec yet. */
const unitProblem = (
  { instance }: Demand,
  counts: readonly ModelDemand[],
  unit: Unit,
): string | undefined => {
  const isOther = ({ weight, sessions }: ModelDemand): boolean =>
    weight > 0 && (sessions !== undefined) !== (unit === 'session')
  return counts.some(isOther)
    ? `the counts of gateway ${instance} were left out: it does not count ${unit}s; is it of the same release as the operator?`
    : undefined
}

/** What it had to leave out is said, and not guessed. */
const uncountedProblem = ({ instance }: Demand, counts: readonly ModelDemand[]): string | undefined => {
  const uncounted = counts.reduce((sum, { sessions }) => sum + (sessions?.uncounted ?? 0), 0)
  return uncounted > 0
    ? `gateway ${instance} has no room to remember more sessions: ${uncounted} requests were not counted`
    : undefined
}

export const readDemand = (demands: readonly Demand[], counted: Counted): Read => {
  const all = demands.map((demand) => {
    const counts = countsOf(demand, counted)
    return { demand, counts, problem: unitProblem(demand, counts, counted.unit) }
  })
  const ofRun = all.filter(({ problem }) => problem === undefined)
  const histograms = ofRun.flatMap(({ demand, counts }) =>
    counts
      .filter(({ step }) => step === counted.canary.step)
      .flatMap(({ stable }) => stable.latencies ?? [])
      .map((latencies) => ({ latencies, instance: demand.instance, problem: histogramProblem(latencies) })),
  )
  return {
    answers: ofRun.map(({ demand: { instance, startedAt }, counts }) => ({
      instance,
      startedAt,
      steps: counts.map(stepCounts),
    })),
    latencies: histograms.filter(({ problem }) => problem === undefined).map(({ latencies }) => latencies),
    problems: [
      ...all.flatMap(({ problem }) => problem ?? []),
      ...ofRun.flatMap(({ demand, counts }) => uncountedProblem(demand, counts) ?? []),
      ...histograms.flatMap(({ instance, problem }) =>
        problem === undefined ? [] : `latencies of gateway ${instance} were left out: ${problem}`,
      ),
    ],
  }
}
