import { isDeepStrictEqual } from 'node:util'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { Kind } from './kind.ts'
import { deepPath } from './nesting.ts'

/** The object of `kind` that an object is or belongs to, as namespace/name; undefined where there is none. */
export const keyOf = (
  { resource, label }: Pick<Kind, 'resource' | 'label'>,
  object: KubernetesObject,
): string | undefined => {
  const { metadata } = object
  if (object.kind === resource.kind && object.apiVersion === resource.apiVersion)
    return `${metadata.namespace}/${metadata.name}`
  const [group] = resource.apiVersion.split('/')
  const owner = metadata.ownerReferences?.find(
    (reference) =>
      reference.controller &&
      reference.kind === resource.kind &&
      reference.apiVersion.startsWith(`${group}/`),
  )
  const name = metadata.labels?.[label] ?? owner?.name
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

/** Drops the measurements, which change every few seconds and decide nothing here. */
const withoutMeasurements = ({ currentReplicas, desiredReplicas, conditions }: AutoscalerStatus) => ({
  currentReplicas,
  desiredReplicas,
  conditions: conditions?.map(({ type, status, reason }) => ({ type, status, reason })),
})

/** What of an object can change the outcome of a pass. */
const essence = (object: KubernetesObject): unknown => {
  const { resourceVersion: _, ...metadata } = object.metadata
  const status = object['status']
  const isAutoscaler = /^(HorizontalPodAutoscaler|ScaledObject)$/.test(object.kind) && status
  return {
    ...object,
    metadata,
    ...(isAutoscaler ? { status: withoutMeasurements(status as AutoscalerStatus) } : {}),
  }
}

/** A comparison would end in a RangeError, and with it the watch of all objects of the kind. */
const isTooDeep = (object: KubernetesObject): boolean => deepPath(object['spec']) !== undefined

/** Whether a change from one state to the other is worth a pass. */
export const isSignificant = (
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
): boolean => {
  if (!before || !after || isTooDeep(before) || isTooDeep(after)) return true
  return !isDeepStrictEqual(essence(before), essence(after))
}
