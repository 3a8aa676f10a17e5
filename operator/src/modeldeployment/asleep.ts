/** A model that may sleep, as sleeping/ judges it, and what follows for its Deployment. Pure. */
import { type Demanded, type Sleep, sleepOf, sleepStatus } from '../sleeping/sleep.ts'
import { scaled, scaleManager } from './handover.ts'
import type { ModelDeployment, ModelDeploymentStatus, Version } from './model-deployment.ts'
import { deployedVersionOf, type Observed } from './observe.ts'
import { isLedToGateway } from './path/path.ts'
import { defaultIdleSeconds, maySleep } from './replicas.ts'
import { isRolledOut, isUpToDate } from './rollout.ts'

export const idleSecondsOf = ({ spec }: ModelDeployment): number =>
  spec.autoscaling?.idleSeconds ?? defaultIdleSeconds

/** Whether spec asks for another version than the one that its pods are made for. One that was tried and taken back is not asked for. */
const isChanging = ({ target, model, tracks }: Observed): boolean =>
  target.kind === 'serve' &&
  target.version.id !== deployedVersionOf(tracks.stable) &&
  target.version.id !== model.status?.rejectedRevision?.version

/** Undefined for a model that always has a pod. */
export const sleepingOf = (observed: Observed, demanded: Demanded, now: number): Sleep | undefined => {
  const { model, tracks, untracked } = observed
  if (!maySleep(model) || untracked) return undefined
  const isTrying = model.status?.canary !== undefined || tracks.canary !== undefined
  const changing = isChanging(observed)
  return sleepOf({
    ...{ idleSeconds: idleSecondsOf(model), status: model.status?.sleep, demanded, now },
    replicas: tracks.stable && (tracks.stable.spec?.replicas ?? 1),
    // Requests for its own address would find nobody.
    isSteady: isLedToGateway(observed) && !isTrying && !changing && isRolledOut(observed),
    isChanging: changing,
    isSuspended: model.spec.suspend === true,
  })
}

/** status.sleep. */
export const shownSleep = ({ sleep, model }: Observed): ModelDeploymentStatus['sleep'] =>
  sleep && sleepStatus(sleep, idleSecondsOf(model))

/** An autoscaler leaves a Deployment without pods alone, and goes on once it has one. So only the steps to none and from none are ours. */
export const sleepStep = ({ sleep, tracks: { stable } }: Observed) => {
  const replicas = stable?.spec?.replicas ?? 1
  if (!sleep || !stable || (sleep.kind === 'asleep') === (replicas === 0)) return []
  return [
    { live: stable, change: scaled(stable, sleep.kind === 'asleep' ? 0 : 1), fieldManager: scaleManager },
  ]
}

/**
 * The version that a model is woken with: what its pods were made for before. A new one is rolled out once a pod of the old one has been
 * asked for, so that one which does not start takes nothing down.
 */
export const wakingVersion = ({ sleep, tracks, versions }: Observed): Version | undefined => {
  const { stable } = tracks
  if (sleep?.kind !== 'awake' || !stable) return undefined
  const isWaking = stable.spec?.replicas === 0 || !isUpToDate(stable)
  const hasPods = (stable.status?.replicas ?? 0) > 0
  return isWaking && !hasPods ? versions.find(({ id }) => id === deployedVersionOf(stable)) : undefined
}
