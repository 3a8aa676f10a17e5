import { versionIdPattern } from '@gantry/contract/versions.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { ModelDeployment, Version } from './model-deployment.ts'

/**
 * What a version is made from: the same revision is never imported twice, and another source or label is another
 * revision. 16 hexadecimal digits.
 */
export const revisionOf = ({ spec }: ModelDeployment): string => {
  const { uri, configMapRef, file, sha256 } = spec.model.source
  return fingerprint({ uri, configMap: configMapRef?.name, file, sha256, label: spec.model.version }, 16)
}

/** Which version spec wishes for. `current` is the one to serve until the wished one is on the volume. */
export type Wish =
  | { readonly kind: 'serve'; readonly version: Version }
  | { readonly kind: 'import'; readonly revision: string; readonly current?: Version }
  /** spec.model.version is the id of a version that the volume does not have. */
  | { readonly kind: 'unknown'; readonly id: string; readonly current?: Version }

/**
 * @param versions what is on the volume
 * @param deployedVersion id of the version in the live Deployment's template
 */
export const wishOf = (
  model: ModelDeployment,
  versions: readonly Version[],
  deployedVersion?: string,
): Wish => {
  const label = model.spec.model.version
  const byId = (id: string | undefined): Version | undefined => versions.find((version) => version.id === id)
  const revision = revisionOf(model)
  const wished = byId(label) ?? versions.findLast((version) => version.revision === revision)
  if (wished) return { kind: 'serve', version: wished }
  // What served last is known to work; what was deployed after it may not.
  const serving = byId(model.status?.activeVersion) ?? byId(deployedVersion)
  const current = serving ? { current: serving } : {}
  if (label && versionIdPattern.test(label)) return { kind: 'unknown', id: label, ...current }
  return { kind: 'import', revision, ...current }
}

/** The version that the Deployment should serve now, if there is one. */
export const versionToServe = (wish: Wish): Version | undefined =>
  wish.kind === 'serve' ? wish.version : wish.current
