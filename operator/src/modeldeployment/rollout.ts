import { conditionOf, isReady, type LiveDeployment, type LivePod } from '@gantry/kube/live.ts'
import type { ModelDeployment } from './model-deployment.ts'
import { type Observed, versionIdOf } from './observe.ts'
import { wishedReplicas } from './replicas.ts'

/** Whether its controller has seen the Deployment as it stands. */
export const isUpToDate = ({ metadata, status }: LiveDeployment): boolean =>
  (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)

/** Whether all pods of the present template were ready once. */
export const isComplete = (deployment: LiveDeployment): boolean =>
  isUpToDate(deployment) && conditionOf(deployment, 'Progressing')?.reason === 'NewReplicaSetAvailable'

/** Whether a Deployment runs what its template says on all wished pods. */
const isWhole = (model: ModelDeployment, deployment: LiveDeployment | undefined): boolean => {
  if (!deployment || !isUpToDate(deployment)) return false
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = deployment.status ?? {}
  const wished = wishedReplicas(model)
  const isCount = model.spec.autoscaling ? replicas >= wished : replicas === wished
  return isCount && updatedReplicas === replicas && availableReplicas >= wished
}

/**
 * Whether the stable Deployment runs what is wished, and no other Deployment runs anything. As long as the operator's own change
 * waits, the one without a track serves for it.
 */
export const isRolledOut = ({ model, tracks, untracked, hold }: Observed): boolean =>
  hold !== undefined && tracks.stable === undefined
    ? isWhole(model, untracked)
    : !untracked && isWhole(model, tracks.stable)

/** Whether the present template was rolled out before, so that pods which are missing now are no rollout. */
export const wasRolledOut = ({ tracks: { stable }, untracked }: Observed): boolean =>
  stable !== undefined && !untracked && isComplete(stable)

/** Whether a user has paused the rollout of a Deployment without a track, whose pods would all be replaced. */
export const isPaused = ({ tracks, untracked }: Pick<Observed, 'tracks' | 'untracked'>): boolean =>
  tracks.stable === undefined && untracked?.spec?.paused === true

/** A Deployment that is scaled to nothing, and has no pods any more but those that end. */
const isEmpty = (deployment: LiveDeployment): boolean =>
  isUpToDate(deployment) && deployment.spec?.replicas === 0 && (deployment.status?.replicas ?? 0) === 0

/** Whether the stable Deployment has all pods, and the one without a track none. */
export const hasTakenOver = ({ model, tracks, untracked }: Observed): boolean =>
  untracked !== undefined && isEmpty(untracked) && isWhole(model, tracks.stable)

export const readyPods = ({ servingPods }: Observed): readonly LivePod[] => servingPods.filter(isReady)

export const readyPodsOf = (observed: Observed, versionId: string): readonly LivePod[] =>
  readyPods(observed).filter((pod) => versionIdOf(pod) === versionId)
