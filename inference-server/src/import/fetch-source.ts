import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { sep } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ImportError, showBytes } from '../failures/import-error.ts'
import type { Log } from '../process/log.ts'
import type { AddressRules } from './address-guard.ts'
import { readAuthorities } from './authorities.ts'
import { credentialsFor, type SourceSecret } from './credentials.ts'
import { hashed } from './digest.ts'
import { inputName } from './export-input.ts'
import { type HttpTimeouts, openDownload, Passing, withoutUser } from './http-source.ts'
import { copyLocal } from './local-source.ts'
import { stagePayload } from './payload.ts'
import type { Proxies } from './proxy.ts'
import { parseSource, type Source } from './source.ts'
import type { Staging } from './staging.ts'

export interface FetchOptions {
  readonly source: string
  /** Name of the source in messages. */
  readonly shownAs: string
  /** Hexadecimal digest that the source's one file must have. */
  readonly sha256: string | undefined
  /** Credentials, and the hosts they may be sent to. */
  readonly secret: SourceSecret | undefined
  /** Whether credentials may be sent without encryption. */
  readonly allowHttpCredentials: boolean
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
  /** Absolute; never copied into itself. */
  readonly volume: string
  readonly log: Log
  readonly signal: AbortSignal
}

/** Longest wait that a server may ask for by Retry-After, milliseconds. */
const longestWaitMs = 60_000

/**
 * Brings the source's files to the staging folder.
 * @throws ImportError when it cannot be had, or is not what sha256 says
 */
export const fetchSource = async (options: FetchOptions, staging: Staging): Promise<void> => {
  const source = parseSource(options.source)
  for (let attempt = 0; ; attempt++) {
    try {
      return await stage(source, options, staging)
    } catch (error) {
      await pause(error, attempt, options)
      await staging.clear()
    }
  }
}

/** Waits until another attempt makes sense. @throws the error itself when none does */
const pause = async (
  error: unknown,
  attempt: number,
  { retryDelaysMs, log, signal }: FetchOptions,
): Promise<void> => {
  signal.throwIfAborted() // what was aborted looks like a connection that broke off
  const delay = retryDelaysMs[attempt]
  if (!(error instanceof Passing)) throw error
  if (delay === undefined)
    throw new ImportError('SourceUnreachable', `${error.message}; tried ${attempt + 1} times`, 'backoff', {
      cause: error,
      detail: error.detail,
    })
  const waitMs = Math.min(longestWaitMs, Math.max(delay, error.waitMs ?? 0))
  log.warn(`${error.message}; trying again`, { attempt: attempt + 1, waitMs, detail: error.detail })
  await sleep(waitMs, undefined, { signal })
}

const stage = async (source: Source, options: FetchOptions, staging: Staging): Promise<void> => {
  const { sha256 } = options
  const hash = createHash('sha256')
  if (source.kind === 'http') {
    const download = await openDownload(
      withoutUser(source.url),
      credentialsFor(source.url, options.secret, options.allowHttpCredentials),
      { ...options, authorities: await readAuthorities(options.caFile) },
    )
    if (download.sizeBytes !== undefined) await staging.reserve(download.sizeBytes)
    options.log.info('downloading', {
      source: options.shownAs,
      size: download.sizeBytes && showBytes(download.sizeBytes),
    })
    const { sizeBytes, chunks } = download
    const name = inputName(source.url.pathname, options.export ?? false)
    await stagePayload(sha256 ? hashed(chunks, hash) : chunks, staging, { sizeBytes, name })
  } else {
    await checkBoundary(source.path, options)
    const { shownAs, volume } = options
    const name = inputName(source.path, options.export ?? false)
    const through = sha256 ? hash : undefined
    await copyLocal({ path: source.path, shownAs, exclude: volume, hash: through, name }, staging)
  }
  if (sha256) checkDigest(hash.digest('hex'), sha256)
}

const checkDigest = (found: string, expected: string): void => {
  if (found !== expected.toLowerCase())
    throw new ImportError(
      'DigestMismatch',
      `the source does not have the sha256 ${expected} that was asked for; it was changed or damaged, or spec.model.source.sha256 is out of date`,
      'never',
      { detail: `its sha256 is ${found}; on the command line, --sha256` },
    )
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
