/** The HTTPRoute of a model whose requests a data plane of Gateway API divides, and the Services that it leads to. */
import { type Track, tracks } from '@gantry/contract/gateway.ts'
import { deploymentName } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { HTTPRoute } from '@gantry/kube/resources.ts'
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

/** @param weight percent of the requests that go to the canary */
const httpRoute = (model: ModelDeployment, weight: number): KubernetesObject => {
  const { parentRefs = [], hostnames } = model.spec.rollout?.gatewayApi ?? {}
  const weights: Readonly<Record<Track, number>> = { stable: 100 - weight, canary: weight }
  return {
    ...identity(HTTPRoute, model),
    spec: {
      parentRefs: parentRefs.map((parent) => ({
        ...{ group: 'gateway.networking.k8s.io', kind: 'Gateway' },
        ...parent,
      })),
      ...(hostnames && { hostnames }),
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: tracks.map((track) => ({
            ...{ group: '', kind: 'Service', name: deploymentName(model.metadata.name, track) },
            ...{ port: portsOf(model).http.servicePort, weight: weights[track] },
          })),
        },
      ],
    },
  }
}

/** Both Services stand all the time, so that a change of weights is one write. */
export const routeObjects = (model: ModelDeployment, weight: number): readonly KubernetesObject[] => [
  ...tracks.map((track) => trackService(model, track)),
  httpRoute(model, weight),
]
