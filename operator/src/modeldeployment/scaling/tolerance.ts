/** `behavior.*.tolerance` of an autoscaler, which clusters before Kubernetes 1.35 do not have or have switched off. Pure. */
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { HorizontalPodAutoscaler } from '@gantry/kube/resources.ts'
import type { Finding } from '../../runtime/finding.ts'

interface Scaled {
  readonly behavior?: Readonly<
    Partial<Record<'scaleUp' | 'scaleDown', { readonly tolerance?: unknown } | undefined>>
  >
}

const directions = ['scaleUp', 'scaleDown'] as const

const toleranceIn = (object: KubernetesObject, direction: (typeof directions)[number]): unknown =>
  (object['spec'] as Scaled | undefined)?.behavior?.[direction]?.tolerance

const unsupported = (direction: string, what: string): Finding => ({
  reason: 'ToleranceUnsupported',
  message: `This cluster ${what} spec.autoscaling.behavior.${direction}.tolerance: it is there from Kubernetes 1.35 on, and with the feature gate HPAConfigurableTolerance from 1.33 on. Leave the field out.`,
  retry: 'never',
  isNonBlocking: true,
})

const askedIn = (object: KubernetesObject) =>
  object.kind === HorizontalPodAutoscaler.kind
    ? directions.filter((direction) => toleranceIn(object, direction) !== undefined)
    : []

/** An API server that has the field switched off drops it, and says so nowhere. */
export const toleranceDropped = (
  desired: KubernetesObject,
  stored: KubernetesObject,
): Finding | undefined => {
  const dropped = askedIn(desired).find((direction) => toleranceIn(stored, direction) === undefined)
  return dropped && unsupported(dropped, 'has dropped')
}

/** One that does not know the field refuses the whole autoscaler. */
export const toleranceUnknown = (object: KubernetesObject, message: string): Finding | undefined => {
  const [first] = askedIn(object)
  return first && /tolerance: field not declared in schema/.test(message)
    ? unsupported(first, 'does not know')
    : undefined
}
