/** What of a cluster scales models, as far as spec.autoscaling of a model needs to know. */
import { scalingMetrics } from '@gantry/contract/metrics.ts'
import type { Presence } from '../../runtime/optional-kind.ts'
import type { ModelDeployment } from '../model-deployment.ts'

/** Whether autoscalers reach the metrics that the operator serves of pods. */
export type CustomMetricsApi =
  | { readonly kind: 'ours' | 'unknown' }
  /** The installation does not serve them; another program may. */
  | { readonly kind: 'off'; readonly isThereAnother: boolean }
  /** The installation serves them, and the cluster asks another program. */
  | { readonly kind: 'unreachable'; readonly message: string }

export interface ScalingApis {
  readonly customMetrics: CustomMetricsApi
  /** `off`: the installation does not use KEDA. */
  readonly keda: 'off' | Exclude<Presence, 'unknown'>
}

/** What has to be asked about for a model. */
export interface ScalingNeeds {
  readonly customMetrics: boolean
  readonly autoscaler: boolean
}

/** Neither of them. */
export const noScalingApis: ScalingApis = {
  customMetrics: { kind: 'off', isThereAnother: false },
  keda: 'off',
}

interface PodsMetric {
  readonly type?: unknown
  readonly pods?: { readonly metric?: { readonly name?: unknown } }
}

const ownPrefix = 'gantry_'

export const servedMetrics: readonly string[] = Object.values(scalingMetrics)

/** The metrics of pods that spec.autoscaling asks for and that have a name of ours. */
export const ownMetricsOf = ({ spec }: ModelDeployment): readonly string[] =>
  (spec.autoscaling?.metrics ?? []).flatMap((metric) => {
    const { type, pods } = metric as PodsMetric
    const name = pods?.metric?.name
    return type === 'Pods' && typeof name === 'string' && name.startsWith(ownPrefix) ? [name] : []
  })

export const needsOf = (model: ModelDeployment): ScalingNeeds => ({
  customMetrics: ownMetricsOf(model).length > 0,
  autoscaler: model.spec.autoscaling !== undefined,
})
