/** Tar archives that come out the same, byte for byte, on every machine: their digests can be written down. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const blockBytes = 512

/** A number field of a tar header: octal digits and a closing NUL. */
const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`

/** ustar header of a regular file: mode 0644, root, the epoch; nothing of the machine that packs. */
const header = (name: string, sizeBytes: number): Buffer => {
  if (Buffer.byteLength(name) > 100)
    throw new Error(`${name} is longer than the 100 bytes that a tar header takes`)
  const block = Buffer.alloc(blockBytes)
  block.write(name, 0)
  block.write(octal(0o644, 8), 100)
  block.write(octal(0, 8), 108)
  block.write(octal(0, 8), 116)
  block.write(octal(sizeBytes, 12), 124)
  block.write(octal(0, 12), 136)
  block.write(' '.repeat(8), 148) // the checksum counts its own field as spaces
  block.write('0', 156)
  block.write('ustar\x0000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

const padded = (content: Buffer): Buffer =>
  Buffer.concat([content, Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes)])

/**
 * A tar archive of all files below `folder`, sorted by path. Not compressed: weights hardly shrink, and what a
 * compressor writes depends on its version and on the processor.
 */
export const archive = (folder: string): Buffer => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
  const blocks = files.flatMap((name) => {
    const content = readFileSync(join(folder, name))
    return [header(name, content.length), padded(content)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)])
}
