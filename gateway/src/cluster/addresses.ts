/** Which pods have which address. */
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { KeptPod } from './live.ts'

export interface Addresses {
  /** Follows one pod: `before` is undefined where it is new, `after` where it is gone. */
  readonly follow: (before: KubernetesObject | undefined, after: KubernetesObject | undefined) => void
  /** Namespaces of the pods that have the address; none where no pod is known by it. */
  readonly namespacesOf: (address: string) => ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

/** IPv4 addresses of connections to a port that listens on IPv6, too, begin with ::ffff: */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=[\d.]+$)/i, '')

const podKey = ({ metadata }: KeptPod): string => `${metadata.namespace}/${metadata.name}`

export const createAddresses = (): Addresses => {
  /** Namespace by pod, by address. An address may be known of two pods for a moment: of one that has ended, and of its successor. */
  const owners = new Map<string, ReadonlyMap<string, string>>()
  const namespaces = new Map<string, ReadonlySet<string>>()

  const put = (address: string, its: ReadonlyMap<string, string>): void => {
    if (its.size === 0) {
      owners.delete(address)
      namespaces.delete(address)
      return
    }
    owners.set(address, its)
    namespaces.set(address, new Set(its.values()))
  }
  const remove = (pod: KeptPod): void => {
    for (const address of pod.addresses) {
      const others = [...(owners.get(address) ?? [])].filter(([key]) => key !== podKey(pod))
      put(address, new Map(others))
    }
  }
  const add = (pod: KeptPod): void => {
    const { namespace = '' } = pod.metadata
    for (const address of pod.addresses)
      put(address, new Map([...(owners.get(address) ?? []), [podKey(pod), namespace]]))
  }
  return {
    follow: (before, after) => {
      if (before) remove(before as KeptPod)
      if (after) add(after as KeptPod)
    },
    namespacesOf: (address) => namespaces.get(plainAddress(address)) ?? none,
  }
}
