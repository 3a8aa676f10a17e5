/** Several releases of Gantry in the simulated cluster, each with an operator, a cache and a Lease of its own. */
import { operatorNameOf, releaseOf, watchesAnnotation } from '@gantry/contract/release.ts'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { Lease } from '@gantry/kube/resources.ts'
import type { ReconcileConfig } from '../modeldeployment/config.ts'
import { reconcile } from '../modeldeployment/reconcile.ts'
import { refusedWrites } from '../runtime/refused-writes.ts'
import type { Result } from '../runtime/result.ts'
import { silentLog, testClaims } from './claims.ts'
import type { TestCluster } from './cluster.ts'
import { memoryCache } from './memory-cache.ts'

export interface ReleaseOptions {
  readonly config?: Partial<ReconcileConfig>
  readonly holdsLease?: boolean
  /** Changes the client, as a fault would. */
  readonly client?: (kube: Kube) => Kube
}

/** A client that notes each accepted write as `verb Kind`. */
const noting = (kube: Kube, writes: string[]): Kube => {
  const noted = <T>(verb: string, kind: string, answer: Promise<T>): Promise<T> =>
    answer.then((live) => {
      writes.push(`${verb} ${kind}`)
      return live
    })
  return {
    ...kube,
    create: (resource, object) => noted('create', resource.kind, kube.create(resource, object)) as never,
    apply: (resource, object, manager) =>
      noted('apply', resource.kind, kube.apply(resource, object, manager)) as never,
    applyStatus: (resource, object) =>
      noted('applyStatus', resource.kind, kube.applyStatus(resource, object)) as never,
    remove: (resource, namespace, name, uid) =>
      noted('remove', resource.kind, kube.remove(resource, namespace, name, uid)),
  }
}

/** @param manager NAMESPACE/RELEASE */
export const testRelease = (cluster: TestCluster, manager: string, options: ReleaseOptions = {}) => {
  const { store, world } = cluster
  const { namespace, name } = releaseOf(manager)
  const writes: string[] = []
  const logged: string[] = []
  const log = { ...silentLog, warn: (message: string) => void logged.push(message) }
  const cache = memoryCache(store)
  const kube = noting((options.client ?? ((same) => same))(world.kube), writes)
  const { holdsLease = true } = options
  const beginning = () => testClaims(kube, { now: world.now, manager, log, holdsLease })
  const config = { ...world.config, serverImage: `registry.example/${namespace}:1`, ...options.config }
  let own = { ...world, kube, cache, config, claims: beginning(), refusedWrites: refusedWrites(world.now) }
  let renewals = 0
  let watches = '*'
  const lease = (): KubernetesObject => ({
    apiVersion: Lease.apiVersion,
    kind: Lease.kind,
    metadata: { namespace, name: operatorNameOf(name), annotations: { [watchesAnnotation]: watches } },
    spec: { holderIdentity: manager, renewals },
  })
  const { metadata } = cluster.model()
  const key = `${metadata.namespace}/${metadata.name}`
  return {
    ...{ manager, writes, logged },
    /** Its watches tell what is there, of all kinds or of some. */
    see: cache.sync,
    /** A pass that sees everything, or what was there when it last saw. */
    pass: async (view: 'fresh' | 'stale' = 'fresh'): Promise<Result> => {
      if (view === 'fresh') cache.sync()
      return reconcile(own, key, new AbortController().signal)
    },
    renew: (): void => {
      renewals += 1
      store.store(lease())
    },
    /** Restricts the release to one namespace, which its Lease then names. */
    narrow: (to: string): void => {
      watches = to
    },
    /** Its Lease is deleted, as when the release is uninstalled. */
    uninstall: (): void => store.erase(lease()),
    /** Another process of the same release: it remembers nothing. */
    restart: (): void => {
      own = { ...own, claims: beginning(), refusedWrites: refusedWrites(world.now) }
    },
  }
}
export type TestRelease = ReturnType<typeof testRelease>
