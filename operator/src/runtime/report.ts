import type { Cache } from '@gantry/kube/cache.ts'
import { isOutdated } from '@gantry/kube/errors.ts'
import { canonicalJson } from '@gantry/kube/fingerprint.ts'
import type { LiveEvent } from '@gantry/kube/live.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import { writeEvent } from './event-writer.ts'
import { eventsOf } from './events.ts'
import type { Kind } from './kind.ts'
import type { Subject } from './subject.ts'

export interface Access {
  readonly kube: Kube
  readonly cache: Cache
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly kind: Kind
}

const announce = async ({ kube, log, kind, now }: Access, last: Subject, live: Subject): Promise<void> => {
  const time = new Date(now()).toISOString()
  const key = `${last.metadata.namespace}/${last.metadata.name}`
  for (const event of eventsOf(kind.announcements, last, live.status?.conditions ?? [], time)) {
    const { reason, message, type } = event as LiveEvent
    log[type === 'Warning' ? 'warn' : 'info'](message ?? '', { key, reason })
    await writeEvent({ kube, log }, event, { key })
  }
}

/** Conditions come back from the API server in any order of fields; everything else is compared as it is. */
const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b)

/**
 * Writes the status where it has changed, and an Event for each condition that has.
 * @returns true when the object is another one by now, so that another pass must look at it
 */
export const report = async <S extends Subject>(
  access: Access,
  subject: S,
  status: NonNullable<S['status']>,
  signal: AbortSignal,
): Promise<boolean> => {
  if (isSame(subject.status, status)) return false
  signal.throwIfAborted()
  const { kube, cache, kind } = access
  const { resource } = kind
  const { name, namespace, resourceVersion = '' } = subject.metadata
  try {
    // The resourceVersion keeps a status that was computed from an older object from overwriting a newer one.
    const metadata = { name, namespace, resourceVersion }
    const applied = { apiVersion: subject.apiVersion, kind: subject.kind, metadata, status }
    const live = await kube.applyStatus<S>(resource, applied)
    cache.put(resource, live)
    await announce(access, subject, live)
    return false
  } catch (error) {
    if (isOutdated(error)) return true
    throw error
  }
}
