import { isIPv6 } from 'node:net'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { EndpointSlice } from '@gantry/kube/resources.ts'
import { serviceNameLabel } from '../belongings.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import type { GatewayPod } from '../path/gateway-pods.ts'
import { identity } from './metadata.ts'
import { portsOf } from './ports.ts'

/** Says that the controllers of Kubernetes leave a slice alone. */
const writerLabel = 'endpointslice.kubernetes.io/managed-by'
const writer = 'gantry.dev'

const families = [
  { addressType: 'IPv4', suffix: 'gateway' },
  { addressType: 'IPv6', suffix: 'gateway-ipv6' },
] as const

const familyOf = (ip: string): string => (isIPv6(ip) ? 'IPv6' : 'IPv4')

/** Slices that lead the model's Service to its port of the gateway, which speaks HTTP and gRPC; one for each family of addresses. */
export const gatewaySlices = (
  model: ModelDeployment,
  gateways: readonly GatewayPod[],
  port: number,
): readonly KubernetesObject[] => {
  const { http, grpc } = portsOf(model)
  return families.flatMap(({ addressType, suffix }) => {
    const endpoints = gateways.flatMap(({ ips, nodeName }) =>
      ips
        .filter((ip) => familyOf(ip) === addressType)
        .slice(0, 1)
        .map((ip) => ({
          ...{ addresses: [ip], conditions: { ready: true } },
          ...(nodeName === undefined ? {} : { nodeName }),
        })),
    )
    if (endpoints.length === 0) return []
    const { metadata, ...named } = identity(EndpointSlice, model, {
      name: `${model.metadata.name}-${suffix}`,
    })
    const labels = { ...metadata.labels, [serviceNameLabel]: model.metadata.name, [writerLabel]: writer }
    return [
      {
        ...{ ...named, metadata: { ...metadata, labels }, addressType, endpoints },
        ports: [http, grpc].map(({ name, appProtocol }) => ({ name, port, protocol: 'TCP', appProtocol })),
      },
    ]
  })
}
