import { quoted } from '@gantry/contract/plain-text.ts'
import { isEnding } from '../live.ts'
import { PersistentVolumeClaim } from '../resources.ts'
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
    message: `PersistentVolumeClaim ${name} was deleted and goes when no pod uses it; then a new one is made and the source is imported again. To have that now: kubectl -n ${namespace} delete pods -l gantry.dev/model=${name}`,
    retry: 'never',
  }
}

const failures = new Set(['FailedBinding', 'ProvisioningFailed'])

export const volumeUnbound: Check = ({ claim, events }) => {
  const failure = events.findLast(
    ({ involvedObject, reason = '' }) =>
      involvedObject?.uid !== undefined && involvedObject.uid === claim?.metadata.uid && failures.has(reason),
  )
  if (!claim || !failure) return undefined
  return {
    reason: 'VolumeUnbound',
    message: `${PersistentVolumeClaim.kind} ${claim.metadata.name} gets no volume: ${quoted(failure.message ?? '')}. Set spec.storage.storageClassName to a class that exists and provisions (kubectl get storageclass), or provide a fitting PersistentVolume.`,
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
