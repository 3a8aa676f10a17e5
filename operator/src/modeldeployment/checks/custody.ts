/** A version whose files on the volume are no longer those that were imported, while its pods answer by what they have loaded. */
import { askedPods } from '../inquire.ts'
import { versionIdOf } from '../observe.ts'
import type { Check } from './check.ts'

export const filesDamaged: Check = (observed) => {
  const { answers, model, target } = observed
  // A damaged version that is about to be replaced needs nobody to act.
  const id = target.kind === 'serve' ? target.version.id : undefined
  const pod = askedPods(observed).find(
    (one) => versionIdOf(one) === id && answers.get(one.metadata.name)?.damage !== undefined,
  )
  const damage = pod && answers.get(pod.metadata.name)?.damage
  if (!pod || damage === undefined) return undefined
  const { name, namespace } = model.metadata
  return {
    reason: 'DigestMismatch',
    message: `Pod ${pod.metadata.name} answers by what it has loaded, and no new pod would start: ${damage}. See which files: kubectl -n ${namespace} logs ${pod.metadata.name}. As long as pods of ${name} run, they go on.`,
    retry: 'never',
  }
}
