/** What the gateways of the installation have counted. */
import { isDemand } from '@gantry/contract/documents.ts'
import { type Demand, gatewayPaths, gatewayPorts } from '@gantry/contract/gateway.ts'
import { gatewaySelector } from '@gantry/contract/labels.ts'
import { isReady, type LivePod } from '@gantry/kube/live.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import { Pod } from '@gantry/kube/resources.ts'
import type { Gateways } from '../canary/demand.ts'
import { askPod } from '../runtime/pod-http.ts'

const patienceMs = 2_000
/** Most bytes of an answer: a thousand models with ten steps each have fewer. */
const mostBytes = 8 * 1024 * 1024

/** Any user who may create pods in the operator's namespace may answer, so an answer of another form counts as none. */
const demandOf = async (pod: LivePod, signal: AbortSignal): Promise<readonly Demand[]> => {
  const ip = pod.status?.podIP
  if (!ip || !isReady(pod)) return []
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    const question = { port: gatewayPorts.probes, path: gatewayPaths.demand, mostBytes }
    const text = await askPod({ ip, secure: false }, question, deadline)
    const answer: unknown = text === undefined ? undefined : JSON.parse(text)
    return isDemand(answer) && answer.instance === pod.metadata.name ? [answer] : []
  } catch {
    return []
  }
}

/** @param namespace that of the installation */
export const askGateways =
  (kube: Pick<Kube, 'list'>, namespace: string) =>
  async (signal: AbortSignal): Promise<Gateways> => {
    const pods = await kube.list<LivePod>(Pod, { namespace, labelSelector: gatewaySelector })
    const demands = await Promise.all(pods.map((pod) => demandOf(pod, signal)))
    return { instances: pods.map(({ metadata }) => metadata.name), demands: demands.flat() }
  }
