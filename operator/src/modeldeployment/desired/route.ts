/** The routes of a model whose requests a data plane of Gateway API divides, and the Services that they lead to. */
import { type Track, tracks } from '@gantry/contract/gateway.ts'
import { deploymentName } from '@gantry/contract/labels.ts'
import { grpcPort } from '@gantry/contract/server.ts'
import type { KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import { GRPCRoute, HTTPRoute } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { identity, trackPods } from './metadata.ts'
import { portsOf } from './ports.ts'
import { service } from './service.ts'

/** The Service of a track has the name of its Deployment. */
const trackService = (model: ModelDeployment, track: Track): KubernetesObject => {
  const { metadata, spec, ...rest } = service(model, 'all')
  return {
    ...rest,
    metadata: { ...metadata, name: deploymentName(model.metadata.name, track) },
    spec: { ...(spec as object), selector: trackPods(model, track) },
  }
}

/** What a model is to have of routes. */
export interface DueRoutes {
  /** Percent of the requests that go to the canary. */
  readonly weight: number
  /** Whether calls of gRPC have a route of their own. */
  readonly hasGrpc: boolean
}

interface Way {
  readonly hostnames: readonly string[] | undefined
  readonly matches: readonly object[] | undefined
  /** Port of the Services. */
  readonly port: number
}

const route = (
  resource: Resource,
  model: ModelDeployment,
  weight: number,
  { hostnames, matches, port }: Way,
): KubernetesObject => {
  const { parentRefs = [] } = model.spec.rollout?.gatewayApi ?? {}
  const weights: Readonly<Record<Track, number>> = { stable: 100 - weight, canary: weight }
  return {
    ...identity(resource, model),
    spec: {
      parentRefs: parentRefs.map((parent) => ({
        ...{ group: 'gateway.networking.k8s.io', kind: 'Gateway' },
        ...parent,
      })),
      ...(hostnames && { hostnames }),
      rules: [
        {
          ...(matches && { matches }),
          backendRefs: tracks.map((track) => ({
            ...{ group: '', kind: 'Service', name: deploymentName(model.metadata.name, track) },
            ...{ port, weight: weights[track] },
          })),
        },
      ],
    },
  }
}

const httpRoute = (model: ModelDeployment, weight: number): KubernetesObject =>
  route(HTTPRoute, model, weight, {
    hostnames: model.spec.rollout?.gatewayApi?.hostnames,
    matches: [{ path: { type: 'PathPrefix', value: '/' } }],
    port: portsOf(model).http.servicePort,
  })

/** A rule without matches takes every method. */
const grpcRoute = (model: ModelDeployment, weight: number): KubernetesObject =>
  route(GRPCRoute, model, weight, {
    hostnames: model.spec.rollout?.gatewayApi?.grpcHostnames,
    ...{ matches: undefined, port: grpcPort },
  })

/** Both Services stand all the time, so that a change of weights is one write for each route. */
export const routeObjects = (
  model: ModelDeployment,
  { weight, hasGrpc }: DueRoutes,
): readonly KubernetesObject[] => [
  ...tracks.map((track) => trackService(model, track)),
  httpRoute(model, weight),
  ...(hasGrpc ? [grpcRoute(model, weight)] : []),
]
