import { isDeepStrictEqual } from 'node:util'
import { apiVersion, group, kind, labels } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { deepPath } from './nesting.ts'

/** The model an object belongs to, as namespace/name; undefined for what is none of ours. */
export const modelKey = (object: KubernetesObject): string | undefined => {
  const { metadata } = object
  if (object.kind === kind && object.apiVersion === apiVersion)
    return `${metadata.namespace}/${metadata.name}`
  const owner = metadata.ownerReferences?.find(
    (reference) =>
      reference.controller && reference.kind === kind && reference.apiVersion.startsWith(`${group}/`),
  )
  const name = metadata.labels?.[labels.model] ?? owner?.name
  return name && metadata.namespace ? `${metadata.namespace}/${name}` : undefined
}

interface AutoscalerStatus {
  readonly currentReplicas?: number
  readonly desiredReplicas?: number
  readonly conditions?: readonly {
    readonly type: string
    readonly status: string
    readonly reason?: string
  }[]
}

/** Without the measurements, which change every few seconds and decide nothing here. */
const withoutMeasurements = ({ currentReplicas, desiredReplicas, conditions }: AutoscalerStatus) => ({
  currentReplicas,
  desiredReplicas,
  conditions: conditions?.map(({ type, status, reason }) => ({ type, status, reason })),
})

/** What of an object can change the outcome of a pass. */
const essence = (object: KubernetesObject): unknown => {
  const { resourceVersion: _, ...metadata } = object.metadata
  const status = object['status']
  const isAutoscaler = object.kind === 'HorizontalPodAutoscaler' && status
  return {
    ...object,
    metadata,
    ...(isAutoscaler ? { status: withoutMeasurements(status as AutoscalerStatus) } : {}),
  }
}

/** A comparison would end in a RangeError, and the watch of all models with it. */
const isTooDeep = (object: KubernetesObject): boolean =>
  object.kind === kind && deepPath(object['spec']) !== undefined

/** Whether a change from one state to the other is worth a pass. */
export const isSignificant = (
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
): boolean => {
  if (!before || !after || isTooDeep(before) || isTooDeep(after)) return true
  return !isDeepStrictEqual(essence(before), essence(after))
}
