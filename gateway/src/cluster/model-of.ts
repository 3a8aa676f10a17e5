/** A model as the gateway knows it, of its ModelDeployment and its pods. */
import { serviceName, type Track } from '@gantry/contract/gateway.ts'
import { components, labels } from '@gantry/contract/labels.ts'
import { conditionOf } from '@gantry/kube/live.ts'
import { defaultTimeoutMs, type Endpoint, type Model } from '../models/model.ts'
import type { Certificate } from '../tls/certificate.ts'
import { canaryOf } from './canary-of.ts'
import type { KeptPod, LiveModel } from './live.ts'

/** Names of a server's ports. */
const plain = { scheme: 'http', http: 'http', grpc: 'grpc' } as const
const secure = { scheme: 'https', http: 'https', grpc: 'grpcs' } as const

/** What the gateway can do for models whose pods speak TLS. */
export type Covers = Pick<Certificate, 'covers'>

const isServerOf = ({ metadata }: KeptPod, name: string): boolean =>
  metadata.labels?.[labels.model] === name &&
  metadata.labels[labels.component] === components.server &&
  metadata.labels[labels.managedBy] === labels.manager

const originOf = (scheme: string, address: string, port: number): string =>
  `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`

/** Pods of a release before the tracks have no label; they serve what is stable. */
const trackOf = ({ metadata }: KeptPod): Track =>
  metadata.labels?.[labels.track] === 'canary' ? 'canary' : 'stable'

/** While TLS is switched on or off there are pods of both kinds, and those of the model's own kind count. */
const endpointOf = (pod: KeptPod, serverName: string | undefined): readonly Endpoint[] => {
  const { scheme, ...names } = serverName === undefined ? plain : secure
  const [address] = pod.addresses
  const { [names.http]: http, [names.grpc]: grpc } = pod.ports
  if (address === undefined || http === undefined) return []
  return [
    {
      url: originOf(scheme, address, http),
      grpcUrl: grpc === undefined ? undefined : originOf(scheme, address, grpc),
      track: trackOf(pod),
      ...(serverName !== undefined && { serverName }),
    },
  ]
}

const withoutStop = (sentence: string): string => sentence.replace(/[.\s]+$/, '')

/** Why no endpoint is ready: what the status says of what failed, or of what is awaited. */
const unreadyOf = (model: LiveModel, certificate: Covers | undefined): string => {
  if (model.spec?.serve?.tls && !certificate)
    return 'its servers speak TLS (spec.serve.tls), and the gateway does not; call the address of the model itself'
  const [message] = ['Stalled', 'Degraded', 'Ready', 'Reconciling'].flatMap((type) => {
    const condition = conditionOf(model, type)
    const isTrouble = condition?.status === (type === 'Ready' ? 'False' : 'True')
    return isTrouble && condition.message ? [condition.message] : []
  })
  return withoutStop(message ?? 'none of its pods is ready')
}

/** A model that sleeps is woken by the operator, which leaves a suspended one as it is. */
const sleepOf = ({ spec, status }: LiveModel, certificate: Covers | undefined): Model['sleep'] =>
  spec?.autoscaling?.minReplicas === 0
    ? {
        mayBeWoken:
          status?.activeVersion !== undefined &&
          !spec.suspend &&
          (!spec.serve?.tls || certificate !== undefined),
      }
    : undefined

/** Another release leads the Services of its models to gateways of its own. Callers of a model with TLS expect its name in the certificate. */
const portOf = (
  { metadata, spec, status }: LiveModel,
  { manager, certificate }: Installed,
): number | undefined => {
  const { name, namespace = '' } = metadata
  if (spec?.serve?.tls && !certificate?.covers(serviceName({ namespace, name }))) return undefined
  return manager !== undefined && status?.managedBy === manager ? status.gatewayPort : undefined
}

/** How this gateway was installed. */
export interface Installed {
  /** The release whose models have ports of their own, as NAMESPACE/RELEASE. */
  readonly manager?: string | undefined
  /** undefined: the gateway speaks no TLS. */
  readonly certificate?: Covers | undefined
}

/** @param pods those with the label of the model's name, in its namespace */
export const modelOf = (model: LiveModel, pods: readonly KeptPod[], installed: Installed = {}): Model => {
  const { name, namespace = '' } = model.metadata
  const { timeoutSeconds, auth, tls } = model.spec?.serve ?? {}
  const { certificate } = installed
  const ready = pods.filter((pod) => pod.isReady && isServerOf(pod, name))
  const serverName = tls ? serviceName({ namespace, name }) : undefined
  const endpoints = tls && !certificate ? [] : ready.flatMap((pod) => endpointOf(pod, serverName))
  return {
    ...{ namespace, name, endpoints, port: portOf(model, installed), canary: canaryOf(model) },
    ...(tls && { isSecure: true }),
    sleep: sleepOf(model, certificate),
    timeoutMs: timeoutSeconds === undefined ? defaultTimeoutMs : timeoutSeconds * 1000,
    // Pods from before spec.serve.auth was set may still serve, and they ask nobody.
    asksForKeys: auth !== undefined && ready.every(({ asksForKeys }) => asksForKeys),
    ...(endpoints.length === 0 && { unready: unreadyOf(model, certificate) }),
  }
}
