import { conditionOf, isReady, type LiveDeployment, type LivePod } from '@gantry/kube/live.ts'
import { type Observed, versionIdOf } from './observe.ts'
import { desiredReplicas } from './replicas.ts'

/** Whether the Deployment controller has observed the present generation. */
export const isUpToDate = ({ metadata, status }: LiveDeployment): boolean =>
  (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)

/**
 * Whether all pods of the present template have been ready at some time, and no others are left. The reason alone does not tell: where a template
 * comes back whose ReplicaSet still exists, the Deployment controller first keeps the reason of the rollout before.
 */
export const isComplete = (deployment: LiveDeployment): boolean => {
  const { replicas = 0, updatedReplicas = 0 } = deployment.status ?? {}
  const reason = conditionOf(deployment, 'Progressing')?.reason
  return isUpToDate(deployment) && reason === 'NewReplicaSetAvailable' && updatedReplicas === replicas
}

/** Whether all desired pods of a Deployment run its template and are available. */
const isWhole = (
  { model, sleep }: Pick<Observed, 'model' | 'sleep'>,
  deployment: LiveDeployment | undefined,
): boolean => {
  if (!deployment || !isUpToDate(deployment)) return false
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = deployment.status ?? {}
  const desired = desiredReplicas({ model, sleep })
  const isCount = model.spec.autoscaling ? replicas >= desired : replicas === desired
  return isCount && updatedReplicas === replicas && availableReplicas >= desired
}

/**
 * Whether the stable Deployment runs the desired template on all pods, and no other Deployment has pods. As long as the operator's own change
 * waits, the one without a track serves for it.
 */
export const isRolledOut = (observed: Observed): boolean => {
  const { tracks, untracked, hold } = observed
  return hold !== undefined && tracks.stable === undefined
    ? isWhole(observed, untracked)
    : !untracked && isWhole(observed, tracks.stable)
}

/** Whether the present template was rolled out before, so that pods which are missing now are no rollout. */
export const wasRolledOut = ({ tracks: { stable }, untracked }: Observed): boolean =>
  stable !== undefined && !untracked && isComplete(stable)

/** Whether a user has paused the rollout of a Deployment without a track, whose pods would all be replaced. */
export const isPaused = ({ tracks, untracked }: Pick<Observed, 'tracks' | 'untracked'>): boolean =>
  tracks.stable === undefined && untracked?.spec?.paused === true

/** Whether a Deployment is scaled to zero and all its pods are gone or terminating. */
const isEmpty = (deployment: LiveDeployment): boolean =>
  isUpToDate(deployment) && deployment.spec?.replicas === 0 && (deployment.status?.replicas ?? 0) === 0

/** Whether the stable Deployment has all pods, and the one without a track none. */
export const hasTakenOver = (observed: Observed): boolean => {
  const { tracks, untracked } = observed
  return untracked !== undefined && isEmpty(untracked) && isWhole(observed, tracks.stable)
}

export const readyPods = ({ servingPods }: Observed): readonly LivePod[] => servingPods.filter(isReady)

export const readyPodsOf = (observed: Observed, versionId: string): readonly LivePod[] =>
  readyPods(observed).filter((pod) => versionIdOf(pod) === versionId)
