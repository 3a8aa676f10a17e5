/** A cluster whose model is rolled out by Gateway API. */
import { randomOf } from '@gantry/evaluation/random.ts'
import type { RouteApi } from '../modeldeployment/routing/live-route.ts'
import { settledCluster } from './cluster.ts'
import { dataPlane, routedHere } from './data-plane.ts'
import { modelDeployment } from './model-deployment.ts'
import { turnsOf } from './turns.ts'

export const routedCluster = async (
  api: RouteApi = 'served',
  { grpcHostnames }: { readonly grpcHostnames?: string[] } = {},
) => {
  const { plane, routes, of } = dataPlane(api, randomOf(7))
  const { routing, gatewayApi } = structuredClone(routedHere)
  const cluster = await settledCluster({
    model: modelDeployment({
      spec: {
        replicas: 2,
        rollout: {
          ...{ strategy: 'Canary', routing },
          steps: [10, 50].map((weight) => ({ weight, holdSeconds: 30 })),
          gatewayApi: { ...gatewayApi, ...(grpcHostnames && { grpcHostnames }) } as never,
        },
      },
    }),
    routes,
  })
  const { route, weight, accept, serve } = of(cluster)
  const begin = (): void => {
    accept()
    serve()
  }
  const turns = turnsOf(cluster, { begin, pass: cluster.pass, mostTurns: 150 })
  return { ...cluster, ...turns, plane, route, weight, accept }
}
