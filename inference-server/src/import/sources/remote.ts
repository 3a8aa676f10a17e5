/**
 * What every kind of remote source gives: a list of files, each of which can be opened at any byte. `transfer.ts` retries, resumes, counts and checks
 * for all of them, and `fetch-remote.ts` stages what comes.
 */
import type { Log } from '../../process/log.ts'
import type { AddressRules } from './address-guard.ts'
import type { SourceSecret } from './credentials.ts'
import type { Proxies } from './proxy.ts'
import type { S3Place } from './s3-address.ts'
import type { SourceFile } from './source-files.ts'

/** Most files of a source, as of a version: far more than any model has. A kind stops its listing here. */
export const mostFiles = 10_000

export interface HttpTimeouts {
  /** Time limit for the connection to be established. */
  readonly connectMs: number
  /** Longest time without a single byte. */
  readonly idleMs: number
}

/** Options of every connection of a download. */
export interface Connecting {
  readonly timeouts: HttpTimeouts
  readonly addresses: AddressRules
  readonly proxies: Proxies
  /** Further certificate authorities; undefined: only those that Node has. */
  readonly authorities: readonly string[] | undefined
  readonly signal: AbortSignal
}

/** What a kind may use to reach its source. */
export interface Access extends Connecting {
  /** Credentials, and the hosts they may be sent to. */
  readonly secret: SourceSecret | undefined
  /** Whether credentials may be sent without encryption. */
  readonly allowHttpCredentials: boolean
  /** The files beneath the address that the user listed; undefined: the address is the source itself. */
  readonly files?: readonly SourceFile[] | undefined
  /** Where a bucket is; undefined: at AWS. */
  readonly s3?: S3Place | undefined
  readonly log: Log
}

/** Where a broken download goes on. */
export interface Resume {
  /** Bytes that are here already. */
  readonly offset: number
  /** Validator of the download that broke off. */
  readonly validator: string
}

export interface Download {
  readonly chunks: AsyncIterable<Uint8Array>
  /** Where the first chunk belongs in the file: what was asked for, or 0 where the server sends the file from its beginning. */
  readonly offset: number
  /** Size of the whole file, where the server says it. */
  readonly sizeBytes: number | undefined
  /** The same for the same bytes only, such as a strong ETag or a digest; undefined: a broken download begins anew. */
  readonly validator: string | undefined
  /** Content-Encoding of the server, such as gzip: the chunks are packed, although nobody asked for that. */
  readonly encoding?: string | undefined
}

export interface Digest {
  /** `git-sha1`: of the blob that git makes of the file, which begins with its size. */
  readonly algorithm: 'sha256' | 'git-sha1'
  /** Hexadecimal, lower case. */
  readonly hex: string
  /** Who names it, for the sentence that says it is another one, such as `spec.model.source.sha256` or `the manifest`. */
  readonly namedBy: string
}

export interface RemoteFile {
  /** Relative path in the model's folder, as the source has it: not to be trusted before it was checked. */
  readonly path: string
  /** `payload`: an archive is unpacked at the root of the folder, and anything else gets the path. */
  readonly form: 'file' | 'payload'
  /** Bytes of the file as it is sent, where the listing says them. */
  readonly sizeBytes?: number | undefined
  /** Digest of the file as it is sent. */
  readonly digest?: Digest | undefined
  /**
   * @param resume undefined: from the beginning
   * @throws Passing for what time may mend, SourceChanged where the file is another one than the listing or `resume` says, ImportError for the rest
   */
  readonly open: (resume: Resume | undefined) => Promise<Download>
}

/** The folder that files are written to, as far as a source needs to know it. */
export interface Destination {
  /** Most bytes of all files together. */
  readonly maxBytes: number
  readonly add: (path: string, chunks: AsyncIterable<Uint8Array>, expectedBytes?: number) => Promise<void>
  readonly remove: (paths: readonly string[]) => Promise<void>
}

/** The bytes of a file as they arrive: retried, resumed, counted, and checked at their end against size and digest. */
export type BytesOf = (file: RemoteFile) => Promise<AsyncIterable<Uint8Array>>

export interface RemoteFolder {
  /** What the address stands for now, such as a commit or a digest; undefined where the source has no such name. */
  readonly revision: string | undefined
  /** `file`: the source is one file, and `spec.model.source.sha256` is its digest. */
  readonly form: 'file' | 'folder'
  readonly files: readonly RemoteFile[]
  /** What else is needed by what the files say, such as the weights that a graph names. @param dir absolute, with the files */
  readonly more?: (dir: string) => readonly RemoteFile[]
  /** Stages the files in place of the loop over them, where their order and contents decide what the folder has, as in the layers of an image. */
  readonly stage?: (bytesOf: BytesOf, destination: Destination) => Promise<void>
}
