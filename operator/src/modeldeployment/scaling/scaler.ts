/** What sets the number of a model's pods. Two autoscalers of one Deployment undo each other's work, so one has to be gone before the other comes. Pure. */
import { isEnding } from '@gantry/kube/live.ts'
import type { Observed } from '../observe.ts'
import { foreignAuthentications } from './triggers.ts'

export type Scaler =
  /** spec.replicas. */
  | 'spec'
  | 'autoscaler'
  | 'scaledObject'
  /** What spec does not ask for goes first, and nothing comes yet. */
  | 'change'
  /** What spec asks for cannot be had: what scales now stays. */
  | 'asItIs'

type Scaled = Pick<Observed, 'model' | 'autoscalers' | 'scaledObjects' | 'scaling' | 'untracked'>

/** @param allowed TriggerAuthentications that spec may name */
export const scalerOf = (
  { model, autoscalers, scaledObjects, scaling, untracked }: Scaled,
  allowed: readonly string[],
): Scaler => {
  const { autoscaling } = model.spec
  // Pods are handed from one Deployment to another: an autoscaler at rest keeps their number meanwhile.
  if (autoscaling && untracked) return 'autoscaler'
  if (autoscaling?.keda) {
    if (scaling.keda !== 'served' || foreignAuthentications(model, allowed).length > 0) return 'asItIs'
    return autoscalers.length > 0 || scaledObjects.some(isEnding) ? 'change' : 'scaledObject'
  }
  if (scaledObjects.length > 0) return 'change'
  return autoscaling ? 'autoscaler' : 'spec'
}
