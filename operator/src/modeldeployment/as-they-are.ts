/** What of a model stays although nothing of it is applied. Pure. */
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { Serving } from './desired/index.ts'
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
