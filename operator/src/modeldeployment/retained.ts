/** Objects of a model that stay as they are: what runs, what is still read, and what tells how it came about. Pure. */
import { conditionOf, isOver, type LiveConfigMap, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { Step } from '../jobs/step.ts'
import type { Plan } from '../runtime/converge.ts'
import { settingsVolume } from './desired/deployment.ts'
import type { Serving } from './desired/index.ts'
import { annotations } from './desired/metadata.ts'
import { measuredVersionOf, measurementOf } from './evaluation/record.ts'
import { type ImportOutcome, importOutcome } from './importing.ts'
import type { Version } from './model-deployment.ts'
import type { Observed } from './observe.ts'
import { type OptimizationOutcome, optimizationOutcome } from './optimization/record.ts'
import { keptSlices } from './path/routed.ts'
import { hasTakenOver, isRolledOut } from './rollout.ts'
import { keptByRoute } from './routing/route.ts'

export interface Steps {
  readonly imports: Step
  readonly optimizes: Step
  readonly evaluates: Step
}

const settingsNameOf = ({ spec }: { readonly spec?: LivePod['spec'] }): string | undefined =>
  spec?.volumes?.find(({ name }) => name === settingsVolume)?.configMap?.name

/** Settings that a pod still reads, or may yet read while pods are being replaced. */
const settingsInUse = (observed: Observed): readonly LiveConfigMap[] => {
  const { configMaps, servingPods, canaryPods } = observed
  if (!isRolledOut(observed)) return configMaps
  const used = new Set([...servingPods, ...canaryPods].filter((pod) => !isOver(pod)).map(settingsNameOf))
  return configMaps.filter(({ metadata }) => used.has(metadata.name))
}

/** A version that was there keeps its id while its key is wrapped by another one. */
const isSame = (known: Version, reported: Pick<Version, 'id' | 'encryptionKey'>): boolean =>
  known.id === reported.id && known.encryptionKey === reported.encryptionKey

/**
 * The finished import and optimization of the served version stay for their logs; any other stays until its report is in status.
 */
const jobsToKeep = ({ model, target, versions, ...live }: Observed): readonly LiveJob[] => {
  const { jobs, importPods, optimizeJobs, optimizePods } = live
  const version = 'version' in target ? target.version : undefined
  const parent =
    target.kind === 'optimize' ? target.parent : versions.find(({ id }) => id === version?.parent)
  const revisions = [version, parent].map((one) => one?.revision).filter((one) => one !== undefined)
  const isKept = (job: LiveJob, outcome: ImportOutcome | OptimizationOutcome): boolean => {
    if (conditionOf(job, 'Complete')?.status !== 'True') return false
    const isRecorded =
      outcome.kind !== 'done' ||
      model.status?.versions?.some((known) => isSame(known, outcome.report.version))
    return !isRecorded || revisions.includes(job.metadata.annotations?.[annotations.revision] ?? '')
  }
  return [
    ...jobs.filter((job) => isKept(job, importOutcome(job, importPods))),
    ...optimizeJobs.filter((job) => isKept(job, optimizationOutcome(job, optimizePods))),
  ]
}

/** The finished evaluation of the version that spec asks for stays for its log; any other stays until its result is in status. */
const evaluationsToKeep = ({ model, target, versions, evaluateJobs }: Observed): readonly LiveJob[] =>
  evaluateJobs.filter((job) => {
    const isOf = ({ id, evaluation }: Version): boolean =>
      id === measuredVersionOf(job) && evaluation?.measurement === measurementOf(job)
    const isRecorded = model.status?.versions?.some(isOf) ?? false
    const isTarget = 'version' in target && isOf(target.version)
    return isTarget || (versions.some(isOf) && !isRecorded)
  })

/**
 * A Deployment whose version is not in status (it was cleared) serves on until the import has reported again. What scales a model stays
 * where what spec asks for instead cannot be had.
 */
const asTheyAre = (observed: Observed, serves: Serving | undefined): readonly KubernetesObject[] => {
  const { tracks, untracked, configMaps, autoscalers, scaledObjects } = observed
  const scalers = [...autoscalers, ...scaledObjects]
  if (serves) return serves.scaler === 'asItIs' ? scalers : []
  const deployments = [tracks.stable, untracked].filter((one) => one !== undefined)
  return deployments.length === 0 ? [] : [...deployments, ...configMaps, ...scalers]
}

export const retained = (observed: Observed, steps: Steps, serves: Serving | undefined): Plan['retain'] => [
  ...Object.values(steps).flatMap((step) => ('job' in step && step.job ? [step.job] : [])),
  ...jobsToKeep(observed),
  ...evaluationsToKeep(observed),
  ...settingsInUse(observed),
  ...keptSlices(observed),
  ...keptByRoute(observed),
  ...asTheyAre(observed, serves),
  ...(observed.untracked && !hasTakenOver(observed) ? [observed.untracked] : []),
]
