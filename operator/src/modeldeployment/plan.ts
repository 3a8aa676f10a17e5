import {
  conditionOf,
  isOver,
  isOwnedBy,
  type LiveConfigMap,
  type LiveJob,
  type LivePod,
} from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Job, PersistentVolumeClaim } from '@gantry/kube/resources.ts'
import { attemptOf, failureAnnotation, outcomeOf, retryAt } from '../jobs/attempt.ts'
import type { Plan } from '../runtime/converge.ts'
import type { ReconcileConfig } from './config.ts'
import { type Due, desired } from './desired/index.ts'
import { annotations } from './desired/metadata.ts'
import { readSettings, settingsOf } from './desired/settings.ts'
import { deployedVersionOf, type Observed } from './observe.ts'
import { versionToServe } from './revision.ts'
import { isRolledOut } from './rollout.ts'

type ImportStep =
  | { readonly kind: 'none' }
  /** Runs, or failed and is not due yet. */
  | { readonly kind: 'hold'; readonly job: LiveJob }
  | { readonly kind: 'start'; readonly attempt: number; readonly replaces?: LiveJob }
  /** Two imports never write to one volume at the same time. */
  | { readonly kind: 'queue'; readonly behind: LivePod; readonly job: LiveJob | undefined }

/** The import to start, if one is due. */
const dueImport = (
  job: LiveJob | undefined,
  pods: readonly LivePod[],
  now: number,
): Extract<ImportStep, { kind: 'start' }> | undefined => {
  if (!job) return { kind: 'start', attempt: 0 }
  const outcome = outcomeOf(job, pods)
  if (outcome.kind === 'lost') return { kind: 'start', attempt: attemptOf(job), replaces: job }
  const isDue = outcome.kind === 'failed' && outcome.retry === 'backoff' && now >= retryAt(job)
  return isDue ? { kind: 'start', attempt: attemptOf(job) + 1, replaces: job } : undefined
}

const importStep = (observed: Observed, now: number): ImportStep => {
  if (observed.wish.kind !== 'import' || observed.isVolumeLost) return { kind: 'none' }
  const { job } = observed
  const due = dueImport(job, observed.importPods, now)
  if (!due) return job ? { kind: 'hold', job } : { kind: 'none' }
  const behind = observed.importPods.find((pod) => !isOver(pod) && !isOwnedBy(pod, job?.metadata.uid))
  return behind ? { kind: 'queue', behind, job } : due
}

/** Versions that an import must leave on the volume: they serve, are about to, or are asked for by their id. */
const versionsToKeep = ({ model, deployment, versions }: Observed): readonly string[] => {
  const wanted = [model.status?.activeVersion, deployedVersionOf(deployment), model.spec.model.version]
  return versions.map(({ id }) => id).filter((id) => wanted.includes(id))
}

const settingsNameOf = ({ spec }: { readonly spec?: LivePod['spec'] }): string | undefined =>
  spec?.volumes?.find(({ configMap }) => configMap !== undefined)?.configMap?.name

/** What to serve now; nothing while no version is known. */
const serving = ({ model, wish, configMaps }: Observed): Due['serves'] => {
  const version = versionToServe(wish)
  if (!version) return undefined
  if (wish.kind === 'serve') return { version, settings: settingsOf(model, version.id) }
  const previous = configMaps.map(readSettings).find((settings) => settings?.version === version.id)
  return { version, settings: settingsOf(model, version.id, previous) }
}

/** Settings that a pod still reads, or may yet read while pods are being replaced. */
const settingsInUse = ({
  model,
  configMaps,
  deployment,
  servingPods,
}: Observed): readonly LiveConfigMap[] => {
  if (!isRolledOut(model, deployment)) return configMaps
  const used = new Set(servingPods.filter((pod) => !isOver(pod)).map(settingsNameOf))
  return configMaps.filter(({ metadata }) => used.has(metadata.name))
}

/** The finished import of a version stays for its logs; of any other, until status holds what it reports. */
const jobsToKeep = ({ model, wish, jobs, importPods }: Observed): readonly LiveJob[] =>
  jobs.filter((job) => {
    if (conditionOf(job, 'Complete')?.status !== 'True') return false
    const outcome = outcomeOf(job, importPods)
    const isRecorded =
      outcome.kind !== 'imported' || model.status?.versions?.some(({ id }) => id === outcome.version.id)
    const revision = wish.kind === 'serve' ? wish.version.revision : undefined
    return !isRecorded || job.metadata.annotations?.[annotations.revision] === revision
  })

/** A Job that follows a failed one tells why that failed, so that the status can, while it runs. */
const withLastFailure = (
  object: KubernetesObject,
  { importPods }: Observed,
  step: ImportStep,
): KubernetesObject => {
  const { metadata } = object
  if (object.kind !== Job.kind || step.kind !== 'start' || !step.replaces) return object
  const failure = failureAnnotation(step.replaces, importPods)
  if (failure === undefined) return object
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [annotations.lastFailure]: failure } },
  }
}

export const planOf = (observed: Observed, config: ReconcileConfig, now: number): Plan => {
  const { model } = observed
  if (observed.isVolumeLost) {
    // A new claim only once status has forgotten what was on the old one: nothing else tells the two apart.
    const apply = desired(model, config, {}).filter(({ kind }) => kind !== PersistentVolumeClaim.kind)
    return { apply, retain: [], replace: undefined }
  }
  const step = importStep(observed, now)
  const serves = serving(observed)
  const imports =
    step.kind === 'start' ? { attempt: step.attempt, keep: versionsToKeep(observed) } : undefined
  // A Deployment whose version status does not know (it was cleared) serves on until the import has told again.
  const unknown =
    serves || !observed.deployment
      ? []
      : [observed.deployment, ...observed.configMaps, ...observed.autoscalers]
  return {
    apply: desired(model, config, { claim: observed.claim, imports, serves }).map((object) =>
      withLastFailure(object, observed, step),
    ),
    retain: [
      ...('job' in step && step.job ? [step.job] : []),
      ...jobsToKeep(observed),
      ...settingsInUse(observed),
      ...unknown,
    ],
    replace: step.kind === 'start' ? step.replaces : undefined,
  }
}
