/** The bytes of one remote file, over as many connections as it takes. Who reads them does not notice where one connection ended and the next began. */
import { createHash, type Hash } from 'node:crypto'
import { ImportError } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { Passing, SourceChanged } from './passing.ts'
import { type Patience, patience, type RetryOptions } from './patience.ts'
import type { Progress } from './progress.ts'
import type { Digest, Download, RemoteFile, Resume } from './remote.ts'

export interface TransferOptions extends RetryOptions {
  readonly progress: Progress
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
  const { progress } = options
  const first = await openPatiently(file, undefined, attempts)
  if (first.offset !== 0) throw await unasked(first, file, part)
  // A graph or an archive is unpacked by its own first bytes; any other file would stay packed on the volume.
  if (file.form === 'file' && first.encoding !== undefined)
    throw await unasked(first, file, packed(first.encoding))
  const sizeBytes = sizeOf(file, first)
  return {
    sizeBytes,
    validator: first.validator,
    chunks: wholeFile({ file, first, sizeBytes, attempts, progress }),
  }
}

interface Reading extends Pick<TransferOptions, 'progress'> {
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

const part =
  'the server answered with a part of the file, which nobody asked for; give the address of a server that sends whole files'

const packed = (encoding: string): string =>
  `the server packs the file (Content-Encoding ${quotedText(encoding)}), although it was asked not to; switch that off for models, or store the file as it is`

const unasked = async (
  { chunks }: Download,
  { path }: RemoteFile,
  sentence: string,
): Promise<ImportError> => {
  await chunks[Symbol.asyncIterator]().return?.()
  const detail = `the file is ${quotedText(path)}`
  return new ImportError('SourceUnsupported', sentence, 'never', { detail })
}

const sizeOf = (file: RemoteFile, { sizeBytes }: Download): number | undefined => {
  if (file.sizeBytes !== undefined && sizeBytes !== undefined && file.sizeBytes !== sizeBytes)
    throw changed(file, `the listing says ${file.sizeBytes} bytes, and the server ${sizeBytes}`)
  return sizeBytes ?? file.sizeBytes
}

const wholeFile = async function* (reading: Reading): AsyncGenerator<Uint8Array> {
  const { first, attempts, progress } = reading
  let download = first
  let at = 0
  for (;;) {
    try {
      for await (const chunk of beyond(download, at)) {
        at += chunk.length
        checkNoLonger(reading, at)
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

/** What is too long may have no end, and would be written until the volume is full. */
const checkNoLonger = ({ file, sizeBytes }: Reading, at: number): void => {
  if (sizeBytes !== undefined && at > sizeBytes) throw changed(file, 'it is longer than it was said')
}

const checkLength = ({ sizeBytes }: Reading, at: number): void => {
  if (sizeBytes !== undefined && at < sizeBytes)
    throw new Passing('the connection ended before the whole file had come')
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

/** The chunks of a download from byte `at` of the file on. */
const beyond = async function* (download: Download, at: number): AsyncGenerator<Uint8Array> {
  let passOver = at - download.offset
  for await (const chunk of download.chunks) {
    const rest = chunk.subarray(Math.min(passOver, chunk.length))
    passOver -= chunk.length - rest.length
    if (rest.length > 0) yield rest
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
