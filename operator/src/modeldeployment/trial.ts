/** The rollout of a model by canary, as the plan of rollouts reads it, and what follows from the plan for the model's objects. Pure. */
import { defaultLimits } from '@gantry/evaluation/canary/verdict.ts'
import { type Gateways, readDemand } from '../canary/demand.ts'
import { planOf } from '../canary/plan.ts'
import {
  defaultMaxStepSeconds,
  type GatewayTrouble,
  type Rollout,
  type Trial,
  weightsOf,
} from '../canary/rollout.ts'
import { annotations } from './desired/metadata.ts'
import type { ModelDeployment, Version } from './model-deployment.ts'
import { deployedVersionOf, type Observed } from './observe.ts'
import { tlsTrouble } from './path/tls.ts'
import { desiredReplicas } from './replicas.ts'
import { isRolledOut, isUpToDate } from './rollout.ts'
import { usesRoute } from './routing/live-route.ts'
import { asksToShare, canaryPodsNow, shareOf, totalPods } from './shared-pods.ts'
import { versionToServe } from './target.ts'

const defaultHoldSeconds = 60
const defaultSteps: Rollout['steps'] = [10, 50].map((weight) => ({ weight, holdSeconds: defaultHoldSeconds }))

/** Share of the copies that may be answered otherwise. */
const defaultTolerance = 0.01

/** Absent where there is no shadow, so that a rollout without one is identified as it was before there were any. */
const shadowed = (
  shadow: NonNullable<ModelDeployment['spec']['rollout']>['shadow'],
): Pick<Rollout, 'shadowPercent' | 'shadow'> => {
  if (!shadow) return { shadowPercent: 0 }
  const { percent, tolerance: _, ...comparison } = shadow
  return { shadowPercent: percent, shadow: comparison }
}

/** `spec.rollout` with its defaults; undefined where pods are replaced one after the other. */
export const rolloutOf = ({ spec }: Pick<ModelDeployment, 'spec'>): Rollout | undefined => {
  const {
    strategy,
    steps,
    abort,
    sticky,
    shadow,
    maxStepSeconds = defaultMaxStepSeconds,
  } = spec.rollout ?? {}
  if (strategy !== 'Canary') return undefined
  return {
    steps:
      steps?.map(({ weight, holdSeconds = defaultHoldSeconds }) => ({ weight, holdSeconds })) ?? defaultSteps,
    limits: {
      ...defaultLimits,
      ...abort,
      ...(shadow && { maxDisagreement: shadow.tolerance ?? defaultTolerance }),
    },
    unit: sticky ? 'session' : 'request',
    ...(sticky && { stickyHeader: sticky.header.toLowerCase() }),
    ...shadowed(shadow),
    maxStepSeconds,
    ...(usesRoute({ spec }) && { routing: 'GatewayAPI' as const }),
  }
}

/** Id of the version that stable's pods are made for, once anything has served; without a Deployment the one that served last. */
const activeOf = ({ model, tracks }: Observed): string | undefined => {
  const last = model.status?.activeVersion
  return last && (deployedVersionOf(tracks.stable) ?? last)
}

/** @param least pods that it has to have; undefined for all that its Deployment asks for */
const isCanaryReady = (
  { tracks: { canary } }: Observed,
  candidate: string | undefined,
  least: number | undefined,
): boolean => {
  if (!canary || !isUpToDate(canary) || deployedVersionOf(canary) !== candidate) return false
  const { updatedReplicas = 0, availableReplicas = 0 } = canary.status ?? {}
  const desired = least ?? canary.spec?.replicas ?? 1
  return updatedReplicas >= desired && availableReplicas >= desired
}

/** What the plan has to know of the pods of both tracks. */
const podsOf = (observed: Observed, { steps }: Rollout, candidate: string | undefined) => {
  const { model } = observed
  const total = totalPods(observed)
  const step = model.status?.canary?.step ?? 0
  const isShared = asksToShare(model)
  const needed = (index: number) => (isShared ? shareOf(total, steps[index]?.weight ?? 0) : undefined)
  const stableCount = observed.tracks.stable?.status?.availableReplicas ?? 0
  return {
    isStableWhole: isRolledOut(observed) && (!isShared || stableCount >= total),
    isCanaryReady: isCanaryReady(observed, candidate, needed(Math.max(step - 1, 0))),
    hasNextPods: step >= steps.length || isCanaryReady(observed, candidate, needed(step)),
  }
}

/** Whether requests are divided by the weight of the present step. */
const isRouted = ({ model, route }: Observed): boolean =>
  !usesRoute(model) ||
  (route?.api === 'served' && route.isSettled && route.weight === (model.status?.canary?.weight ?? 0))

/** Why a version is not tried that has not begun to be. */
const untriedOf = (
  observed: Observed,
  version: string,
  { instances }: Gateways,
  trouble: GatewayTrouble | undefined,
): Trial | undefined => {
  if (instances.length === 0 || trouble) return { kind: 'gatewayMissing', version, trouble }
  return asksToShare(observed.model) && totalPods(observed) < 2 ? { kind: 'tooFewPods', version } : undefined
}

/** The plan of the model's rollout; undefined where spec asks for none. */
export const trialOf = (observed: Observed, gateways: Gateways, now: number): Trial | undefined => {
  const { model, target } = observed
  const { instances, demands } = gateways
  const rollout = rolloutOf(model)
  if (!rollout || observed.untracked) return undefined
  const { canary, rejectedRevision: rejection } = model.status ?? {}
  const candidate = target.kind === 'serve' ? target.version.id : undefined
  const { metadata } = model
  const counted = canary && {
    ...{ model: `${metadata.namespace}/${metadata.name}`, canary, weights: weightsOf(rollout) },
    unit: rollout.unit,
  }
  const { problems, ...counts } = counted
    ? readDemand(demands, counted)
    : { answers: [], latencies: [], uncompared: [], problems: [] }
  const plan = planOf({
    ...{ nowMs: now, rollout, canary, rejection, candidate, instances, ...counts },
    active: activeOf(observed),
    ...podsOf(observed, rollout, candidate),
    isRouted: isRouted(observed),
    annotation: metadata.annotations?.[annotations.rollout],
  })
  const trouble = rollout.routing ? undefined : tlsTrouble(model, demands)
  const isNew = canary === undefined && plan.kind === 'run'
  const untried = isNew ? untriedOf(observed, plan.canary.version, gateways, trouble) : undefined
  if (untried || !('problems' in plan)) return untried ?? plan
  return { ...plan, problems: [...(trouble ? [trouble.why] : []), ...plan.problems, ...problems] }
}

/** The version that stable's pods are made for. */
export const stableVersion = (observed: Observed): Version | undefined => {
  const { trial, target, versions } = observed
  const known = (wanted: string | undefined) => versions.find(({ id }) => id === wanted)
  switch (trial?.kind) {
    case 'run':
      return known(trial.canary.stable) ?? known(activeOf(observed))
    case 'rejected':
      return known(trial.rejection.returnsTo) ?? known(activeOf(observed))
    case 'gatewayMissing':
    case 'tooFewPods':
      return known(activeOf(observed))
    case 'idle':
    case 'promote':
    case undefined:
      return versionToServe(target)
  }
}

/** A version on the canary's pods, and how many there are. */
export interface Tried {
  readonly version: Version
  readonly count: number
}

/** Stable's pods as they are: an autoscaler changes their number. */
const stableCount = (observed: Observed): number =>
  Math.max(observed.tracks.stable?.spec?.replicas ?? 1, desiredReplicas(observed))

/**
 * The weight that the pods of the canary are enough for. It is that of the step after this one, so that they are ready before
 * their share of the requests rises; where stable has to do without them, only once nothing else is waited for.
 */
export const podWeight = ({ trial, model }: Observed): number => {
  if (trial?.kind !== 'run' && trial?.kind !== 'promote') return 0
  const { step } = trial.canary
  const isEarly = asksToShare(model) && step > 0 && !(trial.kind === 'run' && trial.hold === 'MovingPods')
  const steps = rolloutOf(model)?.steps ?? defaultSteps
  return steps[Math.min(isEarly ? step - 1 : step, steps.length - 1)]?.weight ?? trial.canary.weight
}

export const triedOn = (observed: Observed): Tried | undefined => {
  const { trial, versions, model } = observed
  if (trial?.kind !== 'run' && trial?.kind !== 'promote') return undefined
  const version = versions.find(({ id }) => id === trial.canary.version)
  const weight = podWeight(observed)
  const count = asksToShare(model)
    ? canaryPodsNow(observed, weight)
    : Math.max(1, Math.ceil((stableCount(observed) * weight) / 100))
  return version && { version, count }
}
