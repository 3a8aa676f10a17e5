import { type Observed, versionIdOf } from './observe.ts'
import { readyPods, readyPodsOf } from './rollout.ts'

/**
 * Id of the version that answers: the desired version as soon as a pod serves it, until then the previous one. The previous one stays
 * while no pod is ready, since it is the version to fall back to.
 */
export const activeVersion = (observed: Observed): string | undefined => {
  const { target, model, versions } = observed
  if (target.kind === 'serve' && readyPodsOf(observed, target.version.id).length > 0) return target.version.id
  const serving = readyPods(observed).map(versionIdOf)
  const last = model.status?.activeVersion
  const candidates = last && (serving.length === 0 || serving.includes(last)) ? [last] : serving
  return candidates.find((id) => versions.some((version) => version.id === id))
}
