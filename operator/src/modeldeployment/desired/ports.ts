import { isReady, type LivePod } from '@gantry/kube/live.ts'
import type { PodAddress } from '../../runtime/pod-http.ts'
import type { ModelDeployment } from '../model-deployment.ts'

/** Names and protocols of a model's two ports. */
interface ModelPorts {
  readonly http: {
    /** Name of the container's port and of the Service's. */
    readonly name: string
    readonly scheme: 'HTTP' | 'HTTPS'
    readonly appProtocol: string
    readonly servicePort: number
  }
  readonly grpc: { readonly name: string; readonly appProtocol: string }
}

const plainPorts: ModelPorts = {
  http: { name: 'http', scheme: 'HTTP', appProtocol: 'http', servicePort: 80 },
  grpc: { name: 'grpc', appProtocol: 'kubernetes.io/h2c' },
}

/** Ports with TLS have names of their own: while pods of both kinds run, the Service then leads to pods of the right kind only. */
const tlsPorts: ModelPorts = {
  http: { name: 'https', scheme: 'HTTPS', appProtocol: 'https', servicePort: 443 },
  grpc: { name: 'grpcs', appProtocol: 'https' },
}

export const portsOf = ({ spec }: ModelDeployment): ModelPorts => (spec.serve?.tls ? tlsPorts : plainPorts)

/** Name of the container's port where a pod speaks TLS. */
const securePort = tlsPorts.http.name

/** Whether this pod speaks TLS. Its own ports tell, since pods of both kinds run while TLS is switched on or off. */
export const isSecure = ({ spec }: LivePod): boolean =>
  spec?.containers?.some(({ ports }) => ports?.some(({ name }) => name === securePort)) ?? false

/** Where a pod answers; undefined while it is not ready. */
export const addressOf = (pod: LivePod): PodAddress | undefined =>
  isReady(pod) && pod.status?.podIP ? { ip: pod.status.podIP, secure: isSecure(pod) } : undefined
