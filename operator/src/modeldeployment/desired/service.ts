import { grpcPort } from '@gantry/contract/server.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Service } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { identity, servingPods, trackPods } from './metadata.ts'
import { portsOf } from './ports.ts'

/** Which pods a Service selects. `stable`: those of the canary get requests by the gateway alone. `none`: it leads to the gateway. */
export type Selected = 'all' | 'stable' | 'none'

const selectorOf = (model: ModelDeployment, selected: Selected) => {
  switch (selected) {
    case 'all':
      return { selector: servingPods(model) }
    case 'stable':
      return { selector: trackPods(model, 'stable') }
    case 'none':
      return {}
  }
}

export const service = (model: ModelDeployment, selected: Selected): KubernetesObject => {
  const { http, grpc } = portsOf(model)
  const protocol = 'TCP'
  return {
    ...identity(Service, model),
    spec: {
      ...selectorOf(model, selected),
      ports: [
        {
          ...{ name: http.name, port: http.servicePort, protocol },
          ...{ targetPort: http.name, appProtocol: http.appProtocol },
        },
        {
          ...{ name: grpc.name, port: grpcPort, protocol },
          ...{ targetPort: grpc.name, appProtocol: grpc.appProtocol },
        },
      ],
    },
  }
}

/** Where the model answers inside the cluster; the cluster's domain is left to the resolver. */
export const serviceUrl = (model: ModelDeployment): string =>
  `${portsOf(model).http.scheme.toLowerCase()}://${model.metadata.name}.${model.metadata.namespace}.svc`
