import { grpcPort } from '@gantry/contract/server.ts'
import type { KubernetesObject, ModelDeployment } from '../kubernetes.ts'
import { Service } from '../resources.ts'
import { identity, servingPods } from './metadata.ts'

const servicePort = 80

export const service = (model: ModelDeployment): KubernetesObject => ({
  ...identity(Service, model),
  spec: {
    selector: servingPods(model),
    ports: [
      { name: 'http', port: servicePort, protocol: 'TCP', targetPort: 'http', appProtocol: 'http' },
      { name: 'grpc', port: grpcPort, protocol: 'TCP', targetPort: 'grpc', appProtocol: 'kubernetes.io/h2c' },
    ],
  },
})

/** Where the model answers inside the cluster; the cluster's domain is left to the resolver. */
export const serviceUrl = ({ metadata }: ModelDeployment): string =>
  `http://${metadata.name}.${metadata.namespace}.svc`
