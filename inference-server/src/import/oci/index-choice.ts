/** An index lists manifests, of several machines or of several kinds; an import takes one of them. */
import { ImportError } from '../../failures/import-error.ts'
import { quotedList } from '../../failures/shown-text.ts'
import type { Descriptor, Index } from './manifest.ts'
import { isDockerModel, isModelPack } from './media-types.ts'

/** Model files are the same on every machine, and one platform for all keeps the version's digest the same on every node. */
const preferred = 'linux/amd64'

/** Provenance that builders add beside an image: an attestation names no platform that exists. */
const isAttestation = ({ annotations, platform }: Descriptor): boolean =>
  annotations.has('vnd.docker.reference.type') || platform === 'unknown/unknown'

const isModel = ({ artifactType }: Descriptor): boolean =>
  isModelPack(artifactType) || isDockerModel(artifactType)

/** @throws ImportError SourceUnsupported where several might be meant */
export const chosenFrom = ({ manifests }: Index): Descriptor => {
  const candidates = manifests.filter((manifest) => !isAttestation(manifest))
  for (const choose of [isModel, () => true, ({ platform }: Descriptor) => platform === preferred]) {
    const [only, ...more] = candidates.filter(choose)
    if (only && more.length === 0) return only
  }
  if (candidates.length === 0)
    throw new ImportError('SourceUnsupported', 'the index lists no manifest of a model; push the model again')
  throw new ImportError(
    'SourceUnsupported',
    `the index lists ${candidates.length} manifests, and none or several are of ${preferred}; give the digest of the one that is meant`,
    'never',
    {
      detail: `they are of ${quotedList(candidates.map(({ platform, artifactType }) => platform || artifactType || 'no platform'))}`,
    },
  )
}
