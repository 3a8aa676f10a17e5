import type { ServedModel } from '@gantry/contract/server.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import type { Claims } from '../runtime/claims.ts'
import type { RefusedWrites } from '../runtime/refused-writes.ts'
import type { ReconcileConfig } from './config.ts'
import type { Fleet } from './fleet/fleet.ts'
import type { PodAddress } from './served.ts'

/** All that a pass may touch. */
export interface World {
  readonly kube: Kube
  readonly cache: Cache
  readonly config: ReconcileConfig
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Asks a pod what it serves; undefined when it does not answer. */
  readonly served: (pod: PodAddress, model: string, signal: AbortSignal) => Promise<ServedModel | undefined>
  readonly log: Log
  readonly refusedWrites: RefusedWrites
  /** The models that roll by a change of the operator's own, and those that wait for their turn. */
  readonly fleet: Fleet
  /** Asks for another pass over a model. */
  readonly wake: (key: string) => void
  /** Which release manages a model. */
  readonly claims: Claims
}
