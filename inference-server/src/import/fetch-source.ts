import { realpath } from 'node:fs/promises'
import { sep } from 'node:path'
import { ImportError } from '../failures/import-error.ts'
import type { Log } from '../process/log.ts'
import { inputName } from './export-input.ts'
import { type Fetched, fetchRemote } from './fetch-remote.ts'
import { copyLocal } from './local-source.ts'
import { checkMountedImage } from './mounted-image.ts'
import { type HubAccess, resolveSource } from './resolve-source.ts'
import type { AddressRules } from './sources/address-guard.ts'
import { readAuthorities } from './sources/authorities.ts'
import type { SourceSecret } from './sources/credentials.ts'
import { countProgress, type Progress } from './sources/progress.ts'
import type { Proxies } from './sources/proxy.ts'
import type { HttpTimeouts, RemoteFolder } from './sources/remote.ts'
import type { S3Place } from './sources/s3-address.ts'
import { parseSource } from './sources/source.ts'
import type { SourceFile } from './sources/source-files.ts'
import { checkDigest } from './sources/transfer.ts'
import type { Staging } from './staging.ts'

export interface FetchOptions {
  readonly source: string
  /** Name of the source in messages. */
  readonly shownAs: string
  /** Hexadecimal digest that the source's one file must have. */
  readonly sha256: string | undefined
  /** The files beneath an address, where the source is a folder of a server of files. */
  readonly files?: readonly SourceFile[] | undefined
  /** Credentials, and the hosts they may be sent to. */
  readonly secret: SourceSecret | undefined
  /** Whether credentials may be sent without encryption. */
  readonly allowHttpCredentials: boolean
  /** Where a bucket is; undefined: at AWS. */
  readonly s3?: S3Place | undefined
  readonly timeouts: HttpTimeouts
  readonly addresses: AddressRules
  readonly proxies: Proxies
  /** Path of a PEM file of further certificate authorities, beside those that Node has. */
  readonly caFile: string | undefined
  /** Pauses before the second, third, … attempt; afterwards it is for the caller to come again. */
  readonly retryDelaysMs: readonly number[]
  /** Absolute folder that no local source may leave, such as the mount of its volume. */
  readonly boundary: string | undefined
  /** Whether the source is a model of another library; undefined: it has a graph. */
  readonly export?: boolean | undefined
  /** Registries that are asked over http. */
  readonly plainHttpRegistries?: readonly string[] | undefined
  /** Whether spec names a Secret, of which no key is required. */
  readonly hasSecret?: boolean | undefined
  /** What an earlier import has found: the digest that the tag of an oci:// source stood for, or the version of an object of S3. */
  readonly pinnedDigest?: string | undefined
  /** Absolute; never copied into itself. */
  readonly volume: string
  /** Where models of hf:// are; absent where no model is asked for. */
  readonly hub?: HubAccess | undefined
  /** Told how much has come. */
  readonly progress?: Progress
  readonly log: Log
  readonly signal: AbortSignal
}

/**
 * Brings the source's files to the staging folder.
 * @throws ImportError when it cannot be had, or is not what sha256 says
 */
export const fetchSource = async (options: FetchOptions, staging: Staging): Promise<Fetched> => {
  const source = parseSource(options.source)
  const progress = options.progress ?? countProgress()
  if (source.kind === 'local') return stageLocal(source.path, { ...options, progress }, staging)
  const access = { ...options, authorities: await readAuthorities(options.caFile) }
  const resolve = async (signal: AbortSignal): Promise<RemoteFolder> => {
    options.log.info('asking the source', { source: options.shownAs })
    return withDigest(await resolveSource(source, { ...access, signal }), options)
  }
  return fetchRemote(resolve, { ...options, progress }, staging)
}

const sha256Field = 'spec.model.source.sha256 (on the command line --sha256)'

/** The digest that the user gave is the one of a source's only file. */
const withDigest = (folder: RemoteFolder, { sha256, shownAs }: FetchOptions): RemoteFolder => {
  if (sha256 === undefined) return folder
  if (folder.form === 'folder')
    throw new ImportError(
      'SourceUnsupported',
      `${shownAs} is a folder, but sha256 is the digest of one file; remove sha256, or give one file`,
    )
  const digest = { algorithm: 'sha256', hex: sha256.toLowerCase(), namedBy: sha256Field } as const
  return { ...folder, files: folder.files.map((file) => ({ ...file, digest })) }
}

const stageLocal = async (
  path: string,
  options: FetchOptions & { readonly progress: Progress },
  staging: Staging,
): Promise<Fetched> => {
  await checkBoundary(path, options)
  if (options.shownAs.startsWith('oci://')) await checkMountedImage(path)
  const { shownAs, volume, sha256, progress } = options
  const name = inputName(path, options.export ?? false)
  const isFile = sha256 !== undefined
  const found = await copyLocal({ path, shownAs, exclude: volume, isFile, name, progress }, staging)
  if (sha256 !== undefined && found !== undefined)
    checkDigest(path, { algorithm: 'sha256', hex: sha256.toLowerCase(), namedBy: sha256Field }, found)
  return { revision: undefined }
}

/** @throws ImportError UnsafePath where the path is a link that leads out of the folder that local sources may not leave */
export const checkBoundary = async (
  path: string,
  { boundary, shownAs }: Pick<FetchOptions, 'boundary' | 'shownAs'>,
): Promise<void> => {
  if (boundary === undefined) return
  const [real, root] = await Promise.all([
    realpath(path).catch(() => path),
    realpath(boundary).catch(() => boundary),
  ])
  if (real !== root && !real.startsWith(root + sep))
    throw new ImportError(
      'UnsafePath',
      `${shownAs} is a link that leaves its volume; give the folder it leads to`,
    )
}
