/** Where a model's Service leads, and what is still to be done for it. Pure. */
import type { GatewayPorts } from '@gantry/contract/gateway.ts'
import {
  isOwnedBy,
  isReady,
  type LiveEndpointSlice,
  type LivePod,
  type LiveService,
} from '@gantry/kube/live.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import type { GatewayPod } from './gateway-pods.ts'

export interface Path {
  /** Whether the Service has its selector, or leads to the gateway. */
  readonly leads: 'pods' | 'gateway'
  /** The gateway's pods in the model's slices; none: there are no slices of the gateway. `kept`: the slices stay as they are. */
  readonly gateways: readonly GatewayPod[] | 'kept'
  /** The next `status.gatewayPort`. */
  readonly port: number | undefined
  /** Whether the gateways have to be asked again. */
  readonly isAwaited: boolean
  /** Whether it needs a port, and all of them lead to other models. */
  readonly isWithoutPort?: boolean
}

/** No gateway, as for most models. */
export const straight: Path = { leads: 'pods', gateways: [], port: undefined, isAwaited: false }

/** What the gateways say of their ports. */
export interface Asked {
  /** Gateways that are ready. */
  readonly pods: readonly GatewayPod[]
  /** Answers by the name of the pod; absent where one did not answer. */
  readonly answers: ReadonlyMap<string, GatewayPorts>
}

/** What is read of a model and its objects. */
interface Live {
  readonly model: ModelDeployment
  readonly service: LiveService | undefined
  readonly slices: readonly LiveEndpointSlice[]
  readonly servingPods: readonly LivePod[]
}

/** Slices that lead to the gateway. */
export const gatewaySlices = ({
  model,
  slices,
}: Pick<Live, 'model' | 'slices'>): readonly LiveEndpointSlice[] =>
  slices.filter((slice) => isOwnedBy(slice, model.metadata.uid))

/** Slices of the controllers of Kubernetes. */
export const podSlices = ({ model, slices }: Pick<Live, 'model' | 'slices'>): readonly LiveEndpointSlice[] =>
  slices.filter((slice) => !isOwnedBy(slice, model.metadata.uid))

/** Whether the Service has no selector, so that only the operator's slices count. */
export const isLedToGateway = ({ service }: Pick<Live, 'service'>): boolean =>
  service !== undefined && Object.keys(service.spec?.selector ?? {}).length === 0

/** Whether the Service leads to a gateway's pod already. */
const listedIn = (live: Live): ((pod: GatewayPod) => boolean) => {
  const endpoints = gatewaySlices(live).flatMap((slice) => slice.endpoints ?? [])
  const addresses = new Set(endpoints.flatMap((endpoint) => endpoint.addresses))
  return ({ ips }) => ips.some((ip) => addresses.has(ip))
}

const isEndpointReady = ({ endpoints }: LiveEndpointSlice): boolean =>
  endpoints?.some(({ conditions }) => conditions?.ready !== false) ?? false

/**
 * Gateways that answer that their port leads to the model. One that did not answer this time, is ready, and led there before, stays:
 * a lost answer must not remove a gateway.
 */
const leadingPods = (live: Live, { pods, answers }: Asked, port: number): readonly GatewayPod[] => {
  const { namespace, name } = live.model.metadata
  const isListed = listedIn(live)
  const hasPods = live.servingPods.some(isReady)
  return pods.filter((pod) => {
    const answer = answers.get(pod.name)
    if (answer === undefined) return isListed(pod)
    const found = answer.ports.find((one) => one.port === port && one.model === `${namespace}/${name}`)
    // A gateway has watches of its own, whose events come a moment sooner or later than those of the operator.
    return found !== undefined && (found.endpoints > 0 || !hasPods || isListed(pod))
  })
}

/** Whether the controller's slices serve as well as the gateway's: with a ready pod, or there is none to be had. */
const arePodsListed = (live: Live): boolean => {
  const slices = podSlices(live)
  return slices.some(isEndpointReady) || (slices.length > 0 && !live.servingPods.some(isReady))
}

/**
 * Back to the pods: the selector first, then a slice of the controller, and the gateway's slices last. Gateways that are gone
 * leave at once, since their addresses answer nobody.
 */
const backToPods = (live: Live, { pods }: Asked): Path => {
  const isSelecting = live.service !== undefined && !isLedToGateway(live)
  const gateways = isSelecting && arePodsListed(live) ? [] : pods.filter(listedIn(live))
  const isOver = !isLedToGateway(live) && gatewaySlices(live).length === 0
  return { ...straight, gateways, port: isOver ? undefined : live.model.status?.gatewayPort }
}

/**
 * @param port the model's own; undefined: it needs none, or there is none
 * @param asked what gateways say of it
 */
export const pathOf = (live: Live, port: number | undefined, asked: Asked): Path => {
  if (port === undefined) return backToPods(live, asked)
  const leading = leadingPods(live, asked, port)
  const isAwaited = leading.length < asked.pods.length
  if (leading.length === 0) return { ...backToPods(live, asked), port, isAwaited }
  return { leads: 'gateway', gateways: leading, port, isAwaited }
}

/** Whether the objects are on their way to what the path says. */
export const isMoving = ({ path, ...live }: Live & { readonly path: Path }): boolean =>
  path.leads === 'gateway'
    ? !isLedToGateway(live) || podSlices(live).length > 0
    : isLedToGateway(live) || gatewaySlices(live).length > 0 || live.model.status?.gatewayPort !== path.port
