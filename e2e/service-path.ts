/** Where a model's Service leads: to its pods, or to the gateway. */
import { gatewaySelector } from '../contract/labels.ts'
import type { Live } from '../local-cluster/kubectl.ts'
import { operatorNamespace } from './operator.ts'
import type { World } from './world.ts'

export interface ServicePath {
  /** To the gateway and nowhere else. */
  readonly leadsToGateway: () => boolean
  readonly leadsToPods: () => boolean
}

export const servicePath = ({ kubectl, namespace }: World, name: string): ServicePath => {
  const selector = (): object | undefined => kubectl.get('service', name, namespace)?.['spec'].selector
  /** Who writes the slices of the Service. */
  const writers = (): ReadonlySet<string> =>
    new Set(
      kubectl
        .list('endpointslice', namespace, `kubernetes.io/service-name=${name}`)
        .map(({ metadata }) => metadata.labels?.['endpointslice.kubernetes.io/managed-by'] ?? ''),
    )
  return {
    leadsToGateway: () => {
      const now = writers()
      return selector() === undefined && now.size === 1 && now.has('gantry.dev')
    },
    leadsToPods: () => selector() !== undefined && !writers().has('gantry.dev'),
  }
}

export const gatewayPods = ({ kubectl }: World): readonly Live[] =>
  kubectl.list('pod', operatorNamespace, gatewaySelector)
