/** Why a model is not scaled as spec.autoscaling says. It answers all the same, so Degraded alone tells. Pure. */
import { plainText } from '@gantry/contract/plain-text.ts'
import { conditionOf, isEnding } from '@gantry/kube/live.ts'
import type { Finding } from '../../runtime/finding.ts'
import type { Observed } from '../observe.ts'
import { ownMetricsOf, servedMetrics } from './apis.ts'
import { foreignAuthentications } from './triggers.ts'

type Scaled = Pick<Observed, 'model' | 'autoscalers' | 'scaledObjects' | 'scaling'>
type Check = (scaled: Scaled, allowed: readonly string[]) => Finding | undefined

/** No watch shows that an API has come. */
const lookMs = 30_000

const found = (reason: Finding['reason'], message: string, afterMs?: number): Finding => ({
  ...{ reason, message, retry: 'never', isNonBlocking: true },
  ...(afterMs === undefined ? {} : { afterMs }),
})

const kedaMissing: Check = ({ model, scaling, autoscalers }) => {
  if (!model.spec.autoscaling?.keda || scaling.keda === 'served') return undefined
  const now =
    autoscalers.length > 0 ? 'The HorizontalPodAutoscaler of before scales on.' : 'The number of pods stays.'
  const why =
    scaling.keda === 'off'
      ? 'this installation of Gantry does not use it: have the chart value keda.enabled set'
      : 'this cluster has no ScaledObject of keda.sh/v1alpha1: install KEDA'
  return found(
    'KedaMissing',
    `spec.autoscaling.keda asks for KEDA, and ${why}, or take spec.autoscaling.metrics instead. ${now}`,
    scaling.keda === 'off' ? undefined : lookMs,
  )
}

const authenticationNotAllowed: Check = ({ model }, allowed) => {
  const [first] = foreignAuthentications(model, allowed)
  if (first === undefined) return undefined
  return found(
    'TriggerNotAllowed',
    `spec.autoscaling.keda.triggers names TriggerAuthentication ${plainText(first)}, which this installation does not allow: KEDA would send what it holds to the address of the trigger. Have it listed in the chart value keda.triggerAuthentications. What scales the model stays as it is.`,
  )
}

/** KEDA lets a ScaledObject go once its own autoscaler is gone. */
const waitsForKeda: Check = ({ scaledObjects }) => {
  const ending = scaledObjects.find(isEnding)
  return (
    ending &&
    found(
      'KedaEnding',
      `ScaledObject ${ending.metadata.name} is being deleted, and nothing else scales the model until KEDA has let it go. If that lasts, look whether KEDA's operator runs.`,
    )
  )
}

const scaledObjectNotReady: Check = ({ model, scaledObjects }) => {
  if (!model.spec.autoscaling?.keda) return undefined
  const [live] = scaledObjects
  const ready = live && conditionOf(live, 'Ready')
  if (ready?.status !== 'False') return undefined
  return found(
    'KedaNotReady',
    `KEDA does not scale by ScaledObject ${live?.metadata.name}: ${plainText(ready.message ?? ready.reason ?? 'it does not say why')}. Correct spec.autoscaling.keda, or what its triggers need.`,
  )
}

const metricUnknown: Check = ({ model, scaling }) => {
  if (scaling.customMetrics.kind === 'off') return undefined
  const other = ownMetricsOf(model).find((name) => !servedMetrics.includes(name))
  if (other === undefined) return undefined
  return found(
    'ScalingMetricMissing',
    `spec.autoscaling.metrics asks for ${plainText(other)} of pods, and there are ${servedMetrics.join(', ')}. The autoscaler does not scale by it.`,
  )
}

const metricsUnreachable: Check = ({ model, scaling }) => {
  const { customMetrics } = scaling
  const [first] = ownMetricsOf(model)
  if (first === undefined) return undefined
  const asked = `spec.autoscaling.metrics asks for ${plainText(first)} of pods`
  switch (customMetrics.kind) {
    case 'ours':
    case 'unknown':
      return undefined
    case 'unreachable':
      return found('ScalingMetricMissing', `${asked}. ${customMetrics.message}`, lookMs)
    case 'off':
      return customMetrics.isThereAnother
        ? undefined
        : found(
            'ScalingMetricMissing',
            `${asked}, and this cluster has no API that tells it, so the autoscaler does not scale by it. Have the chart value customMetrics.enabled set, or scale by CPU.`,
            lookMs,
          )
  }
}

/** A cause stands before what follows from it. */
const checks: readonly Check[] = [
  kedaMissing,
  authenticationNotAllowed,
  waitsForKeda,
  scaledObjectNotReady,
  metricsUnreachable,
  metricUnknown,
]

/** @param allowed TriggerAuthentications that spec may name */
export const scalingTrouble = (scaled: Scaled, allowed: readonly string[]): Finding | undefined => {
  for (const check of checks) {
    const finding = check(scaled, allowed)
    if (finding) return finding
  }
  return undefined
}
