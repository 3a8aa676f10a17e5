import type { GatewayPorts } from '@gantry/contract/gateway.ts'
import type { GatewayPod } from './gateway-pods.ts'
import type { PortBook } from './port-book.ts'

/** What a pass may use to find the path of a model. */
export interface PathWorld {
  /** Gateways that are ready; undefined while they have not been listed. */
  readonly gatewayPods: () => readonly GatewayPod[] | undefined
  /** Asks one which port leads to which model; undefined: it did not answer. */
  readonly askPorts: (pod: GatewayPod, signal: AbortSignal) => Promise<GatewayPorts | undefined>
  readonly ports: PortBook
}
