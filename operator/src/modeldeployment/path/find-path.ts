/** Finds out where a model's Service has to lead: gives it a port where it needs one, and asks the gateways. */
import type { GatewayPorts } from '@gantry/contract/gateway.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import { EndpointSlice, Endpoints } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import type { Observed } from '../observe.ts'
import { ModelDeployment as modelDeployments } from '../resources.ts'
import type { World } from '../world.ts'
import type { GatewayPod } from './gateway-pods.ts'
import { gatewaySlices, isLedToGateway, type Path, pathOf, podSlices } from './path.ts'
import { hasLostPort } from './port-book.ts'
import { pathReasonsOf } from './reasons.ts'

/** Whether anything of the gateway is in the model's path. */
const isInPath = (observed: Observed): boolean =>
  isLedToGateway(observed) || gatewaySlices(observed).length > 0

/** A model whose port is an older model's as well first goes back to its pods, and then takes another port. */
const needsPort = ({ cache }: World, observed: Observed, pods: readonly GatewayPod[]): boolean => {
  const { model } = observed
  const isNeeded = pathReasonsOf(observed).length > 0 && !(hasLostPort(cache, model) && isInPath(observed))
  return isNeeded && (pods.length > 0 || model.status?.gatewayPort !== undefined)
}

const askAll = async (
  { path }: World,
  pods: readonly GatewayPod[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, GatewayPorts>> => {
  const answers = await Promise.all(
    pods.map(async (pod) => [pod.name, await path.askPorts(pod, signal)] as const),
  )
  return new Map(answers.flatMap(([name, answer]) => (answer ? [[name, answer] as const] : [])))
}

/** What there is, while it is not known which gateways there are. */
const asItIs = (observed: Observed): Path => ({
  leads: isLedToGateway(observed) ? 'gateway' : 'pods',
  gateways: 'kept',
  port: observed.model.status?.gatewayPort,
  isAwaited: false,
})

export const findPath = async (world: World, observed: Observed, signal: AbortSignal): Promise<Path> => {
  const pods = world.path.gatewayPods()
  if (pods === undefined) return asItIs(observed)
  const isNeeded = needsPort(world, observed, pods)
  const port = isNeeded ? world.path.ports.take(world.cache, observed.model) : undefined
  const answers = port === undefined ? new Map() : await askAll(world, pods, signal)
  const path = pathOf(observed, port, { pods, answers })
  if (path.port === undefined) world.path.ports.free(observed.model)
  return isNeeded && port === undefined ? { ...path, isWithoutPort: true } : path
}

/** Models whose slices follow the gateway's pods, as namespace/name. */
export const modelsInPath = (cache: Cache): readonly string[] =>
  cache
    .all<ModelDeployment>(modelDeployments)
    .filter(({ status }) => status?.gatewayPort !== undefined)
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)

/** What the controllers of Kubernetes leave behind where a Service has lost its selector: it would lead past the gateway. */
export const clearPodSlices = async ({ kube }: Pick<World, 'kube'>, observed: Observed): Promise<void> => {
  const slices = podSlices(observed)
  if (observed.path.leads !== 'gateway' || !isLedToGateway(observed) || slices.length === 0) return
  const { namespace, name } = observed.model.metadata
  // Slices are mirrored from Endpoints, so those go first.
  await kube.remove(Endpoints, namespace, name)
  for (const { metadata } of slices) await kube.remove(EndpointSlice, namespace, metadata.name, metadata.uid)
}
