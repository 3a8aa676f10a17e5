import type { ServedModel } from '@gantry/contract/server.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import type { Gateways } from '../canary/demand.ts'
import type { Costs } from '../cost/world.ts'
import type { Rests } from '../evaluating/give-way.ts'
import type { Claims } from '../runtime/claims.ts'
import type { FleetCounts } from '../runtime/metrics.ts'
import type { PodAddress } from '../runtime/pod-http.ts'
import type { RefusedWrites } from '../runtime/refused-writes.ts'
import type { Demanded } from '../sleeping/sleep.ts'
import type { ReconcileConfig } from './config.ts'
import type { Verdict } from './fleet/gate.ts'
import type { ProgressBook } from './import-progress.ts'
import type { PathWorld } from './path/path-world.ts'
import type { Routes } from './routing/routes.ts'
import type { ScalingApis, ScalingNeeds } from './scaling/apis.ts'

/** Models that roll are read from the cluster. Only permits of passes under way, and the waiting models, are kept in memory. */
export interface Fleet {
  /** Fingerprint of the settings and the version of this operator. */
  readonly settings: string
  /**
   * Asks whether a model may take the operator's change. A `go` holds a place until `conclude`, and a minute longer after a pass that failed.
   * @param isBroken its newest pods do not start as it is
   */
  readonly ask: (cache: Cache, key: string, isBroken: boolean) => Verdict
  /** A pass over a model has ended. Wakes the models that may roll now, and records an Event where the roll has stopped or goes on. */
  readonly conclude: (
    cache: Cache,
    key: string,
    pass: {
      readonly wake: (key: string) => void
      /** It ended by an error: what it wrote last may have been accepted all the same. */
      readonly hasFailed: boolean
    },
  ) => void
  readonly counts: () => FleetCounts
}

/** Everything that a pass may use. */
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
  /** Evaluations that have given their node to others for a moment. */
  readonly rests: Rests
  /** How far the imports are that run. */
  readonly imports: ProgressBook
  /** What models cost, and what the price sheet says. */
  readonly costs: Costs
  /** Asks the gateways what they have counted. */
  readonly gateways: (signal: AbortSignal) => Promise<Gateways>
  /** What data planes of Gateway API do with requests. */
  readonly routes: Routes
  /** What of the cluster scales models. */
  readonly scaling: (needs: ScalingNeeds) => Promise<ScalingApis>
  /** What is known of the requests for a model that may sleep. @param key namespace/name */
  readonly demanded: (key: string) => Demanded
  /** The gateway's pods and ports. */
  readonly path: PathWorld
  /** Which release manages a model. */
  readonly claims: Claims
}
