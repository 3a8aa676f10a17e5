import { shownDuration } from '@gantry/contract/duration.ts'
import { modelSelector } from '@gantry/contract/labels.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { isEnding, type LiveClaim } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { isSameQuantity } from '@gantry/kube/quantity.ts'
import { PersistentVolumeClaim } from '@gantry/kube/resources.ts'
import type { Finding } from '../../runtime/finding.ts'
import { longestRefusalMs } from '../../runtime/refused-writes.ts'
import { storageSizeOf } from '../desired/defaults.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import type { Growth } from '../observe.ts'
import type { Check } from './check.ts'

export const volumeLost: Check = ({ isVolumeLost, model }) =>
  isVolumeLost
    ? {
        reason: 'VolumeLost',
        message: `PersistentVolumeClaim ${model.metadata.name} is gone, and with it the versions that were imported; a new one is made and the source is imported again.`,
        retry: 'backoff',
        afterMs: 500, // the new claim is made once the status above is written
      }
    : undefined

export const volumeEnding: Check = ({ claim, model }) => {
  if (!claim || !isEnding(claim)) return undefined
  const { name, namespace } = model.metadata
  return {
    reason: 'VolumeEnding',
    message: `PersistentVolumeClaim ${name} was deleted and goes when no pod uses it; then a new one is made and the source is imported again. To have that now, which is an outage until the import has ended: kubectl -n ${namespace} delete pods -l ${modelSelector(name)}`,
    retry: 'never',
  }
}

const requestOf = ({ spec }: LiveClaim): string | undefined => spec?.resources?.requests?.storage

const failures = new Set(['FailedBinding', 'ProvisioningFailed'])

/** @returns how to get the desired size, where the live size is another one */
const sizeKept = (claim: LiveClaim, model: ModelDeployment): string => {
  const { name, namespace } = model.metadata
  const desired = storageSizeOf(model)
  return isSameQuantity(requestOf(claim), desired)
    ? ''
    : ` Its size is fixed until it is bound; for one of ${desired}: kubectl -n ${namespace} delete pvc ${name}`
}

export const volumeUnbound: Check = ({ claim, events, model }) => {
  const failure = events.findLast(
    ({ involvedObject, reason = '' }) =>
      involvedObject?.uid !== undefined && involvedObject.uid === claim?.metadata.uid && failures.has(reason),
  )
  if (!claim || !failure) return undefined
  return {
    reason: 'VolumeUnbound',
    message: `${PersistentVolumeClaim.kind} ${claim.metadata.name} gets no volume: ${quoted(failure.message ?? '')}. Set spec.storage.storageClassName to a class that exists and provisions (kubectl get storageclass), or provide a fitting PersistentVolume.${sizeKept(claim, model)}`,
    retry: 'never',
  }
}

export const claimLost: Check = ({ claim }) =>
  claim?.status?.phase === 'Lost'
    ? {
        reason: 'VolumeUnbound',
        message: `The volume behind PersistentVolumeClaim ${claim.metadata.name} does not exist any more. Delete the claim: a new one is made and the source is imported again.`,
        retry: 'never',
      }
    : undefined

const classOf = ({ spec }: LiveClaim): string =>
  spec?.storageClassName ? `StorageClass ${spec.storageClassName}` : 'no StorageClass'

/**
 * A change of size that the API server refuses. The volume keeps its size, and the model serves on.
 * @param said the words of the API server
 */
export const volumeNotEnlarged = (
  desired: KubernetesObject,
  live: KubernetesObject | undefined,
  said: string,
): Finding | undefined => {
  if (desired.kind !== PersistentVolumeClaim.kind || !live) return undefined
  const [current, wanted] = [requestOf(live), requestOf(desired)]
  if (isSameQuantity(current, wanted)) return undefined
  const { name, namespace } = live.metadata
  return {
    reason: 'VolumeNotEnlarged',
    message: `PersistentVolumeClaim ${namespace}/${name} stays at ${current} instead of ${wanted}: the API server says ${quoted(said)}. It has ${classOf(live)}, and only a class with allowVolumeExpansion: true lets volumes grow. Set spec.storage.size back to ${current}, or mend what keeps it from growing; it is tried again every ${shownDuration(longestRefusalMs)} at least.`,
    retry: 'backoff',
    isNonBlocking: true,
  }
}

/** How a user can make room on a full volume. */
export const moreRoom = (claim: LiveClaim | undefined, growth: Growth | undefined): string => {
  const size = claim && requestOf(claim)
  if (!claim || !growth || size === undefined) {
    return 'Raise spec.storage.size, and the import starts again by itself.'
  }
  if (growth.kind === 'possible') {
    return `Raise spec.storage.size above ${size}, and the import starts again by itself.`
  }
  return `The volume of ${size} (${classOf(claim)}) cannot be enlarged: ${quoted(growth.message)}. Set allowVolumeExpansion: true on the class where its provisioner can expand volumes, or create a ModelDeployment of another name with a larger spec.storage.size.`
}
