/** Keeps the path of a model whose spec is not acted on: it is suspended, or cannot be honoured. */
import { isOver } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { type Access, converge } from '../../runtime/converge.ts'
import { gatewaySlices as desiredSlices } from '../desired/gateway-slices.ts'
import { service } from '../desired/service.ts'
import type { Observed } from '../observe.ts'
import { owned } from '../resources.ts'
import { gatewaySlices, isLedToGateway } from './path.ts'

/** The Service as it is, with the selector of its pods. */
const selecting = ({ model, service: live, canaryPods }: Observed): KubernetesObject => {
  const { spec, ...identity } = service(model, canaryPods.some((pod) => !isOver(pod)) ? 'stable' : 'all')
  const ports = live?.spec?.ports?.map(({ name, port, protocol, targetPort, appProtocol }) => ({
    ...{ name, port, protocol, targetPort, appProtocol },
  }))
  return { ...identity, spec: { ...(spec as object), ...(ports && { ports }) } }
}

/** Gateways that have gone leave the slices, and without any the Service selects its pods again. Nothing else is written. */
export const keepPath = async (access: Access, observed: Observed, signal: AbortSignal): Promise<void> => {
  const { model, path } = observed
  const slices = gatewaySlices(observed)
  const port = model.status?.gatewayPort
  const isWithout = slices.length === 0 && !isLedToGateway(observed)
  if (isWithout || path.gateways === 'kept' || port === undefined) return
  const isGone = path.gateways.length === 0
  const { namespace, name } = model.metadata
  const present = owned.flatMap((resource) =>
    access.cache.labelled(resource, namespace, access.kind.label, name),
  )
  const apply = isGone
    ? [...(isLedToGateway(observed) ? [selecting(observed)] : [])]
    : desiredSlices(model, path.gateways, port)
  const retain = isGone ? present.filter((one) => !slices.some((slice) => slice === one)) : present
  await converge(access, model, { apply, retain, adjust: [], replace: undefined }, signal)
}
