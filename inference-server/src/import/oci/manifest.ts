/** Manifests and indexes, as registries answer with them: read within bounds, and checked before anything trusts them. */
import { createHash } from 'node:crypto'
import { ImportError } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { isObject, parseJsonText } from '../../json/json-object.ts'
import { mostFiles } from '../sources/remote.ts'
import { isIndexType, isManifestType, isSchema1Type } from './media-types.ts'
import { digestPattern } from './reference.ts'

/** What a manifest says of a blob, or an index of a manifest. */
export interface Descriptor {
  readonly mediaType: string
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string
  readonly sizeBytes: number
  readonly annotations: ReadonlyMap<string, string>
  /** Only in an index: what kind of artifact the manifest is. */
  readonly artifactType: string
  /** Only in an index: `linux/amd64`; '' where nothing is said. */
  readonly platform: string
}

interface Identified {
  /** Digest of the bytes that the registry answered with. */
  readonly digest: string
  readonly mediaType: string
}

export interface Manifest extends Identified {
  readonly kind: 'manifest'
  readonly artifactType: string
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
}

export interface Index extends Identified {
  readonly kind: 'index'
  readonly manifests: readonly Descriptor[]
}

/** Largest manifest, as the specification asks registries to take: 4 MiB. */
export const maxManifestBytes = 4 * 1024 * 1024

/** Each layer of a model is one file of the version, or more. */
const maxLayers = mostFiles

const unusable = (problem: string, detail?: string): ImportError =>
  new ImportError('SourceUnsupported', problem, 'never', { detail })
const broken = (what: string): ImportError =>
  unusable(
    `the registry answered with a manifest that has ${what}; push the model again, with a current client`,
  )

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const annotationsOf = (value: unknown): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(isObject(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )

const platformOf = (value: unknown): string =>
  isObject(value) && typeof value['os'] === 'string' && typeof value['architecture'] === 'string'
    ? `${value['os']}/${value['architecture']}`
    : ''

const descriptorOf = (value: unknown): Descriptor => {
  if (!isObject(value)) throw broken('something else than a descriptor in a list of them')
  const { mediaType, digest, size, annotations, artifactType, platform } = value
  if (typeof digest !== 'string' || !digestPattern.test(digest))
    throw broken('a digest that is no sha256, which is the one that is checked here')
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw broken('a size that is none')
  return {
    mediaType: textOf(mediaType),
    digest,
    sizeBytes: size,
    annotations: annotationsOf(annotations),
    artifactType: textOf(artifactType),
    platform: platformOf(platform),
  }
}

const listOf = (value: unknown, what: string): readonly Descriptor[] => {
  if (!Array.isArray(value)) throw broken(`no list of ${what}`)
  if (value.length > maxLayers)
    throw unusable(
      `the artifact has ${value.length} ${what}, and at most ${maxLayers} are read; pack the model's own files only, or as an archive`,
    )
  return value.map(descriptorOf)
}

const parse = (bytes: Uint8Array): Readonly<Record<string, unknown>> => {
  try {
    const value = parseJsonText(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (isObject(value)) return value
  } catch {
    // It is told below.
  }
  throw unusable(
    'the host did not answer with a manifest, so it is no registry, or a page stands before it; check the host of spec.model.source.uri',
  )
}

/** @param contentType of the answer, for documents that do not say their own type */
export const readManifest = (bytes: Uint8Array, contentType: string): Manifest | Index => {
  const value = parse(bytes)
  const mediaType = textOf(value['mediaType']) || contentType.replace(/\s*;.*$/s, '')
  if (value['schemaVersion'] === 1 || isSchema1Type(mediaType))
    throw unusable(
      'the image is of schema 1, which has no digest for what it holds; push it again, with a current client',
    )
  const identified = { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, mediaType }
  if (isIndexType(mediaType) || (!isManifestType(mediaType) && Array.isArray(value['manifests'])))
    return { ...identified, kind: 'index', manifests: listOf(value['manifests'], 'manifests') }
  if (isManifestType(mediaType) || value['config'] !== undefined)
    return {
      ...identified,
      kind: 'manifest',
      artifactType: textOf(value['artifactType']),
      config: descriptorOf(value['config']),
      layers: listOf(value['layers'], 'layers'),
    }
  throw unusable(
    'the registry answered with a kind of manifest that is not known here; push the model as ModelPack, with ORAS, or as an image with the folder /models',
    `its media type is ${quotedText(mediaType)}`,
  )
}
