/** Files and input that the command line names. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { wrongUsage } from './failure.ts'

/** The largest request that an inference server takes, --max-body-mib at its most. */
const mostBytes = 2 ** 30

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'this account may not read it',
}

const tooLong = `it is longer than ${mostBytes / 2 ** 20} MiB`

/** @throws Error where it is longer than any request may be */
const readBounded = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    if (length > mostBytes) throw new Error(tooLong)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** A pipe is read, since shells make one of the output of a program; a device such as /dev/zero has no end. */
const read = async (path: string): Promise<Buffer> => {
  const stats = await stat(path)
  if (stats.isDirectory()) throw new Error('it is a folder')
  if (!stats.isFile() && !stats.isFIFO()) throw new Error('it is no file')
  if (stats.size > mostBytes) throw new Error(tooLong)
  return readBounded(createReadStream(path))
}

/** @throws Failure of exit code 2 */
export const readGiven = (path: string): Promise<Buffer> =>
  read(path).catch((error: NodeJS.ErrnoException) => {
    throw wrongUsage(`${path} cannot be read: ${reasons[error.code ?? ''] ?? error.message}.`)
  })

/** All of the standard input. @throws Failure of exit code 2 */
export const readInput = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const bytes = await readBounded(stream).catch((error: Error) => {
    throw wrongUsage(`The standard input cannot be read: ${error.message}.`)
  })
  return bytes.toString()
}
