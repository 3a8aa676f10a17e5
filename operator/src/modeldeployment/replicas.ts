/** The owner of a model's replica count, and the count. */
import type { LiveAutoscaler, LiveDeployment } from '@gantry/kube/live.ts'
import type { Sleep } from '../sleeping/sleep.ts'
import { replicasOf } from './desired/defaults.ts'
import { annotations } from './desired/metadata.ts'
import type { ModelDeployment } from './model-deployment.ts'

export type Replicas =
  | { readonly owner: 'spec'; readonly count: number }
  /** The count is read from the live Deployment, and is not applied. */
  | { readonly owner: 'autoscaler' }
  | Takeover
  | Shared

/** A canary has some of the pods, which stable does without: shared-pods.ts */
export interface Shared {
  readonly owner: 'canary'
  /** Pods of both. */
  readonly desired: number
  /** Pods of the stable Deployment now. */
  readonly count: number
  /** Whether a new pod is made before an old one goes, where the template changes; else after it. */
  readonly surges: boolean
}

/**
 * The pods of a Deployment without a track are replaced by those of the stable one, step by step as in a rollout: together they
 * are never fewer than the desired count, and at most a quarter more.
 */
export interface Takeover {
  readonly owner: 'takeover'
  /** Number of pods when the takeover is complete. */
  readonly desired: number
  /** Pods of the stable Deployment now. */
  readonly count: number
  /** Pods that the one without a track keeps now. */
  readonly left: number
}

/** The live Deployments and autoscalers of a model. */
export interface Standing {
  readonly stable: LiveDeployment | undefined
  /** A Deployment that an operator without tracks made. It is named like the model, and its selector matches the pods of every track. */
  readonly untracked: LiveDeployment | undefined
  readonly autoscalers: readonly LiveAutoscaler[]
}

const surgeShare = 1 / 4

/** Documented in the CRD, and not a default there because other bounds exclude the field. */
export const defaultIdleSeconds = 300

/** Whether the model has no pods while nobody asks it anything. */
export const maySleep = ({ spec }: ModelDeployment): boolean => spec.autoscaling?.minReplicas === 0

/** Fewest pods of a model that is awake. The autoscaler knows no other. */
export const fewestReplicas = ({ spec }: ModelDeployment): number =>
  Math.max(1, spec.autoscaling?.minReplicas ?? 1)

/** A model, and what a pass has decided about its sleep. */
interface Deciding {
  readonly model: ModelDeployment
  readonly sleep?: Sleep | undefined
}

/**
 * Number of pods that must serve for spec to be met. An autoscaler's minimum is enough: its own scaling changes
 * nothing about spec.
 */
export const desiredReplicas = ({ model, sleep }: Deciding): number => {
  if (sleep?.kind === 'asleep') return 0
  return model.spec.autoscaling ? fewestReplicas(model) : replicasOf(model)
}

const specCount = (deployment: LiveDeployment): number => deployment.spec?.replicas ?? 1

/** An autoscaler's number is remembered where the takeover begins: the number of both Deployments changes during it. */
const takenOver = (stable: LiveDeployment | undefined, untracked: LiveDeployment): number => {
  const noted = Number(stable?.metadata.annotations?.[annotations.takesOver])
  return Number.isInteger(noted) && noted > 0 ? noted : specCount(untracked)
}

const takeover = (
  model: ModelDeployment,
  { stable, autoscalers }: Standing,
  untracked: LiveDeployment,
): Takeover => {
  const desired = model.spec.autoscaling
    ? Math.max(takenOver(stable, untracked), fewestReplicas(model))
    : replicasOf(model)
  const before = specCount(untracked)
  const standing = Math.max(before, untracked.status?.replicas ?? 0)
  const room = desired + Math.ceil(desired * surgeShare) - standing
  const count = Math.min(desired, Math.max(stable ? specCount(stable) : 0, room, 0))
  // An autoscaler would take back each step of what it scales.
  const isScaled = autoscalers.some(({ spec }) => spec?.scaleTargetRef?.name === untracked.metadata.name)
  const needed = Math.max(0, desired - (stable?.status?.availableReplicas ?? 0))
  return { owner: 'takeover', desired, count, left: isScaled ? before : Math.min(before, needed) }
}

export const replicasBySpec = (model: ModelDeployment): Exclude<Replicas, Takeover | Shared> =>
  model.spec.autoscaling ? { owner: 'autoscaler' } : { owner: 'spec', count: replicasOf(model) }

export const replicasFor = (model: ModelDeployment, standing: Standing): Replicas =>
  standing.untracked ? takeover(model, standing, standing.untracked) : replicasBySpec(model)
