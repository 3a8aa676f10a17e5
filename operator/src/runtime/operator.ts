import { allNamespaces, operatorNameOf, watchesAnnotation } from '@gantry/contract/release.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import type { KubeClient } from '@gantry/kube/client.ts'
import { type Clock, sleep } from '@gantry/kube/clock.ts'
import { campaign, type Leadership, leaseTiming } from '@gantry/kube/leader.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { OwnerReference } from '@gantry/kube/objects.ts'
import { reflectorTiming } from '@gantry/kube/reflector.ts'
import { Deployment } from '@gantry/kube/resources.ts'
import { type WorkQueue, workQueue } from '@gantry/kube/workqueue.ts'
import { runController } from './controller.ts'
import { type HttpServer, serveHttp } from './http.ts'
import { createInformers, type Informers } from './informers.ts'
import type { Kind } from './kind.ts'
import type { Metrics } from './metrics.ts'
import type { OptionalKind } from './optional-kind.ts'
import type { Result } from './result.ts'

/** Time that passes under way may take after a request to stop. */
const drainMs = 20_000
/** Silence of a watch after which the operator is not alive. A watch is renewed within its timeout, and three timeouts are longer than any pause. */
const silenceMs = 3 * reflectorTiming.watchSeconds * 1000

/** What the runtime is told of the installation. */
export interface RuntimeConfig {
  /** Holder of the Lease. */
  readonly identity: string
  /** Name of the Helm release, or what stands for it. */
  readonly release: string
  /** The release as `status.managedBy` names it: NAMESPACE/RELEASE. */
  readonly manager: string
  /** Where the operator runs, and where its Lease is. */
  readonly operatorNamespace: string
  /** Undefined watches all namespaces. */
  readonly watchNamespace: string | undefined
  readonly leaderElection: boolean
  readonly httpPort: number
  /** Objects of one kind worked on at the same time. */
  readonly workers: number
  /** Every object gets a pass at least this often. */
  readonly resyncSeconds: number
}

/** A kind, and one pass over an object of it. */
export interface Reconciler {
  readonly kind: Kind
  readonly reconcile: (
    cache: Cache,
    key: string,
    signal: AbortSignal,
    /** Asks for a pass over another object of the kind. */
    wake: (key: string) => void,
  ) => Promise<Result>
  /** Work beside the passes while this process leads, until the signal fires. */
  readonly whileLeading?: (cache: Cache, signal: AbortSignal, wake: (key: string) => void) => Promise<void>
}

export interface Parts {
  readonly config: RuntimeConfig
  readonly kube: KubeClient
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly reconcilers: readonly Reconciler[]
  /** The optional kinds that this installation uses. */
  readonly optional?: readonly OptionalKind[]
  /** Work of every replica, from the moment its cache is whole until the signal fires. It does not reject. */
  readonly beside?: (cache: Cache, signal: AbortSignal) => Promise<void>
}

/** Each kind has a queue of its own, so that many objects of one do not hold up the others. */
type Queues = ReadonlyMap<Kind, WorkQueue>

/** `lost`: another process may lead now, so this one must be gone at once. */
export type End = 'stopped' | 'lost'

/** Where there is no election: leads from the start and never loses it. */
const aloneInCommand = (): Leadership => ({
  lost: new AbortController().signal,
  renewalAgeMs: () => 0,
  release: async () => {},
})

const fired = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

const silences = (informers: Informers): readonly string[] =>
  [...informers.contactAgesMs()]
    .filter(([, ageMs]) => ageMs > silenceMs)
    .map(
      ([resource, ageMs]) => `the API server was not heard on ${resource} for ${Math.round(ageMs / 1000)} s`,
    )

const healthProblems = (informers: Informers, leadership: Leadership | undefined): readonly string[] => {
  const isLate = leadership && leadership.renewalAgeMs() > leaseTiming.leaseMs
  return [...silences(informers), ...(isLate ? ['the Lease is not being renewed'] : [])]
}

/**
 * The Deployment that this process belongs to. As the owner of the Lease it takes the Lease with it when it is deleted, so that other releases see
 * at once that no operator manages its models. Undefined where the operator runs outside of a cluster, or may not read it.
 */
const leaseOwner = async ({ config, kube, log }: Parts): Promise<OwnerReference | undefined> => {
  const name = operatorNameOf(config.release)
  const { apiVersion, kind } = Deployment
  try {
    const deployment = await kube.get(Deployment, config.operatorNamespace, name)
    const uid = deployment?.metadata.uid
    return uid === undefined ? undefined : { apiVersion, kind, name, uid }
  } catch (error) {
    log.warn('the Lease gets no owner and outlives this release: its Deployment cannot be read', { error })
    return undefined
  }
}

const queueOf = (queues: Queues, kind: Kind): WorkQueue => {
  const queue = queues.get(kind)
  if (!queue) throw new Error(`${kind.resource.kind} has no queue`)
  return queue
}

/** Works until it is asked to stop or leadership is lost. */
const leadUntil = async (
  parts: Parts,
  leadership: Leadership,
  { queues, informers }: { readonly queues: Queues; readonly informers: Informers },
  stop: AbortSignal,
): Promise<End> => {
  const { config, clock, log, metrics } = parts
  const taking = AbortSignal.any([stop, leadership.lost])
  const passes = new AbortController()
  const resync = async (): Promise<void> => {
    while (!taking.aborted) {
      await sleep(clock, config.resyncSeconds * 1000, taking)
      for (const [{ resource }, queue] of queues)
        for (const { metadata } of informers.all(resource))
          queue.add(`${metadata.namespace}/${metadata.name}`)
    }
  }
  const drainTime = async (): Promise<void> => {
    await fired(stop)
    log.info('stopping: finishing the passes under way')
    await sleep(clock, drainMs, leadership.lost)
  }
  const controllers = parts.reconcilers.map(({ kind, reconcile }) =>
    runController(
      {
        ...{ queue: queueOf(queues, kind), clock, log, workers: config.workers, onPass: metrics.onPass },
        reconcile: (key, signal) => reconcile(informers.cache, key, signal, queueOf(queues, kind).add),
      },
      { taking, passes: passes.signal },
    ),
  )
  void resync()
  for (const { kind, whileLeading } of parts.reconcilers)
    void whileLeading?.(informers.cache, taking, queueOf(queues, kind).add)
  await Promise.race([Promise.all(controllers), drainTime(), fired(leadership.lost)])
  passes.abort()
  if (leadership.lost.aborted) return 'lost'
  await leadership.release()
  return 'stopped'
}

/** Leadership, once this replica has it; undefined where it was told to stop before. */
const leadershipOf = async (parts: Parts, stop: AbortSignal): Promise<Leadership | undefined> => {
  const { config, kube, clock, log } = parts
  if (!config.leaderElection) return aloneInCommand()
  const { operatorNamespace: namespace, identity } = config
  const annotations = { [watchesAnnotation]: config.watchNamespace ?? allNamespaces }
  const lease = { namespace, name: operatorNameOf(config.release), identity, annotations }
  return campaign({ kube, clock, log, ...lease, owner: await leaseOwner(parts) }, stop)
}

/** How many objects of each kind are known. */
const countsOf = (informers: Informers, kinds: readonly Kind[]): Readonly<Record<string, number>> =>
  Object.fromEntries(kinds.map(({ resource }) => [resource.plural, informers.all(resource).length]))

/** Runs the operator until the signal fires or leadership is lost. @throws Error when its port is taken */
export const runOperator = async (parts: Parts, stop: AbortSignal): Promise<End> => {
  const { config, kube, clock, log, metrics, reconcilers } = parts
  const kinds = reconcilers.map(({ kind }) => kind)
  const queues: Queues = new Map(kinds.map((kind) => [kind, workQueue(clock)]))
  const informers = createInformers({
    ...{ kinds, kube, clock, log, namespace: config.watchNamespace },
    onKey: (kind, key) => queueOf(queues, kind).add(key),
    onRestart: metrics.onWatchRestart,
    ...(parts.optional ? { optional: parts.optional } : {}),
  })
  let leadership: Leadership | undefined
  metrics.observe({
    queueLength: () => [...queues.values()].reduce((sum, queue) => sum + queue.length(), 0),
    isLeading: () => leadership !== undefined,
    kinds: kinds.map(({ metric, resource }) => ({ ...metric, objects: () => informers.all(resource) })),
    manager: config.manager,
    contactAgesMs: informers.contactAgesMs,
  })
  const http: HttpServer = await serveHttp(config.httpPort, {
    healthz: () => healthProblems(informers, leadership),
    readyz: () => informers.unsynced().map((resource) => `${resource} have not been listed yet`),
    metrics,
  })
  log.info('listening', { port: http.port })
  const informing = new AbortController()
  void informers.run(informing.signal)
  try {
    await Promise.race([informers.synced, fired(stop)])
    if (stop.aborted) return 'stopped'
    log.info('ready', countsOf(informers, kinds))
    void parts.beside?.(informers.cache, informing.signal)
    leadership = await leadershipOf(parts, stop)
    return leadership ? await leadUntil(parts, leadership, { queues, informers }, stop) : 'stopped'
  } finally {
    leadership = undefined
    informing.abort()
    http.close()
  }
}
