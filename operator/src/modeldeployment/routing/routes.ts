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
import { type Route, type RouteApi, routeProblem, usesRoute, weightOf } from './live-route.ts'
import type { PodCounts } from './pod-counts.ts'

export interface RouteOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Name of the operator's pod, the source of the counts. */
  readonly instance: string
  readonly api: () => RouteApi
  readonly read: (pod: PodAddress, signal: AbortSignal) => Promise<PodCounts | undefined>
}

/** What is counted of a model: its route, and the pods behind it. */
interface Routed {
  readonly model: ModelDeployment
  readonly route: Route | undefined
  readonly servingPods: readonly LivePod[]
  readonly canaryPods: readonly LivePod[]
}

export interface Routes {
  /** Undefined where spec does not ask for a route. */
  readonly of: (model: ModelDeployment, live: LiveRoute | undefined) => Route | undefined
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

export const createRoutes = ({ now, instance, api, read }: RouteOptions): Routes => {
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

  const routeOf: Routes['of'] = (model, live) => {
    const key = keyOf(model)
    if (!usesRoute(model)) {
      accepted.delete(key)
      book.forget(key)
      return undefined
    }
    const { uid = '', generation = 0 } = live?.metadata ?? {}
    const known = knownApi(api())
    const problem = live ? routeProblem(live) : undefined
    if (problem !== undefined || !live) accepted.delete(key)
    return {
      ...{ api: known, generation, problem },
      weight: live && weightOf(live, model),
      isSettled: live !== undefined && problem === undefined && isSettled(key, `${uid} ${generation}`),
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
