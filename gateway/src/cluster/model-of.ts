/** A model as the gateway knows it, of its ModelDeployment and its pods. */
import type { Track } from '@gantry/contract/gateway.ts'
import { components, labels } from '@gantry/contract/labels.ts'
import { conditionOf } from '@gantry/kube/live.ts'
import { defaultTimeoutMs, type Endpoint, type Model } from '../models/model.ts'
import { canaryOf } from './canary-of.ts'
import type { KeptPod, LiveModel } from './live.ts'

/** Names of a server's ports that speak in the clear; those with TLS are called https and grpcs. */
const plain = { http: 'http', grpc: 'grpc' } as const

const isServerOf = ({ metadata }: KeptPod, name: string): boolean =>
  metadata.labels?.[labels.model] === name &&
  metadata.labels[labels.component] === components.server &&
  metadata.labels[labels.managedBy] === labels.manager

const originOf = (address: string, port: number): string =>
  `http://${address.includes(':') ? `[${address}]` : address}:${port}`

/** Pods of a release before the tracks have no label; they serve what is stable. */
const trackOf = ({ metadata }: KeptPod): Track =>
  metadata.labels?.[labels.track] === 'canary' ? 'canary' : 'stable'

const endpointOf = (pod: KeptPod): readonly Endpoint[] => {
  const [address] = pod.addresses
  const { [plain.http]: http, [plain.grpc]: grpc } = pod.ports
  if (address === undefined || http === undefined) return []
  return [
    {
      url: originOf(address, http),
      grpcUrl: grpc === undefined ? undefined : originOf(address, grpc),
      track: trackOf(pod),
    },
  ]
}

const withoutStop = (sentence: string): string => sentence.replace(/[.\s]+$/, '')

/** Why no endpoint is ready: what the status says of what failed, or of what is awaited. */
const unreadyOf = (model: LiveModel): string => {
  if (model.spec?.serve?.tls)
    return 'its servers speak TLS (spec.serve.tls), and the gateway does not; call the address of the model itself'
  const [message] = ['Stalled', 'Degraded', 'Ready', 'Reconciling'].flatMap((type) => {
    const condition = conditionOf(model, type)
    const isTrouble = condition?.status === (type === 'Ready' ? 'False' : 'True')
    return isTrouble && condition.message ? [condition.message] : []
  })
  return withoutStop(message ?? 'none of its pods is ready')
}

/** A model that sleeps is woken by the operator, which leaves a suspended one as it is. */
const sleepOf = ({ spec, status }: LiveModel): Model['sleep'] =>
  spec?.autoscaling?.minReplicas === 0
    ? { mayBeWoken: status?.activeVersion !== undefined && !spec.suspend && !spec.serve?.tls }
    : undefined

/** Another release leads the Services of its models to gateways of its own. */
const portOf = ({ status }: LiveModel, manager: string | undefined): number | undefined =>
  manager !== undefined && status?.managedBy === manager ? status.gatewayPort : undefined

/**
 * @param pods those with the label of the model's name, in its namespace
 * @param manager the release whose models have ports of their own, as NAMESPACE/RELEASE
 */
export const modelOf = (model: LiveModel, pods: readonly KeptPod[], manager?: string): Model => {
  const { name, namespace = '' } = model.metadata
  const { timeoutSeconds, auth } = model.spec?.serve ?? {}
  const ready = pods.filter((pod) => pod.isReady && isServerOf(pod, name))
  const endpoints = ready.flatMap(endpointOf)
  return {
    ...{ namespace, name, endpoints, port: portOf(model, manager), canary: canaryOf(model) },
    sleep: sleepOf(model),
    timeoutMs: timeoutSeconds === undefined ? defaultTimeoutMs : timeoutSeconds * 1000,
    // Pods from before spec.serve.auth was set may still serve, and they ask nobody.
    asksForKeys: auth !== undefined && ready.every(({ asksForKeys }) => asksForKeys),
    ...(endpoints.length === 0 && { unready: unreadyOf(model) }),
  }
}
