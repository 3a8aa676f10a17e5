/** Follows the routes of models, and counts their requests by what pods say. */
import type { Track } from '@gantry/contract/gateway.ts'
import type { LivePod, LiveRoute } from '@gantry/kube/live.ts'
import type { Gateways } from '../../canary/demand.ts'
import type { Rollout } from '../../canary/rollout.ts'
import { timestamp } from '../../runtime/condition.ts'
import { ReconcileError } from '../../runtime/errors.ts'
import type { PodAddress } from '../../runtime/pod-http.ts'
import { addressOf } from '../desired/ports.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { createCountBook } from './count-book.ts'
import {
  type GrpcRoute,
  type Route,
  type RouteApi,
  type RouteProblem,
  routeProblem,
  usesRoute,
  weightOf,
} from './live-route.ts'
import { grpcRefusal, type Parent, parentsProblem } from './parents.ts'
import type { PodCounts } from './pod-counts.ts'
import type { ReadParents } from './read-parents.ts'

export interface RouteOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Name of the operator's pod, the source of the counts. */
  readonly instance: string
  /** Whether the cluster has HTTPRoutes, and GRPCRoutes. */
  readonly api: () => RouteApi
  readonly grpcApi: () => RouteApi
  readonly parents: ReadParents
  readonly read: (pod: PodAddress, signal: AbortSignal) => Promise<PodCounts | undefined>
}

/** What is counted of a model: its route, and the pods behind it. */
interface Routed {
  readonly model: ModelDeployment
  readonly route: Route | undefined
  readonly servingPods: readonly LivePod[]
  readonly canaryPods: readonly LivePod[]
}

interface LiveRoutes {
  readonly httpRoute: LiveRoute | undefined
  readonly grpcRoute: LiveRoute | undefined
}

export interface Routes {
  /** Undefined where spec does not ask for a route. @throws ReconcileError, and what reading a Gateway throws */
  readonly of: (model: ModelDeployment, live: LiveRoutes) => Promise<Route | undefined>
  /** What a gateway would say of the model's rollout. */
  readonly counts: (routed: Routed, rollout: Rollout, signal: AbortSignal) => Promise<Gateways>
}

/** Controllers accept a route before their data planes divide by it; Traefik takes 2 seconds, others push to many proxies. */
const settleMs = 10_000

/** @throws ReconcileError in the moment after the operator, or Gateway API, has come: what there is of routes is being listed */
const knownApi = (api: RouteApi): Route['api'] => {
  if (api !== 'unknown') return api
  throw new ReconcileError(
    'ApiUnavailable',
    'backoff',
    'whether the cluster has Gateway API is not known yet',
  )
}

const keyOf = ({ metadata }: ModelDeployment): string => `${metadata.namespace}/${metadata.name}`

const noGrpc =
  'this cluster has no GRPCRoute of gateway.networking.k8s.io/v1: install Gateway API 1.1 or later'

/** @param api asked only where spec names hosts of gRPC */
const grpcOf = (
  { spec }: ModelDeployment,
  live: LiveRoute | undefined,
  { api, parents }: { readonly api: () => RouteApi; readonly parents: readonly Parent[] },
): GrpcRoute | undefined => {
  if (!spec.rollout?.gatewayApi?.grpcHostnames) return undefined
  if (knownApi(api()) !== 'served') return { isDue: false, refusal: noGrpc }
  const refusal = grpcRefusal(parents)
  return { isDue: refusal === undefined || live !== undefined, refusal }
}

/** What speaks against the routes that there are. A Gateway that does not serve may accept them all the same. */
const problemOf = (routes: readonly LiveRoute[], parents: readonly Parent[]): RouteProblem | undefined => {
  const gateways = parentsProblem(parents)
  if (gateways !== undefined) return { reason: 'GatewayNotProgrammed', message: gateways }
  for (const route of routes) {
    const problem = routeProblem(route)
    if (problem !== undefined)
      return {
        reason: 'RouteNotAccepted',
        message: `The ${route.kind} ${route.metadata.name} is not in force: ${problem}`,
      }
  }
  return undefined
}

/** Undefined where one is missing that is due. */
const standingOf = (
  { httpRoute, grpcRoute }: LiveRoutes,
  grpc: GrpcRoute | undefined,
): readonly LiveRoute[] | undefined => {
  const due = grpc?.isDue ? [httpRoute, grpcRoute] : [httpRoute]
  const found = due.filter((route) => route !== undefined)
  return found.length === due.length ? found : undefined
}

const generationOf = (routes: readonly LiveRoute[]): string =>
  routes.map(({ metadata }) => `${metadata.uid} ${metadata.generation}`).join(' ')

export const createRoutes = ({ now, instance, api, grpcApi, parents, read }: RouteOptions): Routes => {
  const book = createCountBook()
  const startedAt = timestamp(now())
  /** Since when a generation of a route is known to be accepted. */
  const accepted = new Map<string, { readonly generation: string; readonly sinceMs: number }>()

  /** A clock that was set back starts the time anew. */
  const isSettled = (key: string, generation: string): boolean => {
    const known = accepted.get(key)
    if (known?.generation !== generation || known.sinceMs > now()) {
      accepted.set(key, { generation, sinceMs: now() })
      return false
    }
    return now() - known.sinceMs >= settleMs
  }

  const settles = (key: string, routes: readonly LiveRoute[], model: ModelDeployment): boolean => {
    const [first, ...others] = routes.map((route) => weightOf(route, model))
    if (!others.every((weight) => weight === first)) return false
    return isSettled(key, generationOf(routes))
  }

  const routeOf: Routes['of'] = async (model, live) => {
    const key = keyOf(model)
    if (!usesRoute(model)) {
      accepted.delete(key)
      book.forget(key)
      return undefined
    }
    const known = knownApi(api())
    const attached = known === 'served' ? await parents(model) : []
    const grpc =
      known === 'served' ? grpcOf(model, live.grpcRoute, { api: grpcApi, parents: attached }) : undefined
    const routes = standingOf(live, grpc)
    const problem = problemOf(routes ?? [], attached)
    if (problem !== undefined || !routes) accepted.delete(key)
    return {
      ...{ api: known, generation: generationOf(routes ?? []), problem, grpc },
      weight: live.httpRoute && weightOf(live.httpRoute, model),
      isSettled: routes !== undefined && problem === undefined && settles(key, routes, model),
    }
  }

  const lookAt = async (
    { servingPods, canaryPods }: Routed,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, { readonly track: Track; readonly counts: PodCounts }>> => {
    const ask = (track: Track) => async (pod: LivePod) => {
      const address = addressOf(pod)
      const counts = address && (await read(address, signal))
      return counts ? [[pod.metadata.uid ?? pod.metadata.name, { track, counts }] as const] : []
    }
    const found = await Promise.all([...servingPods.map(ask('stable')), ...canaryPods.map(ask('canary'))])
    return new Map(found.flat())
  }

  const counts: Routes['counts'] = async (routed, { limits }, signal) => {
    const { model, route } = routed
    const { canary } = model.status ?? {}
    if (route?.api !== 'served') return { instances: [], demands: [] }
    const key = keyOf(model)
    if (!canary) book.forget(key)
    else if (!route.isSettled || route.weight !== canary.weight)
      book.interrupt({ model: key, run: canary.run })
    else {
      const bounds = {
        ...{ slowMs: canary.slowMs, limitMs: limits.maxLatencyP95Ms },
        latencyMargin: limits.latencyMargin,
      }
      const { run, step, weight } = canary
      const scope = { model: key, run, step, weight, generation: route.generation, bounds }
      book.add(scope, await lookAt(routed, signal))
    }
    return { instances: [instance], demands: [{ instance, startedAt, models: [...book.of(key)] }] }
  }
  return { of: routeOf, counts }
}
