import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** @returns sha256 in hexadecimal digits */
export const fileDigest = async (
  path: string,
): Promise<{ readonly sha256: string; readonly sizeBytes: number }> => {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  return { sha256: hash.digest('hex'), sizeBytes }
}
