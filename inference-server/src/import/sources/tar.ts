/** Reads tar archives, entry by entry, within bounds. */
import { once } from 'node:events'
import { plainText } from '@gantry/contract/plain-text.ts'
import { Parser, type ReadEntry } from 'tar'
import { ImportError, TooLarge } from '../../failures/import-error.ts'

/** What an archive may have beside each of its files: headers, long names, padding and what is passed over, in bytes. */
const overheadBytes = 4096

/** Is this the header of a tar archive? Its checksum says so, also for those older than the `ustar` mark. */
export const isTar = (head: Buffer): boolean => {
  if (head.length < 512) return false
  const recorded = Number.parseInt(head.toString('latin1', 148, 156).replaceAll('\0', ' ').trim(), 8)
  const sum = head.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0)
  return recorded === sum
}

export interface Reading {
  /** Most bytes of the archive, its headers left out. */
  readonly maxBytes: number
  /** Most entries, folders included. */
  readonly maxEntries: number
  /** Takes one entry after the other, and reads it, or resumes it where it is passed over. */
  readonly take: (entry: ReadEntry) => Promise<void>
  /** Told of an entry that the parser has passed over already, such as one of a type that it does not know. */
  readonly refuse: (entry: ReadEntry) => ImportError | undefined
}

/**
 * Reads a tar archive while it streams in.
 * @throws ImportError ModelIncomplete when it breaks off, and what `take` throws
 */
export const readTar = async (chunks: AsyncIterable<Uint8Array>, reading: Reading): Promise<void> => {
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
    await reading.take(entry)
    waiting.delete(entry)
  }
  // An entry ends for the parser before its file is on the disk: the next one has to wait.
  parser.on('entry', (entry: ReadEntry) => {
    entry.on('error', () => undefined) // an unhandled error event would end the process; a reader of the entry gets the error itself
    waiting.add(entry)
    entries += 1
    if (entries > reading.maxEntries) fail(tooMany(reading.maxEntries))
    staged = staged.then(() => stage(entry)).catch(fail)
  })
  parser.on('ignoredEntry', (entry: ReadEntry) => {
    const refused = reading.refuse(entry)
    if (refused) fail(refused)
  })
  parser.on('error', (error: Error) => fail(broken(error)))
  parser.on('eof', () => {
    hasEndMark = true
  })

  try {
    await feed(within(chunks, reading), parser, failed.signal)
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
  { maxBytes, maxEntries }: Reading,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > maxBytes + maxEntries * overheadBytes) throw new TooLarge(maxBytes)
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

const broken = (cause: Error): ImportError =>
  new ImportError(
    'ModelIncomplete',
    'the archive is broken or breaks off; pack and upload it again',
    'never',
    { cause, detail: plainText(cause.message) },
  )

const tooMany = (maxEntries: number): ImportError =>
  new ImportError(
    'SourceUnsupported',
    `the archive has more than ${maxEntries} entries; pack the model's own files only`,
  )
