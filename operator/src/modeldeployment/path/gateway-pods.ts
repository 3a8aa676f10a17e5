/** The gateway's pods in the namespace of the installation, kept up to date by a watch. */
import { gatewaySelector } from '@gantry/contract/labels.ts'
import type { KubeClient } from '@gantry/kube/client.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import { isOver, isReady, type LivePod } from '@gantry/kube/live.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { createReflector, type ReflectorTiming } from '@gantry/kube/reflector.ts'
import { Pod } from '@gantry/kube/resources.ts'
import { createStore } from '@gantry/kube/store.ts'

export interface GatewayPod {
  readonly name: string
  /** The first one is the address of the pod; a cluster with two families of addresses gives it one of each. Empty while it has none. */
  readonly ips: readonly string[]
  readonly nodeName?: string | undefined
}

export interface GatewayPods {
  /** Those of this release that are ready and not ending, by name: Services of models lead to them. undefined: not listed yet. */
  readonly ready: () => readonly GatewayPod[] | undefined
  /** Those of all releases, starting and ending ones too: each may hold requests. undefined: not listed yet. */
  readonly all: () => readonly GatewayPod[] | undefined
  /** Follows them until the signal fires. @param onChange called after each change of those that are ready */
  readonly run: (onChange: () => void, signal: AbortSignal) => Promise<void>
}

export interface GatewayPodsOptions {
  readonly kube: Pick<KubeClient, 'listAll' | 'watch'>
  readonly clock: Clock
  readonly log: Log
  /** That of the installation. */
  readonly namespace: string
  /** Name of the Helm release. */
  readonly release: string
  readonly timing?: Partial<ReflectorTiming>
}

const releaseLabel = 'app.kubernetes.io/instance'

interface Seen extends GatewayPod {
  readonly release: string | undefined
  readonly isReady: boolean
}

type Kept = KubernetesObject & { readonly gateway: Seen | undefined }

const gatewayOf = (pod: LivePod): Seen | undefined => {
  if (isOver(pod)) return undefined
  const { podIP, podIPs = [] } = (pod.status ?? {}) as NonNullable<LivePod['status']> & {
    readonly podIPs?: readonly { readonly ip: string }[]
  }
  const { name, labels } = pod.metadata
  const ips = [...new Set([podIP, ...podIPs.map(({ ip }) => ip)])].filter((ip) => ip !== undefined)
  const release = labels?.[releaseLabel]
  return { name, ips, nodeName: pod.spec?.nodeName, release, isReady: ips.length > 0 && isReady(pod) }
}

const keptOf = (object: KubernetesObject): Kept => {
  if ('gateway' in object) return object as Kept
  const { name, namespace = '', resourceVersion = '' } = object.metadata
  const { apiVersion, kind } = object
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, resourceVersion },
    gateway: gatewayOf(object as LivePod),
  }
}

const podOf = ({ name, ips, nodeName }: Seen): GatewayPod => ({ name, ips, nodeName })

export const createGatewayPods = ({ namespace, release, ...shared }: GatewayPodsOptions): GatewayPods => {
  let onChange = (): void => {}
  let all: readonly GatewayPod[] = []
  let ready: readonly GatewayPod[] = []
  const store = createStore({ kept: keptOf, onChange: () => look() })
  /** The lists are computed at changes, since every pass over a model reads one of them. */
  const look = (): void => {
    const seen = (store.all() as readonly Kept[])
      .flatMap(({ gateway }) => gateway ?? [])
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    all = seen.map(podOf)
    const next = seen.filter((one) => one.isReady && one.release === release).map(podOf)
    const isSame = JSON.stringify(next) === JSON.stringify(ready)
    ready = next
    if (!isSame) onChange()
  }
  let isSynced = (): boolean => false
  return {
    ready: () => (isSynced() ? ready : undefined),
    all: () => (isSynced() ? all : undefined),
    run: async (changed, signal) => {
      onChange = changed
      const selector = { namespace, labelSelector: gatewaySelector }
      const reflector = createReflector({ ...shared, resource: Pod, selector, store })
      isSynced = reflector.isSynced
      void reflector.synced.then(changed)
      await reflector.run(signal)
    },
  }
}
