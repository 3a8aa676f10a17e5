/** Events about the operator itself: its own change has stopped, or continues. */
import type { EventReason } from '@gantry/contract/reasons.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import { writeEvent } from '../../runtime/event-writer.ts'
import { eventAbout } from '../../runtime/events.ts'
import type { Roll } from './gate.ts'

/** The operator's own pod, as an Event names it. */
export interface OperatorPod {
  readonly name: string
  readonly namespace: string
  readonly uid: string
}

export interface Announcement {
  readonly reason: Extract<EventReason, 'FleetRollPaused' | 'FleetRollResumed' | 'CustomMetricsUnavailable'>
  readonly type: 'Warning' | 'Normal'
  readonly message: string
}

/** Most models that an Event names, so that it stays short. The log and the models' conditions have the others. */
const mostNamed = 3

const models = (count: number): string => (count === 1 ? '1 model waits' : `${count} models wait`)

export const pausedAnnouncement = (failed: readonly Roll[], waiting: number): Announcement => {
  const named = failed.slice(0, mostNamed).map(({ key, reason }) => `${key} (${reason})`)
  const more = failed.length > mostNamed ? ` and ${failed.length - mostNamed} more` : ''
  return {
    reason: 'FleetRollPaused',
    type: 'Warning',
    message: `New pods of ${named.join(', ')}${more} do not start with the operator's present settings or version; their old pods serve. ${models(waiting)}, and serve with what was before. Correct the chart's values or run helm rollback, and this goes on by itself. Where only these models are at fault, mend them or raise the chart value rollout.fleet.maxFailed.`,
  }
}

export const resumedAnnouncement = (waiting: number): Announcement => ({
  reason: 'FleetRollResumed',
  type: 'Normal',
  message:
    waiting > 0
      ? `The change of the operator's own settings or version goes on; ${models(waiting)} for their turn.`
      : "No model waits for a change of the operator's own settings or version any more.",
})

/**
 * Writes Events of the operator's own pod. Where they cannot be written, the log has the same message.
 * @param pod undefined where the operator is no pod
 */
export const announcer =
  (kube: Pick<Kube, 'create'>, pod: OperatorPod | undefined, now: () => number, log: Log) =>
  async (announcement: Announcement): Promise<void> => {
    if (!pod) return
    const time = new Date(now()).toISOString()
    const about = { apiVersion: 'v1', kind: 'Pod', metadata: pod }
    const event = eventAbout(about, announcement, { time }, time)
    await writeEvent({ kube, log }, event)
  }
