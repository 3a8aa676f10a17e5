/** Models without a volume: each pod imports its version by itself, and has to find what the first import found. */
import { parseQuantity } from '@gantry/kube/quantity.ts'
import { historyLimitOf } from './desired/defaults.ts'
import type { ModelDeployment, ModelDeploymentSpec, Version } from './model-deployment.ts'
import { revisionOf } from './revision.ts'

type Source = ModelDeploymentSpec['model']['source']

/** The kubelet mounts the image that has the model, and each pod imports from there. */
export const isImageVolume = ({ spec }: ModelDeployment): boolean => spec.storage?.mode === 'ImageVolume'

export const isEphemeral = (model: ModelDeployment): boolean =>
  model.spec.storage?.mode === 'Ephemeral' || isImageVolume(model)

/** The source as an import reaches it. */
export const importSource = (model: ModelDeployment): Source & { readonly isMountedImage: boolean } => ({
  ...model.spec.model.source,
  isMountedImage: isImageVolume(model),
})

/** Bytes of the folder that takes the place of a volume; undefined where spec.storage.size is none. */
export const ephemeralBytes = ({ spec }: ModelDeployment): number | undefined =>
  parseQuantity(spec.storage?.size ?? '10Gi')

/** Where a version came from, which spec need not name any more. */
const sourceOf = (model: ModelDeployment, version: Version): Source | undefined =>
  version.revision === revisionOf(model)
    ? model.spec.model.source
    : (version.importedFrom as Source | undefined)

/** The model as its spec was when the version was imported. @returns undefined where nobody knows that any more */
export const asImported = (model: ModelDeployment, version: Version): ModelDeployment | undefined => {
  const source = sourceOf(model, version)
  if (!source) return undefined
  const { version: _, ...rest } = model.spec.model
  const label = version.label === undefined ? {} : { version: version.label }
  return { ...model, spec: { ...model.spec, model: { ...rest, ...label, source } } }
}

/**
 * Versions that can be imported again, each with its source: the newest of them, and those that are in use.
 * @param inUse ids that stay beyond spec.versionHistoryLimit
 */
export const importableVersions = (
  model: ModelDeployment,
  versions: readonly Version[],
  inUse: readonly (string | undefined)[],
): readonly Version[] => {
  const known = versions.flatMap((version) => {
    const importedFrom = sourceOf(model, version)
    return importedFrom ? [{ ...version, importedFrom }] : []
  })
  const newest = new Set(known.slice(-historyLimitOf(model)))
  return known.filter((version) => newest.has(version) || inUse.includes(version.id))
}
