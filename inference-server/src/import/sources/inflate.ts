/** Streams that may be packed: their first bytes say how. */
import { pipeline, Readable, type Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { codeOf, ImportError } from '../../failures/import-error.ts'

type Chunks = AsyncIterable<Uint8Array>

/** A tar header is one block. */
const headBytes = 512

export interface Peeked {
  readonly head: Buffer
  /** Everything, the head included. */
  readonly all: Chunks
}

export const peek = async (chunks: Chunks): Promise<Peeked> => {
  const iterator = chunks[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let length = 0
  while (length < headBytes) {
    const { done, value } = await iterator.next()
    if (done) break
    first.push(value)
    length += value.length
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* first
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.() // closes the connection or file when the rest is not needed
    }
  }
  return { head: Buffer.concat(first).subarray(0, headBytes), all: all() }
}

interface Packing {
  readonly name: 'gzip' | 'zstd'
  readonly unpack: () => Transform
}

const packings: readonly (Packing & { readonly magic: Buffer })[] = [
  { name: 'gzip', magic: Buffer.from([0x1f, 0x8b]), unpack: createGunzip },
  { name: 'zstd', magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), unpack: createZstdDecompress },
]

/** @returns undefined for a stream that is not packed */
export const packingOf = (head: Buffer): Packing | undefined =>
  packings.find(({ magic }) => head.subarray(0, magic.length).equals(magic))

/** What goes wrong on the way here stays as it is; only faults of the packed stream itself are named here. */
export const unpacked = async function* (
  chunks: Chunks,
  { name, unpack }: Packing,
): AsyncGenerator<Uint8Array> {
  const inflating = unpack()
  pipeline(Readable.from(chunks), inflating, () => undefined) // its error reaches the loop below
  try {
    yield* inflating
  } catch (error) {
    if (!/^(Z_|ZSTD_|ERR_ZSTD|ERR_ZLIB)/.test(codeOf(error) ?? '')) throw error
    throw new ImportError(
      'ModelIncomplete',
      `the ${name} file is broken or breaks off; pack and upload it again`,
      'never',
      { cause: error, detail: (error as Error).message },
    )
  }
}

/**
 * Reads a stream, and what the reader leaves of it too: a digest is checked at its end.
 * @param read may stop early, such as behind the end mark of an archive
 */
export const wholly = async (chunks: Chunks, read: (chunks: Chunks) => Promise<void>): Promise<void> => {
  const iterator = chunks[Symbol.asyncIterator]()
  let ended = false
  // A stream that has all it needs takes no notice of what its source throws later.
  let failure: { readonly error: unknown } | undefined
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    try {
      return await iterator.next()
    } catch (error) {
      failure = { error }
      throw error
    }
  }
  const passed = async function* (): AsyncGenerator<Uint8Array> {
    for (let one = await next(); !one.done; one = await next()) yield one.value
    ended = true
  }
  try {
    await read(passed())
    while (!ended && !failure) ended = (await next()).done === true
    if (failure) throw failure.error
  } finally {
    await iterator.return?.()
  }
}
