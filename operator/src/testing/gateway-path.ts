/** Gateways that open their ports as status says, for tests of the path. */
import type { GatewayPorts } from '@gantry/contract/gateway.ts'
import type { GatewayPod } from '../modeldeployment/path/gateway-pods.ts'
import type { PathWorld } from '../modeldeployment/path/path-world.ts'
import { createPortBook } from '../modeldeployment/path/port-book.ts'

/** An installation without a gateway. */
export const noGateway = (): PathWorld => ({
  gatewayPods: () => [],
  askPorts: async () => undefined,
  ports: createPortBook(),
})

export const gatewayPod = (name: string, ip: string): GatewayPod => ({ name, ips: [ip], nodeName: 'node-1' })

/** @param answerOf what a gateway says of its ports; undefined: it does not answer */
export const gatewaysOf = (
  pods: () => readonly GatewayPod[] | undefined,
  answerOf: (pod: GatewayPod) => GatewayPorts['ports'] | undefined,
): PathWorld => ({
  gatewayPods: pods,
  askPorts: async (pod) => {
    const ports = answerOf(pod)
    return ports && { instance: pod.name, ports }
  },
  ports: createPortBook(),
})
