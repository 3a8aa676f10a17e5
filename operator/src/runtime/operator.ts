import type { Cache } from '@gantry/kube/cache.ts'
import type { KubeClient } from '@gantry/kube/client.ts'
import { type Clock, sleep } from '@gantry/kube/clock.ts'
import { campaign, type Leadership, leaseTiming } from '@gantry/kube/leader.ts'
import type { Log } from '@gantry/kube/log.ts'
import { reflectorTiming } from '@gantry/kube/reflector.ts'
import { type WorkQueue, workQueue } from '@gantry/kube/workqueue.ts'
import type { OperatorConfig } from '../config.ts'
import type { Result } from '../modeldeployment/reconcile.ts'
import { runController } from './controller.ts'
import { type HttpServer, serveHttp } from './http.ts'
import { createInformers, type Informers } from './informers.ts'
import type { Metrics } from './metrics.ts'

/** Name of the Lease in the operator's namespace. */
export const leaseName = 'gantry-operator'
/** How long the passes under way may take once we are asked to stop. */
const drainMs = 20_000
/** A watch is renewed within its timeout; three of them without a word are beyond what a pause explains. */
const silenceMs = 3 * reflectorTiming.watchSeconds * 1000

export interface Parts {
  readonly config: OperatorConfig
  readonly kube: KubeClient
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly reconcile: (cache: Cache, key: string, signal: AbortSignal) => Promise<Result>
}

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

/** Works until it is asked to stop or leadership is lost. */
const leadUntil = async (
  parts: Parts,
  leadership: Leadership,
  { queue, informers }: { readonly queue: WorkQueue; readonly informers: Informers },
  stop: AbortSignal,
): Promise<End> => {
  const { config, clock, log, metrics } = parts
  const taking = AbortSignal.any([stop, leadership.lost])
  const passes = new AbortController()
  const resync = async (): Promise<void> => {
    while (!taking.aborted) {
      await sleep(clock, config.resyncSeconds * 1000, taking)
      for (const { metadata } of informers.models()) queue.add(`${metadata.namespace}/${metadata.name}`)
    }
  }
  const drainTime = async (): Promise<void> => {
    await fired(stop)
    log.info('stopping: finishing the passes under way')
    await sleep(clock, drainMs, leadership.lost)
  }
  const controller = runController(
    {
      ...{ queue, clock, log, workers: config.workers, onPass: metrics.onPass },
      reconcile: (key, signal) => parts.reconcile(informers.cache, key, signal),
    },
    { taking, passes: passes.signal },
  )
  void resync()
  await Promise.race([controller, drainTime(), fired(leadership.lost)])
  passes.abort()
  if (leadership.lost.aborted) return 'lost'
  await leadership.release()
  return 'stopped'
}

/** Runs the operator until the signal fires or leadership is lost. @throws Error when its port is taken */
export const runOperator = async (parts: Parts, stop: AbortSignal): Promise<End> => {
  const { config, kube, clock, log, metrics } = parts
  const queue = workQueue(clock)
  const informers = createInformers({
    ...{ kube, clock, log, namespace: config.watchNamespace },
    onKey: queue.add,
    onRestart: metrics.onWatchRestart,
  })
  let leadership: Leadership | undefined
  metrics.observe({
    queueLength: queue.length,
    isLeading: () => leadership !== undefined,
    models: informers.models,
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
    log.info('ready', { models: informers.models().length })
    const { operatorNamespace: namespace } = config.reconcile
    const election = { kube, clock, log, namespace, name: leaseName, identity: config.identity }
    leadership = config.leaderElection ? await campaign(election, stop) : aloneInCommand()
    return leadership ? await leadUntil(parts, leadership, { queue, informers }, stop) : 'stopped'
  } finally {
    leadership = undefined
    informing.abort()
    http.close()
  }
}
