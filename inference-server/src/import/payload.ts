import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { codeOf, ImportError } from '../failures/import-error.ts'
import { isTar, unpack } from './archive.ts'
import { hashed } from './digest.ts'
import type { Staging } from './staging.ts'

type Chunks = AsyncIterable<Uint8Array>

/** A tar header is one block. */
const headBytes = 512

export interface Payload {
  /** Where known. */
  readonly sizeBytes?: number | undefined
  /** Relative path that it gets where it is no archive. */
  readonly name?: string | undefined
}

/**
 * Stages one downloaded or local file for what its first bytes say it is: a tar archive, gzip around either, or the model itself.
 * @returns its hexadecimal sha256: that of the archive, where it is one
 */
export const stagePayload = async (
  chunks: Chunks,
  staging: Staging,
  { sizeBytes, name = 'model.onnx' }: Payload,
): Promise<string> => {
  const { head, all } = await peek(chunks)
  if (!isGzip(head) && !isTar(head)) {
    await staging.add(name, all, sizeBytes)
    return staging.files().find(({ path }) => path === name)?.sha256 ?? '' // it was hashed when it was written
  }
  const hash = createHash('sha256')
  const packed = hashed(all, hash)
  if (isGzip(head)) {
    const inflated = await peek(gunzip(packed))
    await (isTar(inflated.head) ? unpack(inflated.all, staging) : staging.add(name, inflated.all))
  } else await unpack(packed, staging)
  return hash.digest('hex')
}

interface Peeked {
  readonly head: Buffer
  /** Everything, the head included. */
  readonly all: Chunks
}

const peek = async (chunks: Chunks): Promise<Peeked> => {
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

const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b

/** What goes wrong on the way here stays as it is; only faults of the gzip file itself are named here. */
const gunzip = async function* (chunks: Chunks): Chunks & AsyncGenerator<Uint8Array> {
  const inflated = createGunzip()
  pipeline(Readable.from(chunks), inflated, () => undefined) // its error reaches the loop below
  try {
    yield* inflated
  } catch (error) {
    if (!codeOf(error)?.startsWith('Z_')) throw error
    throw new ImportError(
      'ModelIncomplete',
      'the gzip file is broken or breaks off; pack and upload it again',
      'never',
      { cause: error, detail: (error as Error).message },
    )
  }
}
