/** The objects of a cluster that the gateway watches, and the little that it keeps of each. */
import { apiVersion, kind, labels, plural } from '@gantry/contract/labels.ts'
import { mounts } from '@gantry/contract/server.ts'
import { isOver, isReady, type LiveCondition, type LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { resource } from '@gantry/kube/resources.ts'

export const ModelDeployment = resource(apiVersion, kind, plural)

export type LiveModel = KubernetesObject & {
  readonly spec?: {
    readonly suspend?: boolean
    readonly autoscaling?: { readonly minReplicas?: number }
    readonly serve?: { readonly timeoutSeconds?: number; readonly auth?: object; readonly tls?: object }
    readonly rollout?: {
      readonly abort?: { readonly latencyMargin?: number; readonly maxLatencyP95Ms?: number }
      readonly sticky?: { readonly header: string }
    }
  }
  readonly status?: {
    readonly conditions?: readonly LiveCondition[]
    readonly activeVersion?: string
    readonly managedBy?: string
    readonly gatewayPort?: number
    /** The version that is being tried. */
    readonly canary?: {
      readonly run: string
      readonly step: number
      readonly weight: number
      readonly slowMs?: number
    }
  }
}

interface PodPort {
  readonly name?: string
  readonly containerPort: number
}

type WholePod = KubernetesObject & {
  readonly spec?: {
    readonly hostNetwork?: boolean
    readonly containers?: readonly {
      readonly name: string
      readonly ports?: readonly PodPort[]
      readonly volumeMounts?: readonly { readonly mountPath: string }[]
    }[]
  }
  readonly status?: LivePod['status'] & { readonly podIPs?: readonly { readonly ip: string }[] }
}

/** What is kept of a pod: its addresses tell who calls, and its ports lead to a model. */
export type KeptPod = KubernetesObject & {
  /** Addresses that are the pod's alone, the first one being that of its Service. */
  readonly addresses: readonly string[]
  readonly isReady: boolean
  /** Ports by their names. */
  readonly ports: Readonly<Record<string, number>>
  /** Whether its server has a folder of API keys, so that it asks every caller for one. */
  readonly asksForKeys: boolean
}

type Rollout = NonNullable<NonNullable<LiveModel['spec']>['rollout']>
type LiveStatus = NonNullable<LiveModel['status']>
type LiveCanary = NonNullable<NonNullable<LiveModel['status']>['canary']>

const keptRollout = ({ abort = {}, sticky }: Rollout = {}): Rollout => {
  const { latencyMargin, maxLatencyP95Ms } = abort
  return {
    abort: {
      ...(latencyMargin !== undefined && { latencyMargin }),
      ...(maxLatencyP95Ms !== undefined && { maxLatencyP95Ms }),
    },
    ...(sticky && { sticky: { header: sticky.header } }),
  }
}

const keptCanary = ({ run, step, weight, slowMs }: LiveCanary): LiveCanary => ({
  ...{ run, step, weight },
  ...(slowMs !== undefined && { slowMs }),
})

const keptStatus = ({ conditions = [], canary, ...rest }: LiveStatus = {}): LiveStatus => {
  const { activeVersion, managedBy, gatewayPort } = rest
  return {
    conditions,
    ...(activeVersion !== undefined && { activeVersion }),
    ...(managedBy !== undefined && { managedBy }),
    ...(gatewayPort !== undefined && { gatewayPort }),
    ...(canary && { canary: keptCanary(canary) }),
  }
}

export const keptModel = ({ metadata, spec, status, ...rest }: LiveModel): LiveModel => {
  const { name, namespace = '', resourceVersion = '' } = metadata
  const { timeoutSeconds, auth, tls } = spec?.serve ?? {}
  return {
    ...{ apiVersion: rest.apiVersion, kind: rest.kind, metadata: { name, namespace, resourceVersion } },
    spec: {
      serve: {
        ...(timeoutSeconds !== undefined && { timeoutSeconds }),
        ...(auth && { auth: {} }),
        ...(tls && { tls: {} }),
      },
      rollout: keptRollout(spec?.rollout),
      ...(spec?.suspend && { suspend: true }),
      ...(spec?.autoscaling?.minReplicas === 0 && { autoscaling: { minReplicas: 0 } }),
    },
    status: keptStatus(status),
  }
}

/** A pod on the network of its node shares its address with others; that of a pod which has ended may be another's by now. */
const addressesOf = (pod: WholePod): readonly string[] => {
  if (pod.spec?.hostNetwork === true || isOver(pod)) return []
  const { podIP, podIPs = [] } = pod.status ?? {}
  return [...new Set([podIP, ...podIPs.map(({ ip }) => ip)])].filter((ip) => ip !== undefined)
}

const serverLabels = [labels.managedBy, labels.component, labels.model, labels.track] as const

const isKept = (pod: WholePod | KeptPod): pod is KeptPod => 'asksForKeys' in pod

/** @param pod as the API server sends it, or what was kept of it: lists are cut down page by page, and once more as a whole */
export const keptPod = (pod: WholePod | KeptPod): KeptPod => {
  if (isKept(pod)) return pod
  const { name, namespace = '', resourceVersion = '', labels: own = {} } = pod.metadata
  const known = serverLabels.filter((label) => own[label] !== undefined)
  const isServer = own[labels.model] !== undefined
  const containers = isServer ? (pod.spec?.containers ?? []) : []
  const ports = containers.flatMap((container) => container.ports ?? [])
  return {
    ...{ apiVersion: pod.apiVersion, kind: pod.kind },
    metadata: {
      ...{ name, namespace, resourceVersion },
      labels: Object.fromEntries(known.map((label) => [label, own[label] ?? ''])),
    },
    addresses: addressesOf(pod),
    isReady: isServer && isReady(pod),
    ports: Object.fromEntries(
      ports.map(({ name: port = '', containerPort }) => [port, containerPort] as const),
    ),
    asksForKeys: containers.some(({ volumeMounts }) =>
      volumeMounts?.some(({ mountPath }) => mountPath === mounts.apiKeys),
    ),
  }
}

/** Only whether its pods may call models of other namespaces. */
export const keptNamespace = ({ apiVersion: version, kind: itsKind, metadata }: KubernetesObject) => {
  const client = metadata.labels?.[labels.client]
  return {
    ...{ apiVersion: version, kind: itsKind },
    metadata: {
      ...{ name: metadata.name, resourceVersion: metadata.resourceVersion ?? '' },
      labels: client === undefined ? {} : { [labels.client]: client },
    },
  }
}
