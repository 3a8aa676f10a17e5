/** The routes that a model is to have, and what has to stay until data planes go by it. Pure. */
import { isReady } from '@gantry/kube/live.ts'
import type { DueRoutes } from '../desired/route.ts'
import type { Observed } from '../observe.ts'
import { usesRoute } from './live-route.ts'

/**
 * Percent of the requests that the canary is to get. A data plane answers the share of a Service without pods with errors, so a
 * track without a ready pod has none.
 */
const shareNow = ({ trial, servingPods, canaryPods }: Observed): number => {
  if (trial?.kind !== 'run' && trial?.kind !== 'promote') return 0
  if (!canaryPods.some(isReady)) return 0
  return servingPods.some(isReady) ? trial.canary.weight : 100
}

/** The routes that there are to be; undefined where there are to be none. */
export const dueRoutes = (observed: Observed): DueRoutes | undefined =>
  usesRoute(observed.model) && observed.route?.api === 'served'
    ? { weight: shareNow(observed), hasGrpc: observed.route.grpc?.isDue ?? false }
    : undefined

/** Pods that data planes may still send requests to. They stay until the route leads to stable alone. */
export const keptByRoute = ({ model, route, trial, tracks, canaryPods, configMaps }: Observed) => {
  const isTried = trial?.kind === 'run' || trial?.kind === 'promote'
  if (!usesRoute(model) || !route || isTried || !tracks.canary) return []
  if (route.weight === undefined || (route.weight === 0 && route.isSettled)) return []
  return canaryPods.some(isReady) ? [tracks.canary, ...configMaps] : []
}

/** Whether a route was accepted so lately that data planes may still divide by the one before. */
export const isSettling = ({ route, httpRoute }: Pick<Observed, 'route' | 'httpRoute'>): boolean =>
  route?.api === 'served' && httpRoute !== undefined && route.problem === undefined && !route.isSettled

/** Whether the model is asked for by a route, so that it matters what becomes of its Gateways. */
export const usesServedRoute = ({ model, route }: Pick<Observed, 'model' | 'route'>): boolean =>
  usesRoute(model) && route?.api === 'served' && !model.spec.suspend
