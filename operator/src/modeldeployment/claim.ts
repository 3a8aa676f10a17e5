/** The claim that keeps the versions of a model. */
import type { Cache } from '@gantry/kube/cache.ts'
import { conditionOf, isOwnedBy, type LiveClaim, type LiveJob } from '@gantry/kube/live.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import { PersistentVolumeClaim } from '@gantry/kube/resources.ts'
import { isEphemeral } from './ephemeral.ts'
import type { ModelDeployment } from './model-deployment.ts'

/** Whether the Job has run to its end, so that its claim was bound. */
const hasEnded = (job: LiveJob): boolean =>
  ['Complete', 'Failed'].some((type) => conditionOf(job, type)?.status === 'True')

/**
 * The model's claim. Where the cache does not have it and versions were imported, the API server is asked, since their loss depends on the
 * answer.
 * @param jobs all Jobs that used the claim
 */
export const claimOf = async (
  kube: Kube,
  cache: Cache,
  model: ModelDeployment,
  jobs: readonly LiveJob[],
): Promise<{ claim: LiveClaim | undefined; isVolumeLost: boolean }> => {
  if (isEphemeral(model)) return { claim: undefined, isVolumeLost: false }
  const { metadata, status } = model
  const { name, namespace, uid } = metadata
  const cached = cache.get<LiveClaim>(PersistentVolumeClaim, namespace, name)
  if (cached) return { claim: isOwnedBy(cached, uid) ? cached : undefined, isVolumeLost: false }
  const wasUsed = (status?.versions?.length ?? 0) > 0 || jobs.some(hasEnded)
  const claim = wasUsed ? await kube.get<LiveClaim>(PersistentVolumeClaim, namespace, name) : undefined
  return { claim: claim && isOwnedBy(claim, uid) ? claim : undefined, isVolumeLost: wasUsed && !claim }
}
