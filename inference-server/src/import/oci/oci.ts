/** A source in a registry: `oci://HOST/REPOSITORY:TAG` or `oci://HOST/REPOSITORY@sha256:DIGEST`. */
import { isPlainRegistry } from '@gantry/contract/source.ts'
import { ImportError } from '../../failures/import-error.ts'
import { isObject, parseJsonText } from '../../json/json-object.ts'
import { insidePath } from '../sources/entry-path.ts'
import type { Access, RemoteFile, RemoteFolder } from '../sources/remote.ts'
import { stageImage } from './image.ts'
import { chosenFrom } from './index-choice.ts'
import type { Descriptor, Manifest } from './manifest.ts'
import { emptyType } from './media-types.ts'
import { apiOf, type OciReference, parseReference } from './reference.ts'
import { openRegistry, type Registry } from './registry.ts'
import { shapeOf } from './shape.ts'

/** What a registry of this machine is called: Docker and containerd ask it over http too. */
const isThisMachine = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)

/** A registry is asked over http where it is of this machine, or where the installation lists it: the author of a source does not decide that. */
const isPlain = (text: string, reference: OciReference, { plainHttpRegistries = [] }: OciOptions): boolean =>
  isThisMachine(apiOf(reference, true)) || isPlainRegistry(text, plainHttpRegistries)

/** Indexes within an index: no client makes them deeper. */
const maxIndexDepth = 2

interface Resolved {
  /** Digest of what the reference names: of an index, where it is one. */
  readonly digest: string
  readonly manifest: Manifest
}

const resolveManifest = async ({ tag, digest }: OciReference, registry: Registry): Promise<Resolved> => {
  const top = await registry.manifest(digest ?? tag ?? '')
  let found = top
  for (let depth = 0; found.kind === 'index'; depth++) {
    if (depth === maxIndexDepth)
      throw new ImportError(
        'SourceUnsupported',
        'the index lists indexes that list indexes; give the digest of the manifest that is meant',
      )
    // Only digests are asked for after this, since a tag may be moved meanwhile.
    found = await registry.manifest(chosenFrom(found).digest)
  }
  return { digest: top.digest, manifest: found }
}

/** The configuration decides nothing, but a registry that has lost or changed it has no whole artifact. */
const checkConfig = async ({ config }: Manifest, registry: Registry): Promise<void> => {
  if (config.mediaType === emptyType) return
  try {
    if (isObject(parseJsonText((await registry.document(config)).toString('utf8')))) return
  } catch (error) {
    if (error instanceof ImportError) throw error
  }
  throw new ImportError(
    'SourceUnsupported',
    'the configuration of the artifact is no JSON; push the model again',
  )
}

const remoteFile = (
  {
    path,
    form,
    layer,
  }: { readonly path: string; readonly form: RemoteFile['form']; readonly layer: Descriptor },
  registry: Registry,
): RemoteFile => ({
  path,
  form,
  sizeBytes: layer.sizeBytes,
  digest: { algorithm: 'sha256', hex: layer.digest.slice('sha256:'.length), namedBy: 'the manifest' },
  open: (resume) => registry.download(layer, resume),
})

export interface OciOptions {
  /** Registries that are asked over http: with a port that port alone, without one any port. */
  readonly plainHttpRegistries?: readonly string[] | undefined
  /** Whether the source is a model of another library. */
  readonly export?: boolean | undefined
  /** Whether there has to be a Secret: whoever names one must not be taken for nobody where it is missing. */
  readonly hasSecret?: boolean | undefined
  /** What the tag stood for when the version was imported at first: it is not asked for again. */
  readonly pinnedDigest?: string | undefined
}

const missingSecret = (): ImportError =>
  new ImportError(
    'SourceForbidden',
    'the Secret of spec.model.source.secretRef does not exist, or has none of the keys .dockerconfigjson, token and username; make it a pull Secret (kubectl create secret docker-registry), or leave secretRef out for a public repository',
    'backoff',
  )

/**
 * Asks a registry what a reference stands for.
 * @throws Passing for what time may mend, ImportError for what it will not
 */
export const ociFolder = async (text: string, access: Access & OciOptions): Promise<RemoteFolder> => {
  const { pinnedDigest } = access
  const reference = {
    ...parseReference(text),
    ...(pinnedDigest === undefined ? {} : { digest: pinnedDigest }),
  }
  const { secret, hasSecret } = access
  if (hasSecret && !secret?.dockerConfig && !secret?.credentials) throw missingSecret()
  const registry = openRegistry(reference, isPlain(text, reference, access), access)
  const { digest, manifest } = await resolveManifest(reference, registry)
  const shape = shapeOf(manifest, access.export ?? false)
  await checkConfig(manifest, registry)
  const common = { revision: digest, form: 'folder' } as const
  if (shape.kind === 'files') {
    // Names that leave the folder are refused before a byte comes, and before anything could take them for clutter.
    for (const { path } of shape.files) insidePath(path, 'a layer of the artifact')
    return { ...common, files: shape.files.map((file) => remoteFile(file, registry)) }
  }
  const layers = shape.layers.map((layer, index) =>
    remoteFile({ path: `layer ${index + 1}`, form: 'payload', layer }, registry),
  )
  return {
    ...common,
    files: layers,
    stage: (bytesOf, destination) => stageImage(layers, bytesOf, destination),
  }
}
