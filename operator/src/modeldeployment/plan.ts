import {
  conditionOf,
  isOver,
  type LiveConfigMap,
  type LiveDeployment,
  type LiveJob,
  type LivePod,
} from '@gantry/kube/live.ts'
import { PersistentVolumeClaim } from '@gantry/kube/resources.ts'
import { type Step, stepOf, withLastFailure } from '../jobs/step.ts'
import type { Plan } from '../runtime/converge.ts'
import type { ReconcileConfig } from './config.ts'
import { settingsVolume } from './desired/deployment.ts'
import { desired, type Serving } from './desired/index.ts'
import { annotations } from './desired/metadata.ts'
import { readSettings, settingsOf } from './desired/settings.ts'
import { scaled, scaleManager } from './handover.ts'
import { importKind, importOutcome } from './importing.ts'
import { deployedVersionOf, type Observed } from './observe.ts'
import { replicaCeiling } from './over-budget.ts'
import { replicasFor, type Takeover } from './replicas.ts'
import { versionToServe } from './revision.ts'
import { hasTakenOver, isPaused, isRolledOut } from './rollout.ts'

const importStep = ({ target, isVolumeLost, job, importPods }: Observed, now: number): Step =>
  target.kind !== 'import' || isVolumeLost ? { kind: 'none' } : stepOf(importKind, job, importPods, now)

/** Versions that an import must keep on the volume: they serve, are about to serve, or spec names their id. */
const versionsToKeep = ({ model, tracks, untracked, versions }: Observed): readonly string[] => {
  const deployed = [tracks.stable, untracked].map(deployedVersionOf)
  const wanted = [model.status?.activeVersion, ...deployed, model.spec.model.version]
  return versions.map(({ id }) => id).filter((id) => wanted.includes(id))
}

const settingsNameOf = ({ spec }: { readonly spec?: LivePod['spec'] }): string | undefined =>
  spec?.volumes?.find(({ name }) => name === settingsVolume)?.configMap?.name

/** What to serve now; undefined while no version is known, or while a user has paused the rollout. */
const serving = (observed: Observed): Serving | undefined => {
  const { model, target, configMaps, tracks, untracked, autoscalers } = observed
  const version = versionToServe(target)
  if (!version || isPaused(observed)) return undefined
  const replicas = replicasFor(model, { stable: tracks.stable, untracked, autoscalers })
  const ceiling = replicaCeiling(observed)
  if (target.kind === 'serve') return { version, settings: settingsOf(model, version.id), replicas, ceiling }
  const previous = configMaps.map(readSettings).find((settings) => settings?.version === version.id)
  return { version, settings: settingsOf(model, version.id, previous), replicas, ceiling }
}

/** Settings that a pod still reads, or may yet read while pods are being replaced. */
const settingsInUse = (observed: Observed): readonly LiveConfigMap[] => {
  const { configMaps, servingPods } = observed
  if (!isRolledOut(observed)) return configMaps
  const used = new Set(servingPods.filter((pod) => !isOver(pod)).map(settingsNameOf))
  return configMaps.filter(({ metadata }) => used.has(metadata.name))
}

/** The finished import of the served version stays for its logs; any other stays until its report is in status. */
const jobsToKeep = ({ model, target, jobs, importPods }: Observed): readonly LiveJob[] =>
  jobs.filter((job) => {
    if (conditionOf(job, 'Complete')?.status !== 'True') return false
    const outcome = importOutcome(job, importPods)
    const isRecorded =
      outcome.kind !== 'done' || model.status?.versions?.some(({ id }) => id === outcome.report.version.id)
    const revision = target.kind === 'serve' ? target.version.revision : undefined
    return !isRecorded || job.metadata.annotations?.[annotations.revision] === revision
  })

/** The next step of the pods that the stable Deployment takes over. */
const stepDown = (untracked: LiveDeployment, { left }: Takeover): Plan['adjust'] =>
  left < (untracked.spec?.replicas ?? 1)
    ? [{ live: untracked, change: scaled(untracked, left), fieldManager: scaleManager }]
    : []

export const planOf = (observed: Observed, config: ReconcileConfig, now: number): Plan => {
  const { model } = observed
  if (observed.isVolumeLost) {
    // A new claim is created only once status no longer lists the versions of the old one: nothing else tells the two apart.
    const apply = desired(model, config, {}).filter(({ kind }) => kind !== PersistentVolumeClaim.kind)
    return { apply, retain: [], adjust: [], replace: undefined }
  }
  const step = importStep(observed, now)
  const serves = serving(observed)
  const imports =
    step.kind === 'start' ? { attempt: step.attempt, keep: versionsToKeep(observed) } : undefined
  const { tracks, untracked } = observed
  const deployments = [tracks.stable, untracked].filter((one) => one !== undefined)
  // A Deployment whose version is not in status (it was cleared) serves on until the import has reported again.
  const asTheyAre =
    serves || deployments.length === 0
      ? []
      : [...deployments, ...observed.configMaps, ...observed.autoscalers]
  return {
    apply: desired(model, config, { claim: observed.claim, imports, serves }).map((object) =>
      withLastFailure(importKind, object, step, observed.importPods),
    ),
    retain: [
      ...('job' in step && step.job ? [step.job] : []),
      ...jobsToKeep(observed),
      ...settingsInUse(observed),
      ...asTheyAre,
      ...(untracked && !hasTakenOver(observed) ? [untracked] : []),
    ],
    adjust: serves?.replicas.owner === 'takeover' && untracked ? stepDown(untracked, serves.replicas) : [],
    replace: step.kind === 'start' ? step.replaces : undefined,
  }
}
