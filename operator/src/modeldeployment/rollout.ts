import { conditionOf, isReady, type LiveDeployment, type LivePod } from '@gantry/kube/live.ts'
import { replicasOf } from './desired/defaults.ts'
import type { ModelDeployment } from './model-deployment.ts'
import { type Observed, versionIdOf } from './observe.ts'

/**
 * How many pods must serve for the wish to be met. An autoscaler's fewest is enough: its own steps up and down are
 * no change of the wish.
 */
export const wishedReplicas = (model: ModelDeployment): number =>
  model.spec.autoscaling ? (model.spec.autoscaling.minReplicas ?? 1) : replicasOf(model)

const isUpToDate = ({ metadata, status }: LiveDeployment): boolean =>
  (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)

/** Whether the Deployment runs what its template says on all wished pods, and nothing else. */
export const isRolledOut = (model: ModelDeployment, deployment: LiveDeployment | undefined): boolean => {
  if (!deployment || !isUpToDate(deployment)) return false
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = deployment.status ?? {}
  const wished = wishedReplicas(model)
  const isCount = model.spec.autoscaling ? replicas >= wished : replicas === wished
  return isCount && updatedReplicas === replicas && availableReplicas >= wished
}

/** Whether the present template was rolled out before, so that pods which are missing now are no rollout. */
export const wasRolledOut = (deployment: LiveDeployment | undefined): boolean =>
  deployment !== undefined &&
  isUpToDate(deployment) &&
  conditionOf(deployment, 'Progressing')?.reason === 'NewReplicaSetAvailable'

export const readyPods = ({ servingPods }: Observed): readonly LivePod[] => servingPods.filter(isReady)

export const readyPodsOf = (observed: Observed, versionId: string): readonly LivePod[] =>
  readyPods(observed).filter((pod) => versionIdOf(pod) === versionId)
