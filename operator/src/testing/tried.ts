/** A cluster whose model is rolled out by canary, with gateways that count. */
import type { Demand, ModelDemand } from '@gantry/contract/gateway.ts'
import { randomOf } from '@gantry/evaluation/random.ts'
import type { ModelDeployment } from '../modeldeployment/model-deployment.ts'
import { type ClusterOptions, settledCluster } from './cluster.ts'
import { gateway, type Quality } from './gateways.ts'
import { modelDeployment } from './model-deployment.ts'
import { turnsOf } from './turns.ts'

type Counting = ReturnType<typeof gateway>

/** The answer of a gateway to GET /demand. */
const demandOf = (one: Counting, { metadata, spec, status }: ModelDeployment): Demand => {
  const run = status?.canary?.run ?? ''
  const { instance, startedAt, steps } = one.answer(run)
  const models = steps.map(
    ({ step, stable, canary, shadow }): ModelDemand => ({
      model: `${metadata.namespace}/${metadata.name}`,
      revision: run,
      step,
      weight: step === 0 ? 0 : (spec.rollout?.steps?.[step - 1]?.weight ?? 0),
      stable: { ...stable, latencies: one.latencies(run, step) },
      canary,
      ...(shadow.copies > 0 && { shadow }),
    }),
  )
  return { instance, startedAt: startedAt.replace('start-', '2026-11-23T10:00:0'), models } as Demand
}

const weights = [10, 50]

/** What the canary and stable do with requests, and whether there are gateways; tests change it. */
export interface Traffic {
  quality: Quality
  requests: number
  hasGateways: boolean
  /** The certificate of the gateways. */
  tls?: Demand['tls']
}

export const triedCluster = async (options: ClusterOptions = {}) => {
  const random = randomOf(5)
  const gateways = [gateway('gateway-a'), gateway('gateway-b')]
  const traffic: Traffic = { quality: { canary: 0.01, stable: 0.01 }, requests: 100, hasGateways: true }
  const cluster = await settledCluster({
    model: modelDeployment({
      spec: {
        replicas: 2,
        rollout: { strategy: 'Canary', steps: weights.map((weight) => ({ weight, holdSeconds: 30 })) },
      },
    }),
    ...options,
    gateways: (model) => ({
      instances: traffic.hasGateways ? gateways.map(({ instance }) => instance) : [],
      demands: traffic.hasGateways
        ? gateways.map((one) => ({ ...demandOf(one, model), ...(traffic.tls && { tls: traffic.tls }) }))
        : [],
    }),
  })
  /** Gateways read status, and share some requests among the tracks. */
  const serve = (): void => {
    for (const one of gateways) {
      one.read(cluster.model().status?.canary)
      one.serve(traffic.requests, traffic.quality, random)
    }
  }
  const turns = turnsOf(cluster, {
    begin: serve,
    pass: () => cluster.pass().catch(() => undefined), // an operator that died is followed by another one
    mostTurns: 100,
  })
  return { ...cluster, ...turns, traffic, serve }
}
export type TriedCluster = Awaited<ReturnType<typeof triedCluster>>
