import { createHash } from 'node:crypto'
import { unpack } from './archive.ts'
import { hashed } from './digest.ts'
import { packingOf, peek, unpacked, wholly } from './sources/inflate.ts'
import { isTar } from './sources/tar.ts'
import type { Staging } from './staging.ts'

type Chunks = AsyncIterable<Uint8Array>

export interface Payload {
  /** Size as it is sent; undefined where it is not known. */
  readonly sizeBytes?: number | undefined
  /** Relative path that it gets where it is no archive. */
  readonly name?: string | undefined
}

/**
 * Stages one downloaded or local file for what its first bytes say it is: a tar archive, gzip or zstd around either, or the model itself.
 * @returns its hexadecimal sha256: that of the archive, where it is one
 */
export const stagePayload = async (
  chunks: Chunks,
  staging: Staging,
  { sizeBytes, name = 'model.onnx' }: Payload,
): Promise<string> => {
  const { head, all } = await peek(chunks)
  const packing = packingOf(head)
  if (!packing && !isTar(head)) {
    await staging.add(name, all, sizeBytes)
    return staging.files().find(({ path }) => path === name)?.sha256 ?? '' // it was hashed when it was written
  }
  const hash = createHash('sha256')
  await wholly(hashed(all, hash), async (packed) => {
    const inner = await peek(packing ? unpacked(packed, packing) : packed)
    await (isTar(inner.head) ? unpack(inner.all, staging) : staging.add(name, inner.all))
  })
  return hash.digest('hex')
}
