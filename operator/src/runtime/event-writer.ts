import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveEvent } from '@gantry/kube/live.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { Event } from '@gantry/kube/resources.ts'

/**
 * Writes an Event whose name tells it from all others, so that the API server refuses the same one a second time. One that cannot be written keeps
 * nothing from going on: the log has said the same.
 * @param fields what the log says of it where it cannot be written
 */
export const writeEvent = async (
  { kube, log }: { readonly kube: Pick<Kube, 'create'>; readonly log: Log },
  event: KubernetesObject,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  const { reason } = event as LiveEvent
  await kube.create(Event, event).catch((error: unknown) => {
    const isTold = error instanceof ApiError && error.code === 409
    if (!isTold) log.warn('an event could not be written', { ...fields, reason, error })
  })
}
