import { grpcPort } from '@gantry/contract/server.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Service } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { identity, servingPods, trackPods } from './metadata.ts'
import { portsOf } from './ports.ts'

/** @param isTried whether a version is being tried: its pods get their share of the requests by the gateway alone */
export const service = (model: ModelDeployment, isTried: boolean): KubernetesObject => {
  const { http, grpc } = portsOf(model)
  const protocol = 'TCP'
  return {
    ...identity(Service, model),
    spec: {
      selector: isTried ? trackPods(model, 'stable') : servingPods(model),
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
