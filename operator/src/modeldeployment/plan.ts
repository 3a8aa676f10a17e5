import { components, labels } from '@gantry/contract/labels.ts'
import type { ServerSettings } from '@gantry/contract/server.ts'
import type { LiveDeployment, LiveJob, LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { PersistentVolumeClaim } from '@gantry/kube/resources.ts'
import { type Step, stepOf, withLastFailure } from '../jobs/step.ts'
import type { Plan } from '../runtime/converge.ts'
import { sleepStep, wakingVersion } from './asleep.ts'
import type { ReconcileConfig } from './config.ts'
import { isRewrapDue } from './desired/import-job.ts'
import { type Due, desired, type Serving } from './desired/index.ts'
import { settingsOf } from './desired/settings.ts'
import { gateKind } from './evaluation/record.ts'
import { scaled, scaleManager } from './handover.ts'
import { importKind } from './importing.ts'
import { ownInterpretation, presentInterpretation } from './interpretation.ts'
import type { Version } from './model-deployment.ts'
import { idsInUse, type Observed } from './observe.ts'
import { optimizeKind } from './optimization/record.ts'
import { replicaCeiling } from './over-budget.ts'
import { keptSlices, routed } from './path/routed.ts'
import { replicasBySpec, replicasFor, type Takeover } from './replicas.ts'
import { retained, type Steps } from './retained.ts'
import { isPaused } from './rollout.ts'
import { dueRoutes } from './routing/route.ts'
import { scalerOf } from './scaling/scaler.ts'
import { sharedReplicas } from './shared-pods.ts'
import { podWeight, stableVersion, triedOn } from './trial.ts'

/** Pods that may write to the volume. */
const writers = ({ importPods, optimizePods, evaluatePods }: Observed): readonly LivePod[] => [
  ...importPods,
  ...optimizePods,
  ...evaluatePods,
]

const importStep = (observed: Observed, now: number): Step =>
  observed.target.kind === 'import' || isRewrapDue(observed.model, observed.versions)
    ? stepOf(importKind, observed.job, writers(observed), now)
    : { kind: 'none' }

const optimizeStep = (observed: Observed, now: number): Step =>
  observed.target.kind === 'optimize' && !observed.optimizationRefusal
    ? stepOf(optimizeKind, observed.optimizeJob, writers(observed), now)
    : { kind: 'none' }

const gateKindOf = ({ evaluateJob, model }: Observed) => gateKind(evaluateJob, model.spec.evaluate)

const evaluateStep = (observed: Observed, now: number): Step =>
  observed.asked && !observed.asked.isAnswered && !observed.asked.refusal
    ? stepOf(gateKindOf(observed), observed.evaluateJob, writers(observed), now)
    : { kind: 'none' }

/** Versions that an import must keep on the volume: they serve, are about to serve, or spec names their id. */
const versionsToKeep = (observed: Observed): readonly string[] => {
  const { versions, model } = observed
  const wanted = idsInUse(model, observed)
  return versions.map(({ id }) => id).filter((id) => wanted.includes(id))
}

/** What to serve now; undefined while no version is known, or while a user has paused the rollout. */
const serving = (observed: Observed, config: ReconcileConfig): Serving | undefined => {
  const { model, tracks, untracked, autoscalers } = observed
  const version = wakingVersion(observed) ?? stableVersion(observed)
  if (!version || isPaused(observed)) return undefined
  const shared = sharedReplicas(observed, podWeight(observed))
  const replicas = shared ?? replicasFor(model, { stable: tracks.stable, untracked, autoscalers })
  const scaler = scalerOf(observed, config.triggerAuthentications)
  return {
    ...{ version, settings: settingsFor(observed, version), scaler },
    // What scales the pods has their number until it is gone.
    replicas: scaler === 'change' && replicas.owner === 'spec' ? { owner: 'autoscaler' } : replicas,
    ceiling: replicaCeiling(observed),
  }
}

/** The version that spec asks for is served as spec says, any other as it was before. */
const settingsFor = (observed: Observed, version: Version): ServerSettings => {
  const { model, target, configMaps } = observed
  const isAskedFor = target.kind === 'serve' && target.version.id === version.id
  const interpretation = isAskedFor
    ? ownInterpretation(observed, version)
    : presentInterpretation(configMaps, version.id)
  return settingsOf(model, version, interpretation)
}

/** The pods that a version is tried on. */
const trying = (observed: Observed): Serving | undefined => {
  const tried = triedOn(observed)
  return (
    tried && {
      version: tried.version,
      settings: settingsFor(observed, tried.version),
      replicas: { owner: 'spec', count: tried.count },
    }
  )
}

/** The next step of the pods that the stable Deployment takes over. */
const stepDown = (untracked: LiveDeployment, { left }: Takeover): Plan['adjust'] =>
  left < (untracked.spec?.replicas ?? 1)
    ? [{ live: untracked, change: scaled(untracked, left), fieldManager: scaleManager }]
    : []

/** The number of pods that spec asks for, of a Deployment that serves on as it is while no version of it is known. */
const countAsAsked = (observed: Observed): Plan['adjust'] => {
  const { model, tracks, untracked, scaledObjects } = observed
  const { stable } = tracks
  const replicas = replicasBySpec(model)
  if (!stable || untracked || isPaused(observed) || replicas.owner !== 'spec') return []
  if (scaledObjects.length > 0) return []
  return stable.spec?.replicas === replicas.count
    ? []
    : [{ live: stable, change: scaled(stable, replicas.count), fieldManager: scaleManager }]
}

/** The Jobs that begin now. */
const started = (
  observed: Observed,
  { imports, optimizes, evaluates }: Steps,
): Pick<Due, 'imports' | 'optimizes' | 'isExporting' | 'evaluates'> => ({
  isExporting: observed.target.kind === 'optimize' && observed.target.parent.input !== undefined,
  imports:
    imports.kind === 'start'
      ? {
          attempt: imports.attempt,
          keep: versionsToKeep(observed),
          rewraps: observed.target.kind !== 'import',
        }
      : undefined,
  optimizes:
    observed.target.kind === 'optimize' && optimizes.kind === 'start'
      ? { attempt: optimizes.attempt, keep: versionsToKeep(observed), optimization: observed.target }
      : undefined,
  evaluates:
    observed.asked && evaluates.kind === 'start'
      ? { attempt: evaluates.attempt, question: observed.asked.question }
      : undefined,
})

/** The Job that is tried again. Only one of the steps starts one: a version is optimized after its import, and measured after that. */
const replacedBy = ({ imports, optimizes, evaluates }: Steps): LiveJob | undefined =>
  [imports, optimizes, evaluates]
    .map((step) => (step.kind === 'start' ? step.replaces : undefined))
    .find(Boolean)

/** A Job that follows a failed one tells why that failed. */
const withAttempts = (
  observed: Observed,
  object: KubernetesObject,
  { imports, optimizes, evaluates }: Steps,
): KubernetesObject => {
  switch (object.metadata.labels?.[labels.component]) {
    case components.evaluate:
      return withLastFailure(gateKindOf(observed), object, evaluates, observed.evaluatePods)
    case components.optimize:
      return withLastFailure(optimizeKind, object, optimizes, observed.optimizePods)
    default:
      return withLastFailure(importKind, object, imports, observed.importPods)
  }
}

const adjustments = (observed: Observed, serves: Serving | undefined): Plan['adjust'] => {
  if (!serves) return [...countAsAsked(observed), ...sleepStep(observed)]
  const { untracked } = observed
  return serves.replicas.owner === 'takeover' && untracked
    ? stepDown(untracked, serves.replicas)
    : sleepStep(observed)
}

export const planOf = (observed: Observed, config: ReconcileConfig, now: number): Plan => {
  const { model } = observed
  if (observed.isVolumeLost) {
    // A new claim is created only once status no longer lists the versions of the old one: nothing else tells the two apart.
    const apply = desired(model, config, routed(observed)).filter(
      ({ kind }) => kind !== PersistentVolumeClaim.kind,
    )
    return { apply, retain: keptSlices(observed), adjust: [], replace: undefined }
  }
  const steps = {
    imports: importStep(observed, now),
    optimizes: optimizeStep(observed, now),
    evaluates: evaluateStep(observed, now),
  }
  const [serves, tries] = [serving(observed, config), trying(observed)]
  return {
    apply: desired(model, config, {
      ...{ claim: observed.claim, ...started(observed, steps), serves, tries, ...routed(observed) },
      routes: dueRoutes(observed),
      isExporting: observed.target.kind === 'optimize' && observed.target.parent.input !== undefined,
    }).map((object) => withAttempts(observed, object, steps)),
    retain: retained(observed, steps, serves),
    adjust: adjustments(observed, serves),
    replace: replacedBy(steps),
  }
}
