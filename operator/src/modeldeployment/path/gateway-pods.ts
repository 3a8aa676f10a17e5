/** The gateway's pods of this installation, kept up to date by a watch: Services of models lead to them. */
import { gatewaySelector } from '@gantry/contract/labels.ts'
import type { KubeClient } from '@gantry/kube/client.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import { isReady, type LivePod } from '@gantry/kube/live.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { createReflector, type ReflectorTiming } from '@gantry/kube/reflector.ts'
import { Pod } from '@gantry/kube/resources.ts'
import { createStore } from '@gantry/kube/store.ts'

/** A gateway that may get requests. */
export interface GatewayPod {
  readonly name: string
  /** The first one is the address of the pod; a cluster with two families of addresses gives it one of each. */
  readonly ips: readonly string[]
  readonly nodeName?: string | undefined
}

export interface GatewayPods {
  /** Those that are ready and not ending, by name; undefined while they have not been listed. */
  readonly ready: () => readonly GatewayPod[] | undefined
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

type Kept = KubernetesObject & { readonly gateway: GatewayPod | undefined }

const gatewayOf = (pod: LivePod): GatewayPod | undefined => {
  const { podIP, podIPs = [] } = (pod.status ?? {}) as NonNullable<LivePod['status']> & {
    readonly podIPs?: readonly { readonly ip: string }[]
  }
  const ips = [...new Set([podIP, ...podIPs.map(({ ip }) => ip)])].filter((ip) => ip !== undefined)
  if (ips.length === 0 || !isReady(pod)) return undefined
  return { name: pod.metadata.name, ips, nodeName: pod.spec?.nodeName }
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

export const createGatewayPods = ({ namespace, release, ...shared }: GatewayPodsOptions): GatewayPods => {
  let onChange = (): void => {}
  let ready: readonly GatewayPod[] = []
  const store = createStore({ kept: keptOf, onChange: () => look() })
  /** The list is computed at changes, since every pass over a model reads it. */
  const look = (): void => {
    const next = (store.all() as readonly Kept[])
      .flatMap(({ gateway }) => gateway ?? [])
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    const isSame = JSON.stringify(next) === JSON.stringify(ready)
    ready = next
    if (!isSame) onChange()
  }
  const labelSelector = `${gatewaySelector},app.kubernetes.io/instance=${release}`
  let isSynced = (): boolean => false
  return {
    ready: () => (isSynced() ? ready : undefined),
    run: async (changed, signal) => {
      onChange = changed
      const selector = { namespace, labelSelector }
      const reflector = createReflector({ ...shared, resource: Pod, selector, store })
      isSynced = reflector.isSynced
      void reflector.synced.then(changed)
      await reflector.run(signal)
    },
  }
}
