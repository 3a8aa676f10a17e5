/** What an API server of Kubernetes 1.34 and later says of a changed claim. */
import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveClaim } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'

const invalid = (name: string, why: string): ApiError =>
  new ApiError(422, 'Invalid', `PersistentVolumeClaim "${name}" is invalid: spec: Forbidden: ${why}`)

const bytes = (quantity: unknown): number => parseQuantity(quantity) ?? 0

/** @param expands whether the StorageClass has allowVolumeExpansion */
export const checkClaim = (
  live: KubernetesObject | undefined,
  applied: KubernetesObject,
  expands: boolean,
): void => {
  if (!live || applied.kind !== 'PersistentVolumeClaim') return
  const { spec, status } = live as LiveClaim
  const from = bytes(spec?.resources?.requests?.storage)
  const to = bytes((applied as LiveClaim).spec?.resources?.requests?.storage)
  const { name } = live.metadata
  if (to === from) return
  if (status?.phase !== 'Bound')
    throw invalid(name, 'spec is immutable after creation except resources.requests')
  if (to < from && to <= bytes(status.capacity?.storage)) {
    throw invalid(name, 'field can not be less than status.capacity')
  }
  if (to > from && !expands) {
    const why =
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize'
    throw new ApiError(403, 'Forbidden', `persistentvolumeclaims "${name}" is forbidden: ${why}`)
  }
}
