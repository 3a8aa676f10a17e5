import { plainText } from '@gantry/contract/plain-text.ts'
import { isStep } from '@gantry/contract/reasons.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { Condition, KubernetesObject } from '@gantry/kube/objects.ts'
import type { Subject } from './subject.ts'

const controller = 'gantry.dev/operator'
/** core/v1 refuses a longer message. */
const mostCharacters = 1024

/** Which conditions of a kind are announced by Events, and how. */
export interface Announcements {
  /** Types of conditions, the most telling first: one reason is announced once, by the first condition that has it. */
  readonly order: readonly string[]
  /** Types whose success another condition announces. */
  readonly tellsOnlyTrue: ReadonlySet<string>
  /** Reasons that most objects have from the start. They are announced only after another reason. */
  readonly usual: ReadonlySet<string>
  /** Reasons of a condition that is Unknown which are announced, too: something that was given cannot be used. */
  readonly refusals: ReadonlySet<string>
  /** Reasons of other conditions that are a warning. */
  readonly warnings: ReadonlySet<string>
}

/** Whether a change gets an Event. A first condition that is False gets none, nor does the usual reason after Unknown. */
const isTransition = (
  { usual, refusals }: Announcements,
  last: Condition | undefined,
  next: Condition,
): boolean => {
  if (!last) return next.status === 'True' || next.type === 'Ready' || refusals.has(next.reason)
  if (last.status === 'Unknown' && usual.has(next.reason)) return false
  return last.status !== next.status || last.reason !== next.reason
}

const isTold = (
  { tellsOnlyTrue, order, refusals }: Announcements,
  { type, status, reason }: Condition,
): boolean =>
  (status !== 'Unknown' || refusals.has(reason)) &&
  (status === 'True' || !tellsOnlyTrue.has(type)) &&
  order.includes(type)

/** Whether the Event is a warning. A reason of Reconciling that is no step of a change is a fault that may pass. */
const isWarning = ({ warnings }: Announcements, { type, status, reason }: Condition): boolean => {
  if (type === 'Stalled' || type === 'Degraded') return status === 'True'
  if (type === 'Reconciling' || type === 'Ready') {
    return status === 'True' ? type === 'Reconciling' && !isStep(reason) : !isStep(reason)
  }
  return warnings.has(reason)
}

/** What an Event says. */
interface Announcement {
  readonly type: 'Normal' | 'Warning'
  /** CamelCase. */
  readonly reason: string
  readonly message: string
}

/**
 * An Event about an object. Pure.
 * @param occasion what tells this Event from others about the object: the API server refuses a second one of the same name
 * @param time RFC 3339
 */
export const eventAbout = (
  { apiVersion, kind, metadata }: KubernetesObject,
  { type, reason, message }: Announcement,
  occasion: object,
  time: string,
): KubernetesObject => {
  const { name, namespace = '', uid } = metadata
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${fingerprint({ uid, ...occasion }, 16)}`, namespace },
    involvedObject: { apiVersion, kind, name, namespace, uid },
    type,
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

const eventOf = (
  announcements: Announcements,
  subject: Subject,
  { type, ...condition }: Condition,
  time: string,
): KubernetesObject => {
  const { resourceVersion } = subject.metadata
  const { status, reason, message } = condition
  // The same transition has the same name, so it cannot be told twice; a later one of the same kind has another.
  const transition = { resourceVersion, type, status, reason }
  const severity = isWarning(announcements, { type, ...condition }) ? 'Warning' : 'Normal'
  return eventAbout(subject, { type: severity, reason, message }, transition, time)
}

/**
 * Events that announce how the conditions have changed. Pure.
 * @param subject with the conditions as they were
 * @param time RFC 3339, when that was seen
 */
export const eventsOf = (
  announcements: Announcements,
  subject: Subject,
  next: readonly Condition[],
  time: string,
): readonly KubernetesObject[] => {
  const { order } = announcements
  const last = subject.status?.conditions ?? []
  const lastOf = (type: string): Condition | undefined => last.find((condition) => condition.type === type)
  const told = next
    .filter((condition) => isTransition(announcements, lastOf(condition.type), condition))
    .filter((condition) => isTold(announcements, condition))
    .sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
  const firsts = told.filter(
    ({ reason }, index) => told.findIndex((other) => other.reason === reason) === index,
  )
  return firsts.map((condition) => eventOf(announcements, subject, condition, time))
}
