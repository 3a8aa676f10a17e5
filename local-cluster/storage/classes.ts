import type { VolumeKind } from './volumes.ts'

/** Marks the volumes that storage-provisioner.ts made and may remove. */
export const provisioner = 'gantry.dev/local-volumes'

type LocalClass = { readonly name: string; readonly kind: VolumeKind; readonly isDefault: boolean }

/** Both accept every access mode: there is one node, so what is shared is shared on it. */
export const localClasses: readonly LocalClass[] = [
  { name: 'gantry-local', kind: 'folder', isDefault: true },
  { name: 'gantry-tiny', kind: 'limited', isDefault: false },
]

export const storageClasses = () =>
  localClasses.map(({ name, isDefault }) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) } },
    provisioner,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  }))
