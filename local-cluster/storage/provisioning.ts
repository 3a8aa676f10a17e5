import { fingerprint } from '../../kube/fingerprint.ts'
import type { KubernetesObject, Metadata } from '../../kube/objects.ts'
import { parseQuantity } from '../../kube/quantity.ts'
import { nodeName } from '../layout.ts'
import { localClasses, provisioner } from './classes.ts'
import type { VolumeKind } from './volumes.ts'

export type Claim = KubernetesObject & {
  readonly metadata: Metadata & { readonly namespace: string; readonly uid: string }
  readonly spec: {
    readonly storageClassName?: string
    readonly volumeName?: string
    readonly volumeMode?: string
    readonly accessModes?: readonly string[]
    readonly resources?: { readonly requests?: { readonly storage?: string } }
  }
  readonly status?: { readonly phase?: string }
}

export type Volume = KubernetesObject & {
  readonly spec: {
    readonly persistentVolumeReclaimPolicy?: string
    readonly claimRef?: { readonly uid?: string }
  }
  readonly status?: { readonly phase?: string }
}

/** What one look at the cluster asks for. */
export type Plan = {
  readonly create: readonly { claim: Claim; name: string; kind: VolumeKind; bytes: number; size: string }[]
  readonly refuse: readonly { claim: Claim; message: string }[]
  /** Released volumes: their data goes, then the object. */
  readonly release: readonly string[]
}

const volumeNameOf = (claim: Claim): string => `pvc-${claim.metadata.uid}`

const isWaiting = (claim: Claim): boolean =>
  claim.status?.phase === 'Pending' && !claim.spec.volumeName && !claim.metadata.deletionTimestamp

const isReleased = (volume: Volume): boolean =>
  volume.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] === provisioner &&
  volume.spec.persistentVolumeReclaimPolicy === 'Delete' &&
  (volume.status?.phase === 'Released' || volume.status?.phase === 'Failed')

/** Pure: decides from what is there, never from what just happened. */
export const planOf = (claims: readonly Claim[], volumes: readonly Volume[]): Plan => {
  const existing = new Set(volumes.map(({ metadata }) => metadata.name))
  const plan = { create: [] as Plan['create'][number][], refuse: [] as Plan['refuse'][number][] }
  for (const claim of claims) {
    const kind = localClasses.find(({ name }) => name === claim.spec.storageClassName)?.kind
    if (!kind || !isWaiting(claim) || existing.has(volumeNameOf(claim))) continue
    const size = claim.spec.resources?.requests?.storage ?? '1Gi'
    const bytes = Math.ceil(parseQuantity(size) ?? 0) // the API server takes nothing but quantities
    if (claim.spec.volumeMode === 'Block') {
      plan.refuse.push({ claim, message: 'only volumeMode Filesystem is provisioned here' })
    } else plan.create.push({ claim, name: volumeNameOf(claim), kind, bytes, size })
  }
  return { ...plan, release: volumes.filter(isReleased).map(({ metadata }) => metadata.name) }
}

/** A `local` volume, not a `hostPath`: the kubelet then applies a pod's fsGroup as it does on a real disk. */
export const persistentVolume = ({ claim, name, size }: Plan['create'][number], path: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': provisioner } },
  spec: {
    capacity: { storage: size },
    accessModes: claim.spec.accessModes,
    persistentVolumeReclaimPolicy: 'Delete',
    storageClassName: claim.spec.storageClassName,
    claimRef: {
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', uid: claim.metadata.uid },
      ...{ namespace: claim.metadata.namespace, name: claim.metadata.name },
    },
    local: { path },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] }] },
        ],
      },
    },
  },
})

/** Tells the owner of a claim, in `kubectl describe`, why it stays Pending. */
export const provisioningFailed = ({ metadata }: Claim, message: string, now: Date) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: {
    name: `${metadata.name}.${fingerprint([metadata.uid, message, now.getTime()], 16)}`,
    namespace: metadata.namespace,
  },
  involvedObject: {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', uid: metadata.uid },
    ...{ namespace: metadata.namespace, name: metadata.name },
  },
  ...{ type: 'Warning', reason: 'ProvisioningFailed', message },
  source: { component: provisioner },
  ...{ firstTimestamp: now.toISOString(), lastTimestamp: now.toISOString(), count: 1 },
})
