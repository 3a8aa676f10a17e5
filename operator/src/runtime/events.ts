import { plainText } from '@gantry/contract/plain-text.ts'
import { isStep, type Reason } from '@gantry/contract/reasons.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { Condition, ModelDeployment } from '../modeldeployment/model-deployment.ts'

const controller = 'gantry.dev/operator'
/** core/v1 refuses a longer message. */
const mostCharacters = 1024

/** The most telling first: one reason is announced once, by the first condition that has it. */
const order = [
  'Suspended',
  'Stalled',
  'Ready',
  'Reconciling',
  'Degraded',
  'Imported',
  'AcceleratorActive',
  'Available',
]
/** Good news of these is told by Ready. */
const tellsOnlyTrue = new Set(['Suspended', 'Stalled', 'Reconciling', 'Degraded'])
/** As most models are from the start: news only where it was otherwise. */
const usual: ReadonlySet<string> = new Set<Reason>(['NotRequested'])

const cpuFallback: Reason = 'CpuFallback'

/** That something is not there yet is no news where it never was, nor that it turns out as usual. */
const isTransition = (last: Condition | undefined, next: Condition): boolean => {
  if (!last) return next.status === 'True' || next.type === 'Ready'
  if (last.status === 'Unknown' && usual.has(next.reason)) return false
  return last.status !== next.status || last.reason !== next.reason
}

const isTold = ({ type, status }: Condition): boolean =>
  status !== 'Unknown' && (status === 'True' || !tellsOnlyTrue.has(type)) && order.includes(type)

const isWarning = ({ type, status, reason }: Condition): boolean => {
  if (type === 'Stalled' || type === 'Degraded') return status === 'True'
  if (type === 'Reconciling' || type === 'Ready') {
    return status === 'True' ? type === 'Reconciling' && !isStep(reason) : !isStep(reason)
  }
  return reason === cpuFallback
}

const eventOf = (
  model: ModelDeployment,
  { type, ...condition }: Condition,
  time: string,
): KubernetesObject => {
  const { name, namespace, uid, resourceVersion } = model.metadata
  const { status, reason, message } = condition
  // The same transition has the same name, so it cannot be told twice; a later one of the same kind has another.
  const transition = fingerprint({ uid, resourceVersion, type, status, reason }, 16)
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${transition}`, namespace },
    involvedObject: { apiVersion: model.apiVersion, kind: model.kind, name, namespace, uid },
    type: isWarning({ type, ...condition }) ? 'Warning' : 'Normal',
    reason,
    message: plainText(message, mostCharacters),
    source: { component: controller },
    reportingComponent: controller,
    reportingInstance: controller,
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  }
}

/**
 * Events that announce how the conditions have changed. Pure.
 * @param time RFC 3339, when that was seen
 */
export const eventsOf = (
  last: readonly Condition[],
  next: readonly Condition[],
  model: ModelDeployment,
  time: string,
): readonly KubernetesObject[] => {
  const lastOf = (type: string): Condition | undefined => last.find((condition) => condition.type === type)
  const told = next
    .filter((condition) => isTransition(lastOf(condition.type), condition) && isTold(condition))
    .sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
  const firsts = told.filter(
    ({ reason }, index) => told.findIndex((other) => other.reason === reason) === index,
  )
  return firsts.map((condition) => eventOf(model, condition, time))
}
