/** The media types that registries store models under, and those that tell what else an artifact is. */

export const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const

export const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const

/** Manifests that were signed within themselves. They have no digests of configurations and layer sizes. */
const schema1Types: readonly string[] = [
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
]

export const isManifestType = (type: string): boolean => manifestTypes.some((known) => known === type)
export const isIndexType = (type: string): boolean => indexTypes.some((known) => known === type)
export const isSchema1Type = (type: string): boolean => schema1Types.includes(type)

/** The content of an artifact that needs no configuration, or no layer: `{}`. */
export const emptyType = 'application/vnd.oci.empty.v1+json'

const imageConfigs: readonly string[] = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]
export const isImageConfig = (type: string): boolean => imageConfigs.includes(type)

/** Layers of images: archives of file systems, each above the ones before it. */
export const isImageLayer = (type: string): boolean =>
  /^application\/vnd\.(oci\.image\.layer\.v1\.tar(\+gzip|\+zstd)?|docker\.image\.rootfs\.diff\.tar(\.gzip|\.zstd)?)$/.test(
    type,
  )

/** ModelPack of the CNCF, and its older name. */
export const isModelPack = (type: string): boolean => /^application\/vnd\.(cncf|cnai)\.model\./.test(type)
export const modelPackLayer =
  /^application\/vnd\.(?:cncf|cnai)\.model\.(weight|weight\.config|doc|code|dataset)\.v1\.(.+)$/

export const isDockerModel = (type: string): boolean =>
  /^application\/vnd\.docker\.ai\.model\.config\.v0\.\d+\+json$/.test(type)

/** Whether a layer is an archive, by its media type. ModelPack, images, and the folders of Docker models and of ORAS end so. */
export const isArchiveType = (type: string): boolean => /[./]tar([.+](gzip|zstd))?$/.test(type)

/** Layers that only a holder of a key can read (OCIcrypt). */
export const isEncrypted = (type: string): boolean => type.endsWith('+encrypted')

/** Layers that the registry does not have. */
export const isForeign = (type: string): boolean => /nondistributable|\.foreign\./.test(type)

/** What is no model, by the media type of its configuration, its kind, or its layers. */
const others: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^application\/vnd\.cncf\.helm\./, 'a Helm chart'],
  [
    /^application\/vnd\.dev\.cosign\.|^application\/vnd\.dev\.sigstore\.|simplesigning/,
    'a signature of another artifact',
  ],
  [/^application\/vnd\.in-toto|^application\/vnd\.dsse|attestation/, 'an attestation about another artifact'],
  [/cyclonedx|spdx|\.sbom/, 'a bill of materials'],
  [/^application\/vnd\.kitops\./, 'a ModelKit of KitOps'],
  [/^application\/vnd\.wasm|^application\/vnd\.module\.wasm/, 'a WebAssembly module'],
  [/^application\/vnd\.cncf\.flux\./, 'a source of Flux'],
  [/^application\/vnd\.ollama\./, 'a model of Ollama'],
]

/** @returns such as `a Helm chart`; undefined for what may be a model */
export const otherThanModel = (types: readonly string[]): string | undefined =>
  others.find(([pattern]) => types.some((type) => pattern.test(type)))?.[1]
