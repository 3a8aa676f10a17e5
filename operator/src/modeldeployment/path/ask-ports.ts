/** Asks a gateway which of its ports leads to which model. */
import { isGatewayPorts } from '@gantry/contract/documents.ts'
import { type GatewayPorts, gatewayPaths, gatewayPorts } from '@gantry/contract/gateway.ts'
import { askPod } from '../../runtime/pod-http.ts'
import type { GatewayPod } from './gateway-pods.ts'

const patienceMs = 2_000
/** Most bytes of an answer: ten thousand ports have about one million. */
const mostBytes = 4 * 1024 * 1024

/** Any user who may create pods in the operator's namespace may answer, so an answer of another form counts as none. */
export const askPorts = async (pod: GatewayPod, signal: AbortSignal): Promise<GatewayPorts | undefined> => {
  const [ip] = pod.ips
  if (ip === undefined) return undefined
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    const question = { port: gatewayPorts.probes, path: gatewayPaths.ports, mostBytes }
    const text = await askPod({ ip, secure: false }, question, deadline)
    const answer: unknown = text === undefined ? undefined : JSON.parse(text)
    return isGatewayPorts(answer) && answer.instance === pod.name ? answer : undefined
  } catch {
    return undefined
  }
}
