/** A kind that a cluster need not have, since another program brings it. It is followed while it is there. */
import { type Clock, sleep } from '@gantry/kube/clock.ts'
import type { Resource } from '@gantry/kube/objects.ts'
import type { Reflector } from '@gantry/kube/reflector.ts'
import type { Store } from '@gantry/kube/store.ts'

/** `unknown` until the API server has said whether it has the kind, and its objects are listed. */
export type Presence = 'unknown' | 'absent' | 'served'

export interface OptionalKind {
  readonly resource: Resource
  readonly presence: () => Presence
  /** Resolves once it is known whether the kind is there, and what there is of it. */
  readonly known: Promise<void>
  /** Fills the store until the signal fires; never rejects. @param reflector makes one, each time that the kind appears */
  readonly follow: (
    parts: {
      readonly reflector: () => Reflector
      readonly store: Pick<Store, 'replace'>
      readonly clock: Clock
    },
    signal: AbortSignal,
  ) => Promise<void>
  /** Milliseconds since the last answer of the API server; undefined while there is nothing to hear. */
  readonly contactAgeMs: () => number | undefined
}

/** Time between looks whether the kind is there. Users install and remove such programs by hand. */
const lookMs = 15_000

/** @param ask whether the API server has the kind */
export const optionalKind = (resource: Resource, ask: () => Promise<boolean>): OptionalKind => {
  let reflector: Reflector | undefined
  let isAbsent = false
  const known = Promise.withResolvers<void>()

  /** What was known holds where there is no answer. */
  const isServed = async (): Promise<boolean> => {
    try {
      const served = await ask()
      isAbsent = !served
      if (isAbsent) known.resolve()
      return served
    } catch {
      return reflector !== undefined
    }
  }

  const follow: OptionalKind['follow'] = async ({ reflector: create, store, clock }, signal) => {
    while (!signal.aborted) {
      if (await isServed()) {
        reflector = create()
        void reflector.synced.then(known.resolve)
        const gone = new AbortController()
        const watching = reflector.run(AbortSignal.any([signal, gone.signal]))
        do await sleep(clock, lookMs, signal)
        while (!signal.aborted && (await isServed()))
        gone.abort()
        await watching
        reflector = undefined
        if (!signal.aborted) store.replace([], '')
      } else await sleep(clock, lookMs, signal)
    }
  }
  return {
    resource,
    presence: () => {
      if (reflector) return reflector.isSynced() ? 'served' : 'unknown'
      return isAbsent ? 'absent' : 'unknown'
    },
    known: known.promise,
    follow,
    contactAgeMs: () => reflector?.contactAgeMs(),
  }
}
