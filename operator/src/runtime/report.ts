import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveEvent } from '@gantry/kube/live.ts'
import { Event } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from '../modeldeployment/model-deployment.ts'
import type { Observed } from '../modeldeployment/observe.ts'
import { ModelDeployment as modelDeployments } from '../modeldeployment/resources.ts'
import { isSameStatus, nextStatus } from '../modeldeployment/status.ts'
import type { World } from '../modeldeployment/world.ts'
import { eventsOf } from './events.ts'
import type { Finding } from './finding.ts'

const announce = async ({ kube, log }: World, last: ModelDeployment, live: ModelDeployment, now: number) => {
  const time = new Date(now).toISOString()
  const key = `${last.metadata.namespace}/${last.metadata.name}`
  const events = eventsOf(last.status?.conditions ?? [], live.status?.conditions ?? [], last, time)
  for (const event of events) {
    const { reason, message, type } = event as LiveEvent
    log[type === 'Warning' ? 'warn' : 'info'](message ?? '', { key, reason })
    await kube.create(Event, event).catch((error: unknown) => {
      const isTold = error instanceof ApiError && error.code === 409
      if (!isTold) log.warn('an event could not be written', { key, reason, error })
    })
  }
}

/** The model was changed or deleted while the pass looked at it. */
const isOutdated = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === 409 || error.code === 404)

/**
 * Writes the status where it has changed, and an Event for each condition that has.
 * @returns true when the model is another one by now, so that another pass must look at it
 */
export const report = async (
  world: World,
  observed: Observed,
  finding: Finding | undefined,
  signal: AbortSignal,
): Promise<boolean> => {
  const { model } = observed
  const now = world.now()
  const status = nextStatus(observed, finding, now)
  if (isSameStatus(model.status, status)) return false
  signal.throwIfAborted()
  const { apiVersion, kind } = model
  const { name, namespace, resourceVersion = '' } = model.metadata
  try {
    // With its resourceVersion: a status that was made from an older one must not overwrite what came after.
    const metadata = { name, namespace, resourceVersion }
    const wish = { apiVersion, kind, metadata, status }
    const live = await world.kube.applyStatus<ModelDeployment>(modelDeployments, wish)
    world.cache.put(modelDeployments, live)
    await announce(world, model, live, now)
    return false
  } catch (error) {
    if (isOutdated(error)) return true
    throw error
  }
}
