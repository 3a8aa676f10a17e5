/** All models by their names. */

import { createServedModel, type ServedModel } from '../balancing/served-model.ts'
import { createSessionRoom, type SessionRoom } from '../balancing/session-book.ts'
import type { Trust } from '../tls/certificate.ts'
import { keyOf, type Model } from './model.ts'

/** Models, as those see them who ask for one: all of them, or those that a caller may call. */
export interface Models {
  /** @param key NAMESPACE/NAME @throws Failure forbidden where the caller may not call it */
  readonly find: (key: string) => ServedModel | undefined
  /** All models of a name, whatever their namespace. */
  readonly named: (name: string) => readonly ServedModel[]
  readonly all: () => readonly ServedModel[]
  /** Whether a model may be woken for who asks. */
  readonly mayWake: (served: ServedModel) => boolean
}

export interface Directory extends Models {
  /** Takes the whole list anew: what is not in it is gone. */
  readonly apply: (models: readonly Model[]) => void
}

/** @param trust of endpoints that speak TLS */
export const createDirectory = (
  nowMs: () => number,
  room: SessionRoom = createSessionRoom(),
  trust?: Trust,
): Directory => {
  let byKey: ReadonlyMap<string, ServedModel> = new Map()
  let byName: ReadonlyMap<string, readonly ServedModel[]> = new Map()
  return {
    apply: (models) => {
      const next = new Map<string, ServedModel>()
      for (const model of models) {
        const key = keyOf(model)
        const served = byKey.get(key)
        served?.apply(model)
        next.set(key, served ?? createServedModel(model, nowMs, room, trust))
      }
      for (const [key, served] of byKey) if (!next.has(key)) served.close()
      byKey = next
      byName = Map.groupBy(next.values(), (served) => served.model().name)
    },
    find: (key) => byKey.get(key),
    named: (name) => byName.get(name) ?? [],
    all: () => [...byKey.values()],
    mayWake: () => true,
  }
}
