import type { Cache } from '@gantry/kube/cache.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import type { Costs } from '../cost/world.ts'
import type { EvaluatingConfig } from '../evaluating/config.ts'
import type { Rests } from '../evaluating/give-way.ts'
import type { Claims } from '../runtime/claims.ts'
import type { RefusedWrites } from '../runtime/refused-writes.ts'

/** What a pass needs to know of the installation. */
export interface EvaluationReconcileConfig extends EvaluatingConfig {
  readonly allowFileSources: boolean
}

/** Everything that a pass may use. */
export interface World {
  readonly kube: Kube
  readonly cache: Cache
  readonly config: EvaluationReconcileConfig
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly log: Log
  readonly refusedWrites: RefusedWrites
  /** Which release manages an evaluation. */
  readonly claims: Claims
  /** The evaluations that have given way to others. */
  readonly rests: Rests
  /** Knows the nodes, for prices. */
  readonly costs: Pick<Costs, 'node'>
}
