/** A cluster in memory with many models in it, and an operator that is started anew with other settings. */

import { deploymentName, labels } from '@gantry/contract/labels.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { noGateways } from '../canary/demand.ts'
import { noCosts } from '../cost/world.ts'
import { createRests } from '../evaluating/give-way.ts'
import type { ReconcileConfig } from '../modeldeployment/config.ts'
import type { Announcement } from '../modeldeployment/fleet/announcement.ts'
import { createFleet } from '../modeldeployment/fleet/fleet.ts'
import { createProgressBook } from '../modeldeployment/import-progress.ts'
import { modelDeploymentKind } from '../modeldeployment/kind.ts'
import type { Condition, ModelDeployment } from '../modeldeployment/model-deployment.ts'
import { reconcile } from '../modeldeployment/reconcile.ts'
import { noScalingApis } from '../modeldeployment/scaling/apis.ts'
import type { World } from '../modeldeployment/world.ts'
import { isSignificant, keyOf as keyOfSubject } from '../runtime/changes.ts'
import { refusedWrites } from '../runtime/refused-writes.ts'
import type { Result } from '../runtime/result.ts'
import { nothingKnown } from '../sleeping/sleep.ts'
import { testClaims, testManager } from './claims.ts'
import { type Draft, noRoutes, testConfig } from './cluster.ts'
import { type Stuck, step } from './controllers.ts'
import { noGateway } from './gateway-path.ts'
import { memoryCache } from './memory-cache.ts'
import { type Faults, memoryKube, type Write } from './memory-kube.ts'
import { modelDeployment } from './model-deployment.ts'
import { keyOf, objectStore } from './object-store.ts'
import { simulatedVolumes } from './simulated-volume.ts'

const silentLog: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }
const namespace = 'demo'
const mostRounds = 5_000
/** Waits that are waited for before the cluster counts as settled, as long as nothing moves. */
const mostWaits = 40
const workers = 4

export interface FleetOptions {
  readonly models?: number
  readonly config?: Partial<ReconcileConfig>
  readonly stuck?: Stuck
  /** Whether a ready pod says what it serves. */
  readonly answers?: (pod: LivePod) => boolean
  /** Rounds that go by before the watches tell what happened. */
  readonly lag?: number
  /** Called after each round of passes and steps, with all that there is. */
  readonly onRound?: (fleet: {
    readonly all: <T extends KubernetesObject>(kind: string) => readonly T[]
  }) => void
}

export const nameOf = (index: number): string => `m${String(index).padStart(2, '0')}`

/** Keys that are due, and those that are due later. */
const agenda = () => {
  const due = new Set<string>()
  const later = new Map<string, number>()
  return {
    add: (key: string): void => void due.add(key),
    take: (most: number): readonly string[] => {
      const taken = [...due].slice(0, most)
      for (const key of taken) due.delete(key)
      return taken
    },
    conclude: (key: string, result: Result | undefined, now: number): void => {
      later.delete(key)
      if (result === undefined) due.add(key)
      else if (result.kind === 'waiting') later.set(key, now + result.afterMs)
    },
    isIdle: (): boolean => due.size === 0,
    /** Makes due what is due at the earliest time. @returns that time */
    next: (): number | undefined => {
      if (later.size === 0) return undefined
      const time = Math.min(...later.values())
      for (const [key, at] of later) if (at <= time) due.add(key)
      return time
    },
  }
}

const testFleet = (options: FleetOptions = {}) => {
  let time = Date.parse('2026-11-23T10:00:00Z')
  const now = (): number => time
  const store = objectStore(now)
  const faults: Faults = {}
  const writes: Write[] = []
  const announced: Announcement[] = []
  const volumes = simulatedVolumes(() => undefined)
  let stuck: Stuck = options.stuck ?? (() => undefined)
  const surroundings = () => ({
    store,
    volumes,
    now,
    starts: () => 'ready' as const,
    evaluates: () => ({}),
    stuck,
  })
  for (let index = 0; index < (options.models ?? 25); index += 1) {
    store.store(modelDeployment({ name: nameOf(index) }))
  }

  /** What lives as long as a process of the operator. */
  const operatorWith = (config: ReconcileConfig) => {
    const cache = memoryCache(store)
    const keys = agenda()
    let seen = new Map<string, KubernetesObject>()
    const fleet = createFleet({
      config,
      manager: testManager,
      now,
      log: silentLog,
      announce: async (told) => void announced.push(told),
    })
    const kube = memoryKube(store, faults, writes)
    const world: World = {
      ...{ kube, claims: testClaims(kube, { now }) },
      ...{
        cache,
        config,
        now,
        fleet,
        log: silentLog,
        wake: keys.add,
        scaling: async () => noScalingApis,
        routes: noRoutes(now),
        costs: noCosts,
        gateways: async () => noGateways,
        demanded: () => nothingKnown,
        path: noGateway(),
        rests: createRests(now),
        imports: createProgressBook(now),
        refusedWrites: refusedWrites(now),
      },
      served: async ({ ip }) => {
        const pod = store.objects.get(keyOf('Pod', namespace, ip.split('#')[1] ?? ''))
        const version = pod?.metadata.labels?.[labels.version]
        const answers = pod !== undefined && (options.answers?.(pod) ?? true)
        return version && answers ? { version, device: { requested: 'auto', active: 'cpu' } } : undefined
      },
    }
    /** Brings the cache and the queue up to date, as the watches do. */
    const follow = (): void => {
      cache.sync()
      const objects = new Map([...store.objects].filter(([, { kind }]) => kind !== 'Event'))
      for (const key of new Set([...seen.keys(), ...objects.keys()])) {
        const [before, after] = [seen.get(key), objects.get(key)]
        if (before === after || !isSignificant(before, after)) continue
        const owner = keyOfSubject(modelDeploymentKind, (after ?? before) as KubernetesObject)
        if (owner) keys.add(owner)
      }
      seen = objects
    }
    const pass = async (key: string): Promise<void> => {
      const result = await reconcile(world, key, new AbortController().signal).catch(
        (): undefined => undefined,
      )
      keys.conclude(key, result, time)
    }
    return { config, cache, keys, follow, pass, fleet, world }
  }
  let operator = operatorWith({ ...testConfig, ...options.config })
  let rounds = 0

  const all = store.all
  const find = <T extends KubernetesObject>(kind: string, name: string): T | undefined =>
    store.objects.get(
      keyOf(kind, namespace, kind === 'Deployment' ? deploymentName(name, 'stable') : name),
    ) as T | undefined
  const model = (name: string): ModelDeployment =>
    find<ModelDeployment>('ModelDeployment', name) as ModelDeployment

  /** Runs some passes and one step of the cluster. `busy`: nothing has changed, and there are passes left. */
  const round = async (): Promise<'moved' | 'busy' | 'idle'> => {
    const before = store.version()
    rounds += 1
    const isSeen = rounds % ((options.lag ?? 0) + 1) === 0
    if (isSeen) operator.follow()
    await Promise.all(operator.keys.take(workers).map(operator.pass))
    const hasMoved = step(surroundings()) || store.version() !== before
    options.onRound?.({ all })
    if (isSeen && !options.lag) operator.follow()
    if (hasMoved || !isSeen) return 'moved'
    return operator.keys.isIdle() ? 'idle' : 'busy'
  }
  /** Runs steps until nothing changes, and no pass is due that could change anything. */
  const settle = async (): Promise<void> => {
    let waits = 0
    for (let rounds = 0; rounds < mostRounds; rounds += 1) {
      const state = await round()
      if (state === 'moved') waits = 0
      if (state !== 'idle') continue
      waits += 1
      const next = waits < mostWaits ? operator.keys.next() : undefined
      if (next === undefined) return
      time = Math.max(time, next)
    }
    throw new Error('the fleet does not come to rest')
  }
  const edit = (kind: string, name: string, change: (draft: Draft) => void): void => {
    const draft = structuredClone(find(kind, name)) as Draft | undefined
    if (!draft) throw new Error(`there is no ${kind} ${name}`)
    change(draft)
    store.store(draft as unknown as KubernetesObject)
  }
  return {
    ...{ store, faults, writes, announced, all, find, model, round, settle, edit },
    /** Time goes by for everybody but the operator. */
    withoutOperator: (): void => {
      while (step(surroundings()));
    },
    /** The operator is replaced by one with these settings, as after helm upgrade. */
    restart: (config: Partial<ReconcileConfig> = {}): void => {
      operator = operatorWith({ ...operator.config, ...config })
    },
    setStuck: (next: Stuck): void => {
      stuck = next
    },
    advance: (ms: number): void => {
      time += ms
    },
    operator: () => operator,
    condition: (name: string, type: string): Condition | undefined =>
      model(name).status?.conditions?.find((condition) => condition.type === type),
    erase: (kind: string, name: string): void => {
      const found = find(kind, name)
      if (found) store.erase(found)
    },
  }
}
export type TestFleet = ReturnType<typeof testFleet>

/** A fleet at rest. */
export const settledFleet = async (options: FleetOptions = {}): Promise<TestFleet> => {
  const fleet = testFleet(options)
  await fleet.settle()
  return fleet
}
