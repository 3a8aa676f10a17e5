import { once } from 'node:events'
import { plainText } from '@gantry/contract/plain-text.ts'
import { Parser, type ReadEntry } from 'tar'
import { ImportError, TooLarge } from '../failures/import-error.ts'
import { quotedText } from '../failures/shown-text.ts'
import { insidePath } from './sources/entry-path.ts'
import type { Staging } from './staging.ts'

/** Entries of an archive, folders included; far beyond any model, far below what would fill memory. */
const maxEntries = 20_000

/** What an archive may have beside its files: headers, long names, padding and what is passed over, in bytes. */
const overheadBytes = maxEntries * 4096

/** Is this the header of a tar archive? Its checksum says so, also for those older than the `ustar` mark. */
export const isTar = (head: Buffer): boolean => {
  if (head.length < 512) return false
  const recorded = Number.parseInt(head.toString('latin1', 148, 156).replaceAll('\0', ' ').trim(), 8)
  const sum = head.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0)
  return recorded === sum
}

/**
 * Stages the files of a tar archive while it streams in: nothing but plain files in their own folder.
 * @throws ImportError UnsafePath for links, devices and paths that leave the folder; ModelIncomplete when it breaks off
 */
export const unpack = async (chunks: AsyncIterable<Uint8Array>, staging: Staging): Promise<void> => {
  const parser = new Parser({ strict: true })
  const failed = new AbortController()
  const waiting = new Set<ReadEntry>()
  let entries = 0
  let staged = Promise.resolve()
  let hasEndMark = false

  const fail = (error: unknown): void => {
    failed.abort(error)
    for (const entry of waiting) entry.destroy(error)
  }
  const stage = async (entry: ReadEntry): Promise<void> => {
    if (failed.signal.aborted) return
    await stageEntry(entry, staging)
    waiting.delete(entry)
  }
  // An entry ends for the parser before its file is on the disk: the next one has to wait.
  parser.on('entry', (entry: ReadEntry) => {
    entry.on('error', () => undefined) // an unhandled error event would end the process; a reader of the entry gets the error itself
    waiting.add(entry)
    entries += 1
    if (entries > maxEntries) fail(tooMany())
    staged = staged.then(() => stage(entry)).catch(fail)
  })
  parser.on('ignoredEntry', (entry: ReadEntry) => fail(unsupported(entry)))
  parser.on('error', (error: Error) => fail(broken(error)))
  parser.on('eof', () => {
    hasEndMark = true
  })

  try {
    await feed(within(chunks, staging.maxBytes), parser, failed.signal)
  } catch (error) {
    fail(error)
  }
  await staged
  if (failed.signal.aborted) throw failed.signal.reason
  if (!hasEndMark) throw broken(new Error('its end mark is missing'))
}

/** Entries that are passed over take no room, but time: an archive of a few kilobytes can inflate to terabytes of them. */
const within = async function* (
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > maxBytes + overheadBytes) throw new TooLarge(maxBytes)
    yield chunk
  }
}

/** Feeds the parser until it has everything, or has ended. */
const feed = async (chunks: AsyncIterable<Uint8Array>, parser: Parser, over: AbortSignal): Promise<void> => {
  for await (const chunk of chunks) {
    if (over.aborted) return
    if (!parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)))
      await event(parser, 'drain', over)
  }
  const ended = event(parser, 'end', over)
  parser.end()
  await ended
}

const event = async (parser: Parser, name: string, over: AbortSignal): Promise<void> => {
  if (over.aborted) return
  await once(parser, name, { signal: over }).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error
  })
}

const stageEntry = async (entry: ReadEntry, staging: Staging): Promise<void> => {
  const path = insidePath(entry.path, 'an archive entry')
  if (entry.type === 'Directory') {
    entry.resume()
    return
  }
  if (!plainTypes.has(entry.type)) throw unsupported(entry)
  if (isClutter(path)) {
    entry.resume()
    return
  }
  if (path === '') throw new ImportError('UnsafePath', 'the archive has a file without a name; pack it again')
  await staging.add(path, entry, entry.size)
}

const plainTypes: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile'])

/** Files that macOS adds to archives. */
const isClutter = (path: string): boolean => /(^|\/)(\._[^/]*|\.DS_Store)$|^__MACOSX\//.test(path)

const unsupported = ({ path, type }: ReadEntry): ImportError =>
  new ImportError(
    'UnsafePath',
    `an archive entry is a ${kinds[type] ?? 'thing of an unknown type'}; pack plain files and folders only (tar --dereference follows links)`,
    'never',
    { detail: `its path is ${quotedText(path)}, its type ${type}` },
  )

const kinds: Readonly<Record<string, string>> = {
  SymbolicLink: 'symbolic link',
  Link: 'hard link',
  CharacterDevice: 'device',
  BlockDevice: 'device',
  FIFO: 'named pipe',
  SparseFile: 'sparse file',
}

const broken = (cause: Error): ImportError =>
  new ImportError(
    'ModelIncomplete',
    'the archive is broken or breaks off; pack and upload it again',
    'never',
    { cause, detail: plainText(cause.message) },
  )

const tooMany = (): ImportError =>
  new ImportError(
    'SourceUnsupported',
    `the archive has more than ${maxEntries} entries; pack the model's own files only`,
  )
