import type { KubernetesObject, ModelDeployment } from '../kubernetes.ts'
import { PersistentVolumeClaim } from '../resources.ts'
import { accessModesOf, storageSizeOf } from './defaults.ts'
import { identity } from './metadata.ts'

/** The claim of the volume that keeps the model's versions. */
export const volume = (model: ModelDeployment): KubernetesObject => {
  const { storageClassName } = model.spec.storage ?? {}
  return {
    ...identity(PersistentVolumeClaim, model),
    spec: {
      accessModes: accessModesOf(model),
      resources: { requests: { storage: storageSizeOf(model) } },
      ...(storageClassName === undefined ? {} : { storageClassName }),
    },
  }
}
