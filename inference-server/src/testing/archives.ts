/** Writes tar archives by hand, hostile ones included, that no packing tool would write. */

export interface TarEntry {
  readonly path: string
  readonly content?: string | Buffer
  /** Type flag of the header: 0 file, 1 hard link, 2 symbolic link, 3 and 4 devices, 5 folder, 6 named pipe. */
  readonly type?: string
  readonly linkTo?: string
  /** Recorded size, where it is not the content's; a text is written as it is. */
  readonly size?: number | string
  /** Permissions, 0o644 where nothing is said. */
  readonly mode?: number
}

const blockBytes = 512

const header = ({
  path,
  content = '',
  type = '0',
  linkTo = '',
  size = Buffer.byteLength(content),
  mode = 0o644,
}: TarEntry): Buffer => {
  const block = Buffer.alloc(blockBytes)
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')
  block.write(path, 0, 100)
  block.write(octal(mode, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(typeof size === 'string' ? size : octal(size, 11), 124, 12, 'latin1')
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

/** Records of a pax header: `20 path=name\n`, where the number is the length of the record. */
const paxRecords = (values: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat(
    Object.entries(values).map(([key, value]) => {
      const rest = Buffer.byteLength(` ${key}=${value}\n`)
      const length = [1, 2, 3, 4, 5, 6, 7]
        .map((digits) => rest + digits)
        .find((sum) => `${sum}`.length === sum - rest)
      return Buffer.from(`${length} ${key}=${value}\n`)
    }),
  )

/** Header that changes what the next entry says of itself (type x), or every one that follows (type g). */
export const pax = (values: Readonly<Record<string, string>>, type: 'x' | 'g' = 'x'): TarEntry => ({
  path: 'PaxHeader',
  type,
  content: paxRecords(values),
})

/** GNU's header for a name (type L) or the target of a link (type K) of more than 100 characters. */
export const longName = (name: string, type: 'L' | 'K' = 'L'): TarEntry => ({
  path: '././@LongLink',
  type,
  content: `${name}\0`,
})

/** A size as GNU writes those beyond eight gigabytes: big-endian, the highest bit set; negative ones are possible. */
export const binarySize = (bytes: bigint): string => {
  const field = Buffer.alloc(12)
  let rest = BigInt.asUintN(96, bytes)
  for (let at = 11; at >= 0; at--, rest >>= 8n) field[at] = Number(rest & 255n)
  field[0] = (field[0] as number) | 128
  return field.toString('latin1')
}

/** @param end whether the archive has its end mark */
export const tar = (entries: readonly TarEntry[], end = true): Buffer =>
  Buffer.concat([
    ...entries.flatMap((entry) => [header(entry), padded(Buffer.from(entry.content ?? ''))]),
    Buffer.alloc(end ? 2 * blockBytes : 0),
  ])
