import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { labels } from '@gantry/contract/labels.ts'
import { plainLines } from '@gantry/contract/plain-text.ts'
import { createKube, type KubeClient } from '@gantry/kube/client.ts'
import { systemClock } from '@gantry/kube/clock.ts'
import { findAccess } from '@gantry/kube/credentials.ts'
import { explain, isMistake } from '@gantry/kube/errors.ts'
import type { Resource } from '@gantry/kube/objects.ts'
import { GRPCRoute, HTTPRoute, ScaledObject } from '@gantry/kube/resources.ts'
import { createTransport } from '@gantry/kube/transport.ts'
import { loadConfig, type OperatorConfig } from './config.ts'
import { observeCosts } from './cost/cost-metrics.ts'
import { createCosts, type Measuring } from './cost/costs.ts'
import { readCounters } from './cost/counters.ts'
import { type Costs, noCosts } from './cost/world.ts'
import { type CustomMetrics, createCustomMetrics } from './custom-metrics/custom-metrics.ts'
import { createRests } from './evaluating/give-way.ts'
import { costedModels } from './modeldeployment/costed.ts'
import { addressOf } from './modeldeployment/desired/ports.ts'
import { announcer } from './modeldeployment/fleet/announcement.ts'
import { createFleet } from './modeldeployment/fleet/fleet.ts'
import { askGateways } from './modeldeployment/gateways.ts'
import { createProgressBook } from './modeldeployment/import-progress.ts'
import { modelDeploymentKind } from './modeldeployment/kind.ts'
import { askPorts } from './modeldeployment/path/ask-ports.ts'
import { modelsInPath } from './modeldeployment/path/find-path.ts'
import { createGatewayPods, type GatewayPods } from './modeldeployment/path/gateway-pods.ts'
import type { PathWorld } from './modeldeployment/path/path-world.ts'
import { createPortBook } from './modeldeployment/path/port-book.ts'
import { reconcile, type World } from './modeldeployment/reconcile.ts'
import { ModelDeployment as modelDeployments } from './modeldeployment/resources.ts'
import { readPodCounts } from './modeldeployment/routing/pod-counts.ts'
import { createReadParents } from './modeldeployment/routing/read-parents.ts'
import { createRoutes } from './modeldeployment/routing/routes.ts'
import { createScaling } from './modeldeployment/scaling/read-apis.ts'
import { served } from './modeldeployment/served.ts'
import { watchedModels } from './modeldeployment/watched.ts'
import { modelEvaluationKind } from './modelevaluation/kind.ts'
import {
  type World as EvaluationWorld,
  reconcile as reconcileEvaluation,
} from './modelevaluation/reconcile.ts'
import { ModelEvaluation as modelEvaluations } from './modelevaluation/resources.ts'
import { type ClaimOptions, createClaims } from './runtime/claims.ts'
import { keptLabelPrefixes } from './runtime/kept.ts'
import { createLog } from './runtime/log.ts'
import { createMetrics } from './runtime/metrics.ts'
import { type Parts, type Reconciler, runOperator } from './runtime/operator.ts'
import { type OptionalKind, optionalKind } from './runtime/optional-kind.ts'
import { refusedWrites } from './runtime/refused-writes.ts'
import { createActivity } from './sleeping/activity.ts'
import { askActivity } from './sleeping/gateways.ts'

/** Fires on the first SIGTERM or SIGINT; the second one ends the process there and then. */
const stopSignal = (): AbortSignal => {
  const stop = new AbortController()
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(1)
    stop.abort()
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  return stop.signal
}

const evaluationReconciler = (
  claiming: Omit<ClaimOptions, 'resource'>,
  shared: Omit<EvaluationWorld, 'cache' | 'claims' | 'refusedWrites'>,
): Reconciler => {
  const claims = createClaims({ ...claiming, resource: modelEvaluations })
  const world = { ...shared, claims, refusedWrites: refusedWrites(shared.now) }
  return {
    kind: modelEvaluationKind,
    reconcile: (cache, key, signal) => reconcileEvaluation({ ...world, cache }, key, signal),
  }
}

/** What measures the costs of models, where the installation has it. */
const costsOf = (
  { cost, operatorNamespace, manager }: OperatorConfig,
  { metrics, ...parts }: Pick<Parts, 'kube' | 'clock' | 'log' | 'metrics'>,
): { readonly costs: Costs; readonly whileLeading: Measuring['run'] } => {
  if (!cost) return { costs: noCosts, whileLeading: async () => {} }
  const costs = createCosts({
    ...{ ...parts, counters: readCounters, config: cost, namespace: operatorNamespace },
    models: (cache) => costedModels(cache, manager),
  })
  observeCosts([metrics.registry], costs)
  return { costs, whileLeading: costs.run }
}

const discovered = ({ discover }: Pick<KubeClient, 'discover'>, kind: Resource): OptionalKind =>
  optionalKind(kind, async () => {
    const found = await discover(kind.apiVersion)
    return found?.resources?.some(({ name }) => name === kind.plural) ?? false
  })

type Work = NonNullable<Reconciler['whileLeading']>

const together =
  (...works: readonly Work[]): Work =>
  async (...leading) =>
    void (await Promise.all(works.map((work) => work(...leading))))

interface Routed {
  readonly path: PathWorld
  readonly allGateways: GatewayPods['all']
  readonly whileLeading: Work
}

/** The gateway's pods, which Services of models may lead to. */
const pathOf = (
  { operatorNamespace: namespace, release }: OperatorConfig,
  parts: Pick<Parts, 'kube' | 'clock' | 'log'>,
): Routed => {
  const pods = createGatewayPods({ ...parts, namespace, release })
  return {
    allGateways: pods.all,
    path: { gatewayPods: pods.ready, askPorts, ports: createPortBook() },
    whileLeading: (cache, signal, wake) => pods.run(() => modelsInPath(cache).forEach(wake), signal),
  }
}

/** What serves metrics of models to autoscalers, where the installation has it. */
const customMetricsOf = (
  { customMetrics, pod }: OperatorConfig,
  { kube, clock, log }: Pick<Parts, 'kube' | 'clock' | 'log'>,
): CustomMetrics | undefined => {
  if (!customMetrics) return undefined
  const tell = announcer(kube, pod, clock.now, log)
  return createCustomMetrics({
    ...{ config: customMetrics, kube, clock, log, addressOf, keptLabels: keptLabelPrefixes },
    announce: (message) => tell({ reason: 'CustomMetricsUnavailable', type: 'Warning', message }),
  })
}

/** Passes over models, and beside them what watches the requests for those that may sleep, and other works. */
const modelReconciler = (
  manager: OperatorConfig['manager'],
  { clock, log, allGateways, whileLeading }: Pick<Parts, 'clock' | 'log'> & Omit<Routed, 'path'>,
  shared: Omit<World, 'cache' | 'wake' | 'demanded' | 'refusedWrites'>,
  ...works: readonly Work[]
): Reconciler => {
  const activity = createActivity({
    ...{ clock, log, counters: readCounters },
    models: (cache) => watchedModels(cache, manager),
    gateways: askActivity(allGateways),
  })
  const world = { ...shared, demanded: activity.of, refusedWrites: refusedWrites(clock.now) }
  return {
    kind: modelDeploymentKind,
    reconcile: (cache, key, signal, wake) => reconcile({ ...world, cache, wake }, key, signal),
    whileLeading: together(activity.run, whileLeading, ...works),
  }
}

/** What of the cluster scales models and divides their requests, and what the runtime does for it. */
const scalingOf = (
  config: OperatorConfig,
  { kube, clock, log }: Pick<Parts, 'kube' | 'clock' | 'log'>,
): Pick<World, 'scaling' | 'routes'> & { readonly parts: Pick<Parts, 'beside' | 'optional'> } => {
  const customMetrics = customMetricsOf(config, { kube, clock, log })
  const keda = config.keda ? discovered(kube, ScaledObject) : undefined
  const [route, grpcRoute] = [HTTPRoute, GRPCRoute].map((kind) =>
    config.gatewayApi ? discovered(kube, kind) : undefined,
  )
  const registration = customMetrics?.registration
  return {
    scaling: createScaling({ kube, clock, registration, keda }),
    routes: createRoutes({
      ...{ now: clock.now, instance: config.identity, read: readPodCounts },
      api: () => route?.presence() ?? 'off',
      grpcApi: () => grpcRoute?.presence() ?? 'off',
      parents: createReadParents({ kube, clock }),
    }),
    parts: {
      ...(customMetrics ? { beside: customMetrics.run } : {}),
      optional: [keda, route, grpcRoute].filter((kind) => kind !== undefined),
    },
  }
}

/** What is remembered of single pods. */
const booksOf = (now: () => number) => ({ rests: createRests(now), imports: createProgressBook(now) })

/** @returns the exit code */
const main = async (): Promise<number> => {
  const stop = stopSignal()
  const clock = systemClock
  const config = loadConfig(process.env, `${hostname()}_${randomUUID()}`)
  const log = createLog(config.logLevel)
  const metrics = createMetrics()
  const access = await findAccess(process.env)
  const kube = createKube(createTransport(access, { userAgent: 'gantry-operator' }), {
    fieldManager: labels.manager,
    onCall: metrics.onCall,
  })
  const { manager, identity, leaderElection: holdsLease } = config
  log.info('starting', { server: access.server.href, identity, manager, ...config.reconcile })
  const shared = { kube, config: config.reconcile, now: clock.now, served, log }
  const announce = announcer(kube, config.pod, clock.now, log)
  const fleet = createFleet({ ...shared, manager, announce })
  metrics.observeFleet(fleet.counts)
  const claiming = { kube, clock, log, manager, holdsLease }
  const claims = createClaims({ ...claiming, resource: modelDeployments })
  const measured = costsOf(config, { kube, clock, log, metrics })
  const routed = pathOf(config, { kube, clock, log })
  const beside = { path: routed.path, costs: measured.costs, claims, fleet, ...booksOf(clock.now) }
  const gateways = askGateways(kube, config.operatorNamespace)
  const { scaling, routes, parts } = scalingOf(config, { kube, clock, log })
  const world = { ...shared, ...beside, scaling, routes, gateways }
  const end = await runOperator(
    {
      ...{ config, kube, clock, log, metrics, ...parts },
      reconcilers: [
        modelReconciler(manager, { clock, log, ...routed }, world, measured.whileLeading),
        evaluationReconciler(claiming, { ...shared, costs: measured.costs, rests: createRests(clock.now) }),
      ],
    },
    stop,
  )
  log.info('ended', { reason: end })
  return end === 'stopped' ? 0 : 1
}

main().then(
  // Nothing may hold the process: calls of a leadership that is lost must not be made.
  (code) => process.exit(code),
  (error: unknown) => {
    const told = (isMistake(error) ? error.stack : undefined) ?? explain(error)
    process.stderr.write(`gantry-operator: ${plainLines(told)}\n`)
    process.exit(1)
  },
)
