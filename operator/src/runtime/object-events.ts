/** Events of one object, which the cache does not keep. */
import type { LiveEvent } from '@gantry/kube/live.ts'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { Event } from '@gantry/kube/resources.ts'

/** Most Events that are read of one object: they repeat each other, and any user who may create Events may create many. */
const mostEvents = 200

export const eventsOf = (
  { kube }: { readonly kube: Kube },
  { metadata }: KubernetesObject,
): Promise<readonly LiveEvent[]> =>
  kube.list<LiveEvent>(Event, {
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
    fieldSelector: `involvedObject.uid=${metadata.uid}`,
    most: mostEvents,
  })
