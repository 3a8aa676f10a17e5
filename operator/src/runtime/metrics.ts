import { operatorMetrics as names } from '@gantry/contract/metrics.ts'
import type { OnCall } from '@gantry/kube/call.ts'
import type { KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Outcome } from './controller.ts'
import type { Kind } from './kind.ts'

/** Read when Prometheus asks. */
export interface Sources {
  readonly queueLength: () => number
  readonly isLeading: () => boolean
  readonly kinds: readonly (Kind['metric'] & { readonly objects: () => readonly KubernetesObject[] })[]
  /** This release, as `status.managedBy` names it. */
  readonly manager: string
  readonly contactAgesMs: () => ReadonlyMap<string, number>
}

/** Models that wait for a change of the operator's own, and whether that has stopped. */
export interface FleetCounts {
  readonly waiting: number
  readonly paused: boolean
}

export interface Metrics {
  readonly onCall: OnCall
  readonly onPass: (outcome: Outcome, durationMs: number) => void
  readonly onWatchRestart: (resource: Resource, how: 'resume' | 'relist') => void
  /** Connects the gauges; once. */
  readonly observe: (sources: Sources) => void
  /** Connects the gauges of the operator's own changes; once. */
  readonly observeFleet: (counts: () => FleetCounts) => void
  /** Where other gauges are registered. */
  readonly registry: Registry
  readonly contentType: string
  readonly text: () => Promise<string>
}

const readVerbs: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

const readiness = (object: KubernetesObject): string => {
  const status = object['status'] as { conditions?: readonly { type: string; status: string }[] } | undefined
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'Unknown'
}

/** The release that manages an object, where that is another one. */
const otherManager = (object: KubernetesObject, manager: string): string | undefined => {
  const status = object['status'] as { managedBy?: string } | undefined
  return status?.managedBy === manager ? undefined : status?.managedBy
}

const observe = (registers: Registry[], sources: Sources): void => {
  new Gauge({
    registers,
    name: names.queueLength,
    help: 'Objects that wait for a worker',
    collect() {
      this.set(sources.queueLength())
    },
  })
  new Gauge({
    registers,
    name: names.leader,
    help: '1 while this process leads',
    collect() {
      this.set(sources.isLeading() ? 1 : 0)
    },
  })
  for (const { name, help, objects } of sources.kinds)
    new Gauge({
      ...{ registers, name, help },
      labelNames: ['ready'],
      collect() {
        for (const ready of ['True', 'False', 'Unknown']) this.set({ ready }, 0)
        for (const object of objects()) this.inc({ ready: readiness(object) })
      },
    })
  new Gauge({
    registers,
    name: names.managedElsewhere,
    help: 'Objects that this release watches and leaves alone, by the release that manages them',
    labelNames: ['manager'],
    collect() {
      this.reset()
      const objects = sources.kinds.flatMap((kind) => kind.objects())
      const others = objects.flatMap((object) => otherManager(object, sources.manager) ?? [])
      for (const manager of others) this.inc({ manager })
    },
  })
  new Gauge({
    registers,
    name: names.watchContactAge,
    help: 'Seconds since the API server was last heard on the watch of a kind',
    labelNames: ['resource'],
    collect() {
      for (const [resource, ms] of sources.contactAgesMs()) this.set({ resource }, ms / 1000)
    },
  })
}

const observeFleet = (registers: Registry[], counts: () => FleetCounts): void => {
  new Gauge({
    registers,
    name: names.fleetRollPaused,
    help: "1 while a change of the operator's own settings or version has stopped, since models do not start with it",
    collect() {
      this.set(counts().paused ? 1 : 0)
    },
  })
  new Gauge({
    registers,
    name: names.fleetWaiting,
    help: "Models that wait for a change of the operator's own settings or version",
    collect() {
      this.set(counts().waiting)
    },
  })
}

/** What passes count. */
const passCounters = (registers: Registry[]) => {
  const reconciles = new Counter({
    registers,
    name: names.reconciles,
    help: 'Passes by how they ended: settled, waiting, error or aborted',
    labelNames: ['result'],
  })
  const duration = new Histogram({
    registers,
    name: names.reconcileDuration,
    help: 'Duration of a pass in seconds',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30],
  })
  return { reconciles, duration }
}

export const createMetrics = (): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const { reconciles, duration } = passCounters(registers)
  const requests = new Counter({
    registers,
    name: names.requests,
    help: 'Answered calls to the API server',
    labelNames: ['verb', 'resource', 'code'],
  })
  const writes = new Counter({
    registers,
    name: names.writes,
    help: 'Answered calls to the API server that write; leases are those of leader election',
    labelNames: ['verb', 'resource'],
  })
  const restarts = new Counter({
    registers,
    name: names.watchRestarts,
    help: 'Watches that broke, by whether they went on where they were or had to list again',
    labelNames: ['resource', 'how'],
  })
  return Object.freeze({
    onCall: ({ verb, resource, code }: Parameters<OnCall>[0]) => {
      requests.inc({ verb, resource, code })
      if (!readVerbs.has(verb)) writes.inc({ verb, resource })
    },
    onPass: (result: Outcome, durationMs: number) => {
      reconciles.inc({ result })
      duration.observe(durationMs / 1000)
    },
    onWatchRestart: ({ plural }: Resource, how: 'resume' | 'relist') => {
      restarts.inc({ resource: plural, how })
    },
    observe: (sources: Sources) => observe(registers, sources),
    observeFleet: (counts: () => FleetCounts) => observeFleet(registers, counts),
    registry,
    contentType: registry.contentType,
    text: () => registry.metrics(),
  })
}
