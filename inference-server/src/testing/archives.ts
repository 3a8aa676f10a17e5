/** Writes tar archives by hand, hostile ones included, that no packing tool would write. */

export interface TarEntry {
  readonly path: string
  readonly content?: string | Buffer
  /** As in the header: 0 file, 1 hard link, 2 symbolic link, 3 and 4 devices, 5 folder, 6 named pipe. */
  readonly type?: string
  readonly linkTo?: string
  /** Recorded size, where it is not the content's. */
  readonly size?: number
}

const blockBytes = 512

const header = ({
  path,
  content = '',
  type = '0',
  linkTo = '',
  size = Buffer.byteLength(content),
}: TarEntry): Buffer => {
  const block = Buffer.alloc(blockBytes)
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')
  block.write(path, 0, 100)
  block.write(octal(0o644, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(octal(size, 11), 124)
  block.write(octal(0, 11), 136)
  block.write(' '.repeat(8), 148)
  block.write(type, 156)
  block.write(linkTo, 157, 100)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${octal(sum, 6)}\u0000 `, 148)
  return block
}

const padded = (content: Buffer): Buffer =>
  Buffer.concat([content, Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes)])

/** @param end whether the archive has its end mark */
export const tar = (entries: readonly TarEntry[], end = true): Buffer =>
  Buffer.concat([
    ...entries.flatMap((entry) => [header(entry), padded(Buffer.from(entry.content ?? ''))]),
    Buffer.alloc(end ? 2 * blockBytes : 0),
  ])
