/** Finds out what of the cluster scales models. */
import type { KubeClient } from '@gantry/kube/client.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import type { Registration } from '../../custom-metrics/registration.ts'
import { ReconcileError } from '../../runtime/errors.ts'
import type { OptionalKind } from '../../runtime/optional-kind.ts'
import type { World } from '../world.ts'
import type { CustomMetricsApi, ScalingApis, ScalingNeeds } from './apis.ts'

export interface ScalingOptions {
  readonly kube: Pick<KubeClient, 'discover'>
  readonly clock: Pick<Clock, 'elapsed'>
  /** What is known of the APIServices; undefined where the operator serves no metrics. */
  readonly registration: (() => Registration | undefined) | undefined
  /** Undefined where the installation does not use KEDA. */
  readonly keda: OptionalKind | undefined
}

const group = 'custom.metrics.k8s.io'
/** All models together ask once in this time. */
const rememberedMs = 30_000

const judged = (registration: Registration | undefined): CustomMetricsApi => {
  switch (registration?.kind) {
    case 'ours':
      return { kind: 'ours' }
    case 'missing':
    case 'taken':
      return { kind: 'unreachable', message: registration.message }
    case 'unknown':
    case undefined:
      return { kind: 'unknown' }
  }
}

/** @throws ReconcileError in the moment after KEDA was installed: what there is of its objects is being listed */
const kedaOf = (keda: OptionalKind | undefined, { autoscaler }: ScalingNeeds): ScalingApis['keda'] => {
  const presence = keda?.presence() ?? 'off'
  if (presence !== 'unknown') return presence
  if (!autoscaler) return 'absent'
  throw new ReconcileError('ApiUnavailable', 'backoff', 'whether the cluster has KEDA is not known yet')
}

export const createScaling = ({ kube, clock, registration, keda }: ScalingOptions): World['scaling'] => {
  let known: { readonly atMs: number; readonly isThereAnother: Promise<boolean> } | undefined

  const isThereAnother = (): Promise<boolean> => {
    if (known && clock.elapsed() - known.atMs < rememberedMs) return known.isThereAnother
    const asked = kube.discover(group).then((found) => found !== undefined)
    asked.catch(() => {
      known = undefined
    })
    known = { atMs: clock.elapsed(), isThereAnother: asked }
    return asked
  }
  return async (needs) => ({
    customMetrics: registration
      ? judged(registration())
      : { kind: 'off', isThereAnother: needs.customMetrics && (await isThereAnother()) },
    keda: kedaOf(keda, needs),
  })
}
