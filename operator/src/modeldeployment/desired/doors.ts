import type { ModelDeployment } from '../model-deployment.ts'

/** How a model's two ports speak. */
interface Doors {
  readonly http: {
    /** Of the container's port and of the Service's. */
    readonly name: string
    readonly scheme: 'HTTP' | 'HTTPS'
    readonly appProtocol: string
    readonly servicePort: number
  }
  readonly grpc: { readonly name: string; readonly appProtocol: string }
}

const clear: Doors = {
  http: { name: 'http', scheme: 'HTTP', appProtocol: 'http', servicePort: 80 },
  grpc: { name: 'grpc', appProtocol: 'kubernetes.io/h2c' },
}

/** Other names, so that while pods of both kinds run nobody is led to one that speaks otherwise. */
const secure: Doors = {
  http: { name: 'https', scheme: 'HTTPS', appProtocol: 'https', servicePort: 443 },
  grpc: { name: 'grpcs', appProtocol: 'https' },
}

export const doorsOf = ({ spec }: ModelDeployment): Doors => (spec.serve?.tls ? secure : clear)

/** Name of the container's port where a pod speaks TLS. */
export const securePort = secure.http.name
