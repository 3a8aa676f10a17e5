/**
 * With `spec.rollout.surge: 0` a canary takes its pods from stable, so that both together have as many as the model has
 * without one. Each number follows from what stands in the cluster, as in a takeover: an operator that dies is followed by
 * one that goes on. Pods that go are waited for before those are made that take their place.
 */
import { isOver, type LiveDeployment, type LivePod } from '@gantry/kube/live.ts'
import { annotations } from './desired/metadata.ts'
import type { ModelDeployment } from './model-deployment.ts'
import { deployedVersionOf, type Observed, versionIdOf } from './observe.ts'
import { desiredReplicas, type Shared } from './replicas.ts'
import { isUpToDate } from './rollout.ts'

export const asksToShare = ({ spec }: ModelDeployment): boolean => spec.rollout?.surge === 0

/** Whether stable has given pods to a canary, and not got all of them back. */
const hasShared = (stable: LiveDeployment | undefined): boolean =>
  stable?.metadata.annotations?.[annotations.scaledBy] === 'canary'

/** Pods of both tracks. The number that an autoscaler had chosen is noted where the sharing begins, and rests until its end. */
export const totalPods = ({ model, tracks: { stable } }: Pick<Observed, 'model' | 'tracks'>): number => {
  if (!model.spec.autoscaling) return desiredReplicas({ model })
  const noted = hasShared(stable) ? Number(stable?.metadata.annotations?.[annotations.takesOver]) : Number.NaN
  const before = Number.isInteger(noted) && noted > 0 ? noted : (stable?.spec?.replicas ?? 1)
  return Math.max(before, desiredReplicas({ model }))
}

/** Pods of the canary at a weight in percent. Stable keeps one. */
export const shareOf = (total: number, weight: number): number =>
  Math.max(1, Math.min(total - 1, Math.ceil((total * weight) / 100)))

const standing = (pods: readonly LivePod[]): number => pods.filter((pod) => !isOver(pod)).length

/** Whether all pods that stable has now are of a version, and available. */
const hasOnly = (stable: LiveDeployment | undefined, version: string): stable is LiveDeployment => {
  if (!stable || !isUpToDate(stable) || deployedVersionOf(stable) !== version) return false
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = stable.status ?? {}
  const count = stable.spec?.replicas ?? 1
  return replicas === count && updatedReplicas === count && availableReplicas >= count
}

/** Share of the pods that move at a time when stable takes over the version of the canary. */
const movedShare = 1 / 4

/** Pods that the canary is to have: those of its weight, or ever fewer while stable, on its version by now, gets them back. */
const wantedPods = (observed: Observed, weight: number): number => {
  const { trial, tracks } = observed
  const total = totalPods(observed)
  const now = tracks.canary?.spec?.replicas ?? 0
  if (trial?.kind === 'run') {
    // A Deployment whose number has just changed counts as not ready; its pods do not go back for that.
    const isWaitedFor = trial.hold === 'CanaryNotReady' || trial.hold === 'CanaryStarved'
    return Math.max(shareOf(total, weight), isWaitedFor ? Math.min(now, total - 1) : 0)
  }
  if (trial?.kind !== 'promote') return 0
  if (!hasOnly(tracks.stable, trial.canary.version)) return now
  const moved = Math.max(1, Math.floor(total * movedShare))
  return Math.min(now, Math.max(0, total - (tracks.stable.spec?.replicas ?? 1) - moved))
}

/** Pods of the canary's Deployment now: those that stable has left are made, and those that it has not left are waited for. */
export const canaryPodsNow = (observed: Observed, weight: number): number => {
  const left = totalPods(observed) - standing(observed.servingPods)
  const now = observed.tracks.canary?.spec?.replicas ?? 0
  return Math.min(wantedPods(observed, weight), Math.max(now, left, 0))
}

/** Whether the version before comes back to stable: one pod more than stable has is needed then at a time. */
const returns = ({ trial, servingPods, tracks }: Observed): boolean => {
  if (trial?.kind === 'run' || trial?.kind === 'promote') return false
  const rejectedFor = trial?.kind === 'rejected' ? trial.rejection.returnsTo : undefined
  const before = rejectedFor ?? deployedVersionOf(tracks.stable)
  return servingPods.some((pod) => !isOver(pod) && versionIdOf(pod) !== before)
}

/** The number of stable's pods while it shares them with a canary; undefined where it has all of them. */
export const sharedReplicas = (observed: Observed, weight: number): Shared | undefined => {
  const { model, trial, tracks, canaryPods, sleep } = observed
  const { stable, canary } = tracks
  if (sleep?.kind === 'asleep') return undefined
  const isTried = asksToShare(model) && (trial?.kind === 'run' || trial?.kind === 'promote')
  if (!stable || !(isTried || hasShared(stable))) return undefined
  const desired = totalPods(observed)
  const away = Math.max(isTried ? wantedPods(observed, weight) : 0, standing(canaryPods))
  const isOverNow = !isTried && !canary && away === 0 && !returns(observed)
  if (isOverNow && stable.spec?.replicas === desired) return undefined
  const count = Math.max(1, desired - away - (returns(observed) ? 1 : 0))
  const surges = trial?.kind !== 'promote'
  return { owner: 'canary', desired, count, surges }
}
