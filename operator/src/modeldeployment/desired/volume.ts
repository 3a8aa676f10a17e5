import type { LiveClaim } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import { PersistentVolumeClaim } from '@gantry/kube/resources.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { accessModesOf, storageSizeOf } from './defaults.ts'
import { identity } from './metadata.ts'

/**
 * The size to ask for: what spec says where Kubernetes allows that. A claim that is not bound keeps its size, and a volume never shrinks;
 * only an expansion that was not carried out may become a smaller one, which still has to be larger than the volume.
 */
const sizeOf = (model: ModelDeployment, claim: LiveClaim | undefined): string => {
  const desired = storageSizeOf(model)
  const asked = claim?.spec?.resources?.requests?.storage
  if (asked === undefined) return desired
  if (claim?.status?.phase !== 'Bound') return asked
  const [desiredBytes = 0, askedBytes = 0] = [desired, asked].map(parseQuantity)
  const hasBytes = parseQuantity(claim.status.capacity?.storage)
  if (desiredBytes >= askedBytes) return desired
  return hasBytes !== undefined && desiredBytes > hasBytes ? desired : asked
}

/**
 * The claim of the volume that keeps the model's versions.
 * @param claim as it stands now
 */
export const volume = (model: ModelDeployment, claim: LiveClaim | undefined): KubernetesObject => {
  const { storageClassName } = model.spec.storage ?? {}
  return {
    ...identity(PersistentVolumeClaim, model),
    spec: {
      accessModes: accessModesOf(model),
      resources: { requests: { storage: sizeOf(model, claim) } },
      ...(storageClassName === undefined ? {} : { storageClassName }),
    },
  }
}

const gibibyte = 2 ** 30

/** The claim with one GiB more than it asks for now. */
export const largerVolume = (model: ModelDeployment, claim: LiveClaim): KubernetesObject => {
  const storage = `${(parseQuantity(claim.spec?.resources?.requests?.storage) ?? 0) + gibibyte}`
  const object = volume(model, claim)
  return { ...object, spec: { ...(object['spec'] as object), resources: { requests: { storage } } } }
}
