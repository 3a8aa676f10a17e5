import { versionIdPattern } from '@gantry/contract/versions.ts'
import { fingerprint } from '@gantry/kube/fingerprint.ts'
import type { ModelDeployment, Version } from './model-deployment.ts'

/**
 * Identifies what a version is made from. The same revision is never imported twice; another source or label is another
 * revision. 16 hexadecimal digits.
 */
export const revisionOf = ({ spec }: ModelDeployment): string => {
  const { uri, configMapRef, file, sha256 } = spec.model.source
  return fingerprint({ uri, configMap: configMapRef?.name, file, sha256, label: spec.model.version }, 16)
}

/** The version that spec asks for. `current` is served until that version is on the volume. */
export type TargetVersion =
  | { readonly kind: 'serve'; readonly version: Version }
  | { readonly kind: 'import'; readonly revision: string; readonly current?: Version }
  /** spec.model.version is the id of a version that the volume does not have. */
  | { readonly kind: 'unknown'; readonly id: string; readonly current?: Version }

/**
 * @param versions what is on the volume
 * @param deployedVersion id of the version in the live Deployment's template
 */
export const targetOf = (
  model: ModelDeployment,
  versions: readonly Version[],
  deployedVersion?: string,
): TargetVersion => {
  const label = model.spec.model.version
  const byId = (id: string | undefined): Version | undefined => versions.find((version) => version.id === id)
  const revision = revisionOf(model)
  const desired = byId(label) ?? versions.findLast((version) => version.revision === revision)
  if (desired) return { kind: 'serve', version: desired }
  // The last served version is known to work; a version deployed after it may not be.
  const serving = byId(model.status?.activeVersion) ?? byId(deployedVersion)
  const current = serving ? { current: serving } : {}
  if (label && versionIdPattern.test(label)) return { kind: 'unknown', id: label, ...current }
  return { kind: 'import', revision, ...current }
}

/** The version that the Deployment should serve now, if there is one. */
export const versionToServe = (target: TargetVersion): Version | undefined =>
  target.kind === 'serve' ? target.version : target.current
