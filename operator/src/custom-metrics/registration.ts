/** Whose the API is. Only one program of a cluster can serve custom.metrics.k8s.io, and others may have come first. */
import { explain } from '@gantry/kube/errors.ts'
import type { Kube, KubernetesObject } from '@gantry/kube/objects.ts'
import { APIService } from '@gantry/kube/resources.ts'
import { group, versions } from './address.ts'

export interface ServiceName {
  readonly namespace: string
  readonly name: string
}

export type Registration =
  | { readonly kind: 'ours' }
  /** A sentence about it, and what to do. */
  | { readonly kind: 'missing' | 'taken'; readonly message: string }
  /** The API server did not say. */
  | { readonly kind: 'unknown'; readonly message: string }

interface LiveAPIService extends KubernetesObject {
  readonly spec?: { readonly service?: Partial<ServiceName> | null }
}

const nameOf = (version: string): string => `${version}.${group}`

const judged = (live: LiveAPIService | undefined, version: string, ours: ServiceName): Registration => {
  if (!live)
    return {
      kind: 'missing',
      message: `There is no APIService ${nameOf(version)}, so autoscalers do not find the metrics of models: run helm upgrade, which makes it again.`,
    }
  const { namespace, name } = live.spec?.service ?? {}
  if (namespace === ours.namespace && name === ours.name) return { kind: 'ours' }
  const other = name === undefined ? 'the API server itself' : `Service ${namespace}/${name}`
  return {
    kind: 'taken',
    message: `APIService ${nameOf(version)} leads to ${other}, so autoscalers ask that one and not Gantry. One program of a cluster can serve this API: remove the other one and run helm upgrade, or set customMetrics.enabled=false and have the other one serve the metrics from Prometheus.`,
  }
}

/** The first version that is not ours decides: autoscalers take the one that the API server prefers. */
export const readRegistration = async (kube: Pick<Kube, 'get'>, ours: ServiceName): Promise<Registration> => {
  try {
    const judgements = await Promise.all(
      versions.map(async (version) =>
        judged(await kube.get<LiveAPIService>(APIService, undefined, nameOf(version)), version, ours),
      ),
    )
    return judgements.find(({ kind }) => kind !== 'ours') ?? { kind: 'ours' }
  } catch (error) {
    return { kind: 'unknown', message: explain(error) }
  }
}
