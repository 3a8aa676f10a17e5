import { isMeasurement } from '@gantry/contract/evaluation.ts'
import { isOver, type LiveJob } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { evaluateJob } from '../evaluating/job.ts'
import { type Step, stepOf, withLastFailure } from '../jobs/step.ts'
import type { Plan } from '../runtime/converge.ts'
import { lastingObjects } from './objects.ts'
import type { Observed } from './observe.ts'
import { reportShare } from './run.ts'
import { type Due, datasetFailure, endedResult, measuringKind } from './standing.ts'
import type { EvaluationReconcileConfig } from './world.ts'

/** Candidates that need a Job, in the order of spec. */
export const dueOf = ({ standings }: Pick<Observed, 'standings'>): readonly Due[] =>
  standings.filter((standing) => standing.kind === 'due')

const isRunning = ({ outcome }: Due): boolean => outcome?.kind === 'running'
/** Its result is on its way into the ConfigMap. */
const hasEnded = ({ outcome }: Due): boolean => outcome?.kind === 'done'

type Started = Extract<Step, { kind: 'start' }> & { readonly due: Due }

/**
 * The one Job to start: one at a time, since candidates would disturb each other. One that waits for its next attempt lets the others go first.
 * Nothing else is started without a data set.
 */
const nextStart = (observed: Observed, now: number): Started | undefined => {
  const due = dueOf(observed)
  if (due.some(isRunning) || observed.pods.some((pod) => !isOver(pod))) return undefined
  const failure = datasetFailure(observed.standings)
  const possible = failure ? [failure.due] : due
  for (const one of possible) {
    if (hasEnded(one)) continue
    const step = stepOf(measuringKind(one), one.job, observed.pods, now)
    if (step.kind === 'start') return { ...step, due: one }
  }
  return undefined
}

/** The Jobs of what is known stay for their logs; those of what is due are waited for. */
const jobsToKeep = ({ standings, jobs }: Observed): readonly LiveJob[] => {
  const names = new Set(
    standings.flatMap((one) => {
      if (one.kind === 'lacking') return []
      return one.kind === 'known' ? [one.record.job] : [one.jobName]
    }),
  )
  return jobs.filter(({ metadata }) => names.has(metadata.name))
}

/** Where the candidates so far were measured. */
const firstNode = ({ standings, pods }: Observed): string | undefined => {
  for (const one of standings) {
    if (one.kind === 'lacking') continue
    const result = one.kind === 'known' ? one.record.result : endedResult(one, pods)?.result
    if (result && isMeasurement(result) && result.hardware.node) return result.hardware.node
  }
  return undefined
}

const jobOf = (observed: Observed, config: EvaluationReconcileConfig, started: Started): KubernetesObject => {
  const { due, attempt } = started
  const job = evaluateJob(due.run, config, {
    attempt,
    node: firstNode(observed),
    reportBytes: reportShare(observed.evaluation),
  })
  return withLastFailure(measuringKind(due), job, started, observed.pods)
}

interface Now {
  /** The ConfigMap with the reports where it changes. */
  readonly reports: KubernetesObject | undefined
  /** Whether the evaluation has given way to others for a while. */
  readonly isResting: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
}

export const planOf = (
  observed: Observed,
  config: EvaluationReconcileConfig,
  { reports, isResting, now }: Now,
): Plan => {
  const { evaluation, map, lasting } = observed
  const isSuspended = evaluation.spec.suspend === true
  const started = isSuspended || isResting ? undefined : nextStart(observed, now)
  const kept = [...jobsToKeep(observed), ...(map ? [map] : [])]
  return {
    apply: [
      ...(isSuspended ? [] : lastingObjects(evaluation, config)),
      ...(reports ? [reports] : []),
      ...(started ? [jobOf(observed, config, started)] : []),
    ],
    retain: isSuspended ? [...kept, ...lasting] : kept,
    replace: started?.replaces,
    adjust: [],
  }
}
