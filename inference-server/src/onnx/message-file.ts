import { closeSync, fstatSync, openSync } from 'node:fs'
import { type MessageReader, messageReader } from './protobuf.ts'

/**
 * Opens a file that holds one protobuf message, and closes it when `read` returns.
 * @param read must not keep the reader; `size` is the length of the message in bytes
 * @throws what `read` throws, or the error of the file system
 */
export const readMessageFile = <T>(path: string, read: (reader: MessageReader, size: number) => T): T => {
  const descriptor = openSync(path, 'r')
  try {
    const { size } = fstatSync(descriptor)
    return read(messageReader(descriptor, size), size)
  } finally {
    closeSync(descriptor)
  }
}
