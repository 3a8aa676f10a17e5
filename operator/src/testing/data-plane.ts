/** A data plane of Gateway API that takes routes over, and pods that count what it sends them. */
import { labels } from '@gantry/contract/labels.ts'
import type { LivePod, LiveRoute } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { RouteApi } from '../modeldeployment/routing/live-route.ts'
import type { PodCounts } from '../modeldeployment/routing/pod-counts.ts'
import { createReadParents } from '../modeldeployment/routing/read-parents.ts'
import { createRoutes, type Routes } from '../modeldeployment/routing/routes.ts'
import type { Draft, TestCluster } from './cluster.ts'
import type { Quality, Random } from './gateways.ts'

/** What the data plane and the pods do; tests change it. */
export interface DataPlane {
  api: RouteApi
  grpcApi: RouteApi
  /** The Gateway that the routes are attached to, and its class; undefined where there is none. */
  gateway: Draft | undefined
  gatewayClass: Draft | undefined
  /** What it says of the route; undefined while it says nothing. */
  says: { readonly status: 'True' | 'False'; readonly message: string } | undefined
  /** The kinds of routes that its controller looks at. */
  accepts: readonly ('HTTPRoute' | 'GRPCRoute')[]
  quality: Quality
  requests: number
}

const bounds = [5, 10, 25, 50]

type Counts = { -readonly [name in keyof PodCounts]: PodCounts[name] } & { within: Map<number, number> }

const fresh = (): Counts => ({
  ...{ startedAt: 1, requests: 0, errors: 0, timeouts: 0, answered: 0 },
  within: new Map(bounds.map((ms) => [ms, 0])),
})

/** A Gateway that serves, of a class that has routes of both kinds. */
export const servingGateway = (): { readonly gateway: Draft; readonly gatewayClass: Draft } => ({
  gateway: {
    metadata: { name: 'edge', namespace: 'infra' },
    spec: { gatewayClassName: 'plane', listeners: [{ name: 'web', port: 80 }] },
    status: { conditions: [{ type: 'Programmed', status: 'True' }] },
  },
  gatewayClass: {
    metadata: { name: 'plane' },
    status: { supportedFeatures: [{ name: 'GRPCRoute' }, { name: 'HTTPRoute' }] },
  },
})

/** What a model has to say to be routed by it. */
export const routedHere = {
  routing: 'GatewayAPI',
  gatewayApi: { parentRefs: [{ name: 'edge', namespace: 'infra' }], hostnames: ['m.example'] },
} as const

/** @param random draws the track of each request, and whether it fails */
export const dataPlane = (api: RouteApi, random: Random) => {
  const plane: DataPlane = {
    ...{ api, grpcApi: api, ...servingGateway(), requests: 200, quality: { canary: 0.01, stable: 0.01 } },
    ...{ says: { status: 'True', message: 'ok' }, accepts: ['HTTPRoute', 'GRPCRoute'] },
  }
  const counted = new Map<string, Counts>()
  const countsOf = (pod: string): Counts => {
    const counts = counted.get(pod) ?? fresh()
    counted.set(pod, counts)
    return counts
  }
  const routes = (now: () => number): Routes =>
    createRoutes({
      ...{ now, instance: 'operator-1', api: () => plane.api, grpcApi: () => plane.grpcApi },
      parents: createReadParents({
        clock: { elapsed: now },
        kube: {
          get: async ({ kind }) =>
            structuredClone(kind === 'Gateway' ? plane.gateway : plane.gatewayClass) as never,
        },
      }),
      read: async ({ ip }) => structuredClone(countsOf(ip.split('#')[1] ?? '')),
    })

  /** The plane of one cluster. */
  const of = (cluster: Pick<TestCluster, 'find' | 'edit' | 'all'>) => {
    const route = () => cluster.find<LiveRoute>('HTTPRoute')
    const weight = (kind: 'HTTPRoute' | 'GRPCRoute' = 'HTTPRoute') =>
      cluster
        .find<LiveRoute>(kind)
        ?.spec?.rules?.[0]?.backendRefs?.find(({ name }) => name.endsWith('-canary'))?.weight

    /** The controller of the Gateway writes what it says of the present generation. */
    const acceptRoute = (kind: 'HTTPRoute' | 'GRPCRoute'): void => {
      const live = cluster.find<LiveRoute>(kind)
      const { says } = plane
      if (!live || !says) return
      const { generation } = live.metadata
      const conditions = ['Accepted', 'ResolvedRefs'].map((type) => ({
        ...{ type, ...says, reason: type, observedGeneration: generation },
      }))
      const parents = [{ parentRef: { name: 'edge', namespace: 'infra' }, controllerName: 'c', conditions }]
      if (JSON.stringify((live.status as Draft)?.parents) === JSON.stringify(parents)) return
      cluster.edit(kind, (draft) => {
        draft.status = { parents }
      })
    }
    const accept = (): void => {
      for (const kind of plane.accepts) acceptRoute(kind)
    }
    const podsOf = (track: string) =>
      cluster
        .all<LivePod>('Pod')
        .filter(({ metadata }: KubernetesObject) => metadata.labels?.[labels.track] === track)

    const answer = (pod: string, isError: boolean): void => {
      const counts = countsOf(pod)
      counts.requests += 1
      if (isError) counts.errors += 1
      else counts.answered += 1
      const slowest = isError ? Number.POSITIVE_INFINITY : 10
      for (const ms of bounds.filter((bound) => bound >= slowest))
        counts.within.set(ms, (counts.within.get(ms) ?? 0) + 1)
    }
    const serve = (): void => {
      const share = weight()
      if (share === undefined) return
      const pods = { stable: podsOf('stable'), canary: podsOf('canary') }
      for (let request = 0; request < plane.requests; request += 1) {
        const track = random() * 100 < share ? 'canary' : 'stable'
        const pod = pods[track][Math.floor(random() * pods[track].length)]
        if (pod) answer(pod.metadata.name, random() < plane.quality[track])
      }
    }
    return { route, weight, accept, serve }
  }
  return { plane, routes, of }
}

export type TestDataPlane = ReturnType<typeof dataPlane>
