/** The last Events of an object. */

import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveEvent } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Event } from '@gantry/kube/resources.ts'
import type { Session } from './session.ts'

export interface Announcement {
  readonly time: string
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly count: number
}

const told = (event: LiveEvent): Announcement => ({
  time: event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '',
  type: event.type ?? '',
  reason: event.reason ?? '',
  message: event.message ?? '',
  count: event.count ?? 1,
})

/** Oldest first; none where this account may not read Events. */
export const eventsOf = async (
  { kube }: Session,
  { metadata, kind }: KubernetesObject,
  most: number,
): Promise<readonly Announcement[]> => {
  const { name, namespace = '', uid } = metadata
  const fieldSelector = `involvedObject.kind=${kind},involvedObject.name=${name},involvedObject.uid=${uid}`
  const events = await kube
    .list<LiveEvent>(Event, { namespace, fieldSelector })
    .catch((error: unknown): readonly LiveEvent[] => {
      if (error instanceof ApiError && error.code === 403) return []
      throw error
    })
  return events
    .map(told)
    .sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
    .slice(-most)
}
