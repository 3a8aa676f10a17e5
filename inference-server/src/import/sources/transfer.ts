/** The bytes of one remote file, over as many connections as it takes. Who reads them does not notice where one connection ended and the next began. */
import { createHash, type Hash } from 'node:crypto'
import { ImportError } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { Passing, SourceChanged } from './passing.ts'
import { type Patience, patience, type RetryOptions } from './patience.ts'
import type { Progress } from './progress.ts'
import type { Digest, Download, HttpTimeouts, RemoteFile, Resume } from './remote.ts'

/**
 * A server that sends less than this is no better than one that hangs: a model of 1 GiB would take 12 days. It is measured over `slowIdles` times the
 * longest time without a byte.
 */
const slowBytesPerSecond = 1024
const slowIdles = 2

export interface TransferOptions extends RetryOptions {
  readonly progress: Progress
  readonly timeouts: Pick<HttpTimeouts, 'idleMs'>
}

/** The connection ended, and the server has no means to go on where it did: the file has to be read from its beginning. */
export class BeginAnew extends Error {
  override readonly name = 'BeginAnew'
}

export interface Transfer {
  /** Bytes of the whole file, where the listing or the server says them. */
  readonly sizeBytes: number | undefined
  readonly validator: string | undefined
  readonly chunks: AsyncIterable<Uint8Array>
}

/**
 * @param attempts at this file, those of earlier transfers of it among them
 * @throws ImportError; while the chunks are read BeginAnew too
 */
export const openTransfer = async (
  file: RemoteFile,
  options: TransferOptions,
  attempts: Patience = patience(options),
): Promise<Transfer> => {
  const { progress, timeouts } = options
  const first = await openPatiently(file, undefined, attempts)
  const sizeBytes = sizeOf(file, first)
  return {
    sizeBytes,
    validator: first.validator,
    chunks: wholeFile({ file, first, sizeBytes, attempts, progress, timeouts }),
  }
}

interface Reading extends Pick<TransferOptions, 'progress' | 'timeouts'> {
  readonly file: RemoteFile
  readonly first: Download
  readonly sizeBytes: number | undefined
  readonly attempts: Patience
}

const openPatiently = async (
  file: RemoteFile,
  resume: Resume | undefined,
  attempts: Patience,
): Promise<Download> => {
  for (;;) {
    try {
      return await file.open(resume)
    } catch (error) {
      await pauseUnlessChanged(error, attempts)
    }
  }
}

const changed = (file: RemoteFile, detail: string): SourceChanged =>
  new SourceChanged('the source was changed while it was read', {
    detail: `the file is ${quotedText(file.path)}: ${detail}`,
  })

const sizeOf = (file: RemoteFile, { sizeBytes }: Download): number | undefined => {
  if (file.sizeBytes !== undefined && sizeBytes !== undefined && file.sizeBytes !== sizeBytes)
    throw changed(file, `the listing says ${file.sizeBytes} bytes, and the server ${sizeBytes}`)
  return sizeBytes ?? file.sizeBytes
}

const wholeFile = async function* (reading: Reading): AsyncGenerator<Uint8Array> {
  const { first, attempts, progress, timeouts } = reading
  let download = first
  let at = 0
  for (;;) {
    try {
      for await (const chunk of beyond(download, at, slowIdles * timeouts.idleMs)) {
        at += chunk.length
        attempts.progressed(chunk.length)
        progress.came(chunk.length)
        yield chunk
      }
      checkLength(reading, at)
      return
    } catch (error) {
      await pauseUnlessChanged(error, attempts)
    }
    download = await openAgain(reading, at)
  }
}

/** The source is read anew where it changed, which this file alone cannot do. */
const pauseUnlessChanged = async (error: unknown, attempts: Patience): Promise<void> => {
  if (error instanceof SourceChanged) throw error
  await attempts.pause(error)
}

const checkLength = ({ file, sizeBytes }: Reading, at: number): void => {
  if (sizeBytes === undefined) return
  if (at < sizeBytes) throw new Passing('the connection ended before the whole file had come')
  if (at > sizeBytes) throw changed(file, 'it is longer than it was said')
}

/** Two files are never put together: what goes on has to be the same file, and to begin no later than the bytes that are here. */
const openAgain = async (
  { file, first, sizeBytes, attempts, progress }: Reading,
  at: number,
): Promise<Download> => {
  const { validator } = first
  if (validator === undefined) {
    progress.came(-at)
    throw new BeginAnew()
  }
  const resume = at > 0 ? { offset: at, validator } : undefined
  const download = await openPatiently(file, resume, attempts)
  const isSame = download.offset <= at && download.validator === validator
  if (isSame && (download.sizeBytes ?? sizeBytes) === sizeBytes) return download
  await download.chunks[Symbol.asyncIterator]().return?.()
  throw changed(file, 'its size or its ETag is another one')
}

/** The chunks of a download from byte `at` of the file on. A server that sends nothing for a while is ended by its timeout, and one that hardly sends anything here. */
const beyond = async function* (download: Download, at: number, slowMs: number): AsyncGenerator<Uint8Array> {
  let passOver = at - download.offset
  let [waitedMs, bytes] = [0, 0]
  let askedAt = performance.now()
  for await (const chunk of download.chunks) {
    waitedMs += performance.now() - askedAt
    bytes += chunk.length
    if (waitedMs >= slowMs) {
      if ((bytes * 1000) / waitedMs < slowBytesPerSecond)
        throw new Passing(`the server sends less than ${slowBytesPerSecond} bytes a second`)
      ;[waitedMs, bytes] = [0, 0]
    }
    const rest = chunk.subarray(Math.min(passOver, chunk.length))
    passOver -= chunk.length - rest.length
    if (rest.length > 0) yield rest
    askedAt = performance.now()
  }
}

/** @param sizeBytes of the whole file, which git hashes before its content */
const hashOf = ({ algorithm }: Digest, sizeBytes: number | undefined): Hash =>
  algorithm === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${sizeBytes ?? 0}\0`)

/** @throws ImportError DigestMismatch */
export const checkDigest = (path: string, digest: Digest, found: string): void => {
  if (found === digest.hex) return
  throw new ImportError(
    'DigestMismatch',
    `the source does not have the ${digest.algorithm} ${digest.hex} that ${digest.namedBy} names; it was changed or damaged, or ${digest.namedBy} is out of date`,
    'never',
    { detail: `the file is ${quotedText(path)}, its ${digest.algorithm} is ${found}` },
  )
}

/** Passes the bytes on, and checks their digest at their end. @throws ImportError DigestMismatch */
export const checked = async function* (
  file: RemoteFile,
  { chunks, sizeBytes }: Transfer,
): AsyncGenerator<Uint8Array> {
  const { digest } = file
  if (!digest) return yield* chunks
  const hash = hashOf(digest, sizeBytes)
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
  checkDigest(file.path, digest, hash.digest('hex'))
}
