/** What of a model stays although nothing of it is applied. Pure. */
import type { LiveJob } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { Serving } from './desired/index.ts'
import { measuredVersionOf, measurementOf } from './evaluation/record.ts'
import type { Version } from './model-deployment.ts'
import type { Observed } from './observe.ts'

/**
 * A Deployment whose version is not in status (it was cleared) serves on until the import has reported again. What scales a model stays
 * where what spec asks for instead cannot be had.
 */
export const asTheyAre = (observed: Observed, serves: Serving | undefined): readonly KubernetesObject[] => {
  const { tracks, untracked, configMaps, autoscalers, scaledObjects } = observed
  const scalers = [...autoscalers, ...scaledObjects]
  if (serves) return serves.scaler === 'asItIs' ? scalers : []
  const deployments = [tracks.stable, untracked].filter((one) => one !== undefined)
  return deployments.length === 0 ? [] : [...deployments, ...configMaps, ...scalers]
}

/** The finished evaluation of the version that spec asks for stays for its log; any other stays until its result is in status. */
export const evaluationsToKeep = ({ model, target, versions, evaluateJobs }: Observed): readonly LiveJob[] =>
  evaluateJobs.filter((job) => {
    const isOf = ({ id, evaluation }: Version): boolean =>
      id === measuredVersionOf(job) && evaluation?.measurement === measurementOf(job)
    const isRecorded = model.status?.versions?.some(isOf) ?? false
    const isTarget = 'version' in target && isOf(target.version)
    return isTarget || (versions.some(isOf) && !isRecorded)
  })
