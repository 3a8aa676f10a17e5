/** A cluster whose model may sleep, with gateways that hold requests and pods that count them. */
import type { Demand, ModelActivity } from '@gantry/contract/gateway.ts'
import { labels } from '@gantry/contract/labels.ts'
import { isReady, type LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { Counters } from '../cost/counters.ts'
import { watchedModels } from '../modeldeployment/watched.ts'
import { createActivity } from '../sleeping/activity.ts'
import { nothingKnown } from '../sleeping/sleep.ts'
import { silentLog, testManager } from './claims.ts'
import { type ClusterOptions, type Draft, testCluster } from './cluster.ts'
import { counted } from './costs.ts'
import { gatewayPod, gatewaysOf } from './gateway-path.ts'
import type { memoryCache } from './memory-cache.ts'
import { modelDeployment } from './model-deployment.ts'

/** A gateway, as GET /demand tells of it. */
interface TestGateway {
  isAnswering: boolean
  requests: number
  waiting: number
  inFlight: number
  lastMs: number | undefined
  /** Its certificate. */
  tls?: Demand['tls']
}

export const testGateway = (): TestGateway => ({
  ...{ isAnswering: true, requests: 0, waiting: 0, inFlight: 0, lastMs: undefined },
})

const never = new AbortController().signal

export const sleepyCluster = async (options: ClusterOptions = {}) => {
  const gateways = [testGateway(), testGateway()]
  /** Requests that pods have counted and no gateway knows of. */
  const direct = { count: 0, pending: 0, isAnswering: true }
  let activity: ReturnType<typeof createActivity> | undefined
  const { autoscaling = { minReplicas: 0, maxReplicas: 3, idleSeconds: 60 } } = options.model?.spec ?? {}
  const cluster = testCluster({
    model: modelDeployment({ spec: { autoscaling } }),
    ...options,
    demanded: () => activity?.of(key) ?? nothingKnown,
    path: gatewaysOf(
      () => gateways.map((_, at) => gatewayPod(`gateway-${at}`, `10.9.0.${at + 1}`)),
      () => portsOf(),
    ),
  })
  const { name, namespace } = cluster.model().metadata
  const key = `${namespace}/${name}`
  const now = cluster.world.now
  function portsOf() {
    const { gatewayPort: port } = cluster.model().status ?? {}
    const isServer = ({ metadata }: LivePod): boolean => metadata.labels?.[labels.version] !== undefined
    const endpoints = cluster.all<LivePod>('Pod').filter((pod) => isServer(pod) && isReady(pod)).length
    return port === undefined ? [] : [{ port, model: key, state: 'open' as const, endpoints }]
  }
  const told = (one: TestGateway): ModelActivity => {
    const { requests, waiting, inFlight, lastMs } = one
    const idle = lastMs === undefined ? {} : { idleSeconds: (now() - lastMs) / 1000 }
    return { model: key, requests, waiting, inFlight, ...idle }
  }
  const newActivity = () =>
    createActivity({
      clock: { now, elapsed: now, after: () => () => {} },
      log: silentLog,
      models: (cache) => watchedModels(cache, testManager),
      gateways: async () => ({
        ...{ gateways: gateways.length, running: gateways.length },
        answers: gateways
          .filter(({ isAnswering }) => isAnswering)
          .map((one, at) => ({
            ...{ instance: `gateway-${at}`, activity: [told(one)] },
            ...(one.tls && { tls: one.tls }),
          })),
      }),
      counters: async (): Promise<Counters | undefined> =>
        direct.isAnswering ? counted({ asked: direct.count, pending: direct.pending }) : undefined,
    })
  activity = newActivity()
  const passes = async (): Promise<void> => {
    for (let count = 0; count < 20; count += 1) {
      const before = cluster.store.version()
      await cluster.pass().catch(() => undefined) // an operator that died is followed by another one
      if (!cluster.step() && cluster.store.version() === before) return
    }
  }
  const cache = cluster.world.cache as ReturnType<typeof memoryCache>
  /** One look at gateways and pods, and the passes that follow. @returns milliseconds until the next look, and whether a pass was asked for */
  const look = async () => {
    let isWoken = false
    cache.sync()
    const ms = await (activity ?? newActivity()).look(cache, never, () => {
      isWoken = true
    })
    if (isWoken) await passes()
    return { ms, isWoken }
  }
  /** Time goes by. @returns how often a pass was asked for */
  const wait = async (seconds: number): Promise<number> => {
    const until = now() + seconds * 1000
    let woken = 0
    while (now() < until) {
      const { ms, isWoken } = await look()
      if (isWoken) woken += 1
      cluster.advance(Math.min(ms, until - now()))
    }
    await look()
    return woken
  }
  /** A request comes to a gateway, and is held where the model sleeps. */
  const hold = (one = gateways[0]): void => {
    if (!one) return
    one.requests += 1
    one.waiting += 1
    one.lastMs = now()
  }
  /** All that is held is answered. */
  const answer = (): void => {
    for (const one of gateways) one.waiting = 0
  }
  await passes()
  return {
    ...{ ...cluster, gateways, direct, look, wait, hold, answer, passes },
    /** Another operator takes over, which knows what the cluster says. */
    restart: (): void => {
      activity = newActivity()
    },
    replicas: (): number | undefined => (cluster.find('Deployment') as Draft)?.spec?.replicas ?? 1,
    pods: (): readonly KubernetesObject[] =>
      cluster.all('Pod').filter(({ metadata }) => !metadata.name.includes('import')),
  }
}
