/** Pushes artifacts to a registry, in the forms in which models are kept there. For tests and measurements. */
import { createHash } from 'node:crypto'

export interface Blob {
  readonly mediaType: string
  readonly content: Buffer
  readonly annotations?: Readonly<Record<string, string>>
}

export interface Artifact {
  readonly config: Blob
  readonly layers: readonly Blob[]
  readonly artifactType?: string
  readonly annotations?: Readonly<Record<string, string>>
}

export interface Push {
  /** Root of a repository's part of the API, such as `http://127.0.0.1:5000/v2/team/model`. */
  readonly api: string
  /** Value of the header Authorization. */
  readonly authorization?: string | undefined
}

export const sha256Of = (content: Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`

export const manifestType = 'application/vnd.oci.image.manifest.v1+json'
export const indexType = 'application/vnd.oci.image.index.v1+json'
export const emptyConfig: Blob = {
  mediaType: 'application/vnd.oci.empty.v1+json',
  content: Buffer.from('{}'),
}

const call = async (url: string, { authorization }: Push, init: RequestInit): Promise<Response> => {
  const response = await fetch(url, {
    ...init,
    headers: {
      ...(init.headers as Record<string, string>),
      ...(authorization === undefined ? {} : { authorization }),
    },
  })
  if (response.ok) return response
  throw new Error(`${init.method} ${url} was answered with ${response.status}: ${await response.text()}`)
}

const pushBlob = async (push: Push, content: Buffer): Promise<void> => {
  const digest = sha256Of(content)
  const started = await call(`${push.api}/blobs/uploads/`, push, { method: 'POST' })
  const url = new URL(started.headers.get('location') ?? '', push.api)
  url.searchParams.set('digest', digest)
  const headers = { 'content-type': 'application/octet-stream' }
  await call(url.href, push, { method: 'PUT', headers, body: new Uint8Array(content) })
}

export const descriptorOf = ({ mediaType, content, annotations }: Blob) => ({
  mediaType,
  digest: sha256Of(content),
  size: content.length,
  ...(annotations === undefined ? {} : { annotations }),
})

/** @param name tag or digest @returns the digest */
export const pushManifest = async (
  push: Push,
  name: string | undefined,
  document: object,
  mediaType: string = manifestType,
): Promise<string> => {
  const body = Buffer.from(JSON.stringify(document))
  const digest = sha256Of(body)
  const headers = { 'content-type': mediaType }
  await call(`${push.api}/manifests/${name ?? digest}`, push, { method: 'PUT', headers, body })
  return digest
}

export const manifestOf = ({ config, layers, artifactType, annotations }: Artifact) => ({
  schemaVersion: 2,
  mediaType: manifestType,
  ...(artifactType === undefined ? {} : { artifactType }),
  config: descriptorOf(config),
  layers: layers.map(descriptorOf),
  ...(annotations === undefined ? {} : { annotations }),
})

/** @returns the digest of the manifest */
export const pushArtifact = async (
  push: Push,
  name: string | undefined,
  artifact: Artifact,
): Promise<string> => {
  const blobs = new Map(
    [artifact.config, ...artifact.layers].map(({ content }) => [sha256Of(content), content]),
  )
  for (const content of blobs.values()) await pushBlob(push, content)
  return pushManifest(push, name, manifestOf(artifact))
}

type Files = Readonly<Record<string, Buffer>>

const titled = (mediaType: string, annotation: string, files: Files): readonly Blob[] =>
  Object.entries(files).map(([path, content]) => ({
    mediaType,
    content,
    annotations: { [annotation]: path },
  }))

/** The artifact that `oras push` writes. */
export const orasArtifact = (files: Files): Artifact => ({
  artifactType: 'application/vnd.example.model',
  config: emptyConfig,
  layers: titled('application/octet-stream', 'org.opencontainers.image.title', files),
})

/** The artifact that `modctl build --raw` writes. @param name of the specification: `cncf`, or the older `cnai` */
export const modelPack = (files: Files, name: 'cncf' | 'cnai' = 'cncf'): Artifact => ({
  artifactType: `application/vnd.${name}.model.manifest.v1+json`,
  config: {
    mediaType: `application/vnd.${name}.model.config.v1+json`,
    content: Buffer.from(JSON.stringify({ descriptor: { name: 'model' }, config: { format: 'onnx' } })),
  },
  layers: titled(`application/vnd.${name}.model.weight.v1.raw`, `org.${name}.model.filepath`, files),
})

/** The artifact that Docker makes of a folder: each file is a layer. */
export const dockerModel = (files: Files): Artifact => ({
  config: {
    mediaType: 'application/vnd.docker.ai.model.config.v0.2+json',
    content: Buffer.from(JSON.stringify({ config: { format: 'onnx' } })),
  },
  layers: titled('application/vnd.docker.ai.model.file', 'org.cncf.model.filepath', files),
})

/** An image. @param layers archives, from the lowest to the uppermost, as they are pushed */
export const image = (
  layers: readonly Buffer[],
  mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip',
): Artifact => ({
  config: {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    content: Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: layers.map(sha256Of) },
      }),
    ),
  },
  layers: layers.map((content) => ({ mediaType, content })),
})
