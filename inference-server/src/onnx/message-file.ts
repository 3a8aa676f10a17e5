import { openModelFile } from '../sealing/model-file.ts'
import { type MessageReader, messageReader } from './protobuf.ts'

/**
 * Opens a file that holds one protobuf message, and closes it when `read` returns.
 * @param read must not keep the reader; `size` is the length of the message in bytes
 * @throws what `read` throws, the error of the file system, or SealError
 */
export const readMessageFile = <T>(path: string, read: (reader: MessageReader, size: number) => T): T => {
  const file = openModelFile(path)
  try {
    return read(messageReader(file), file.sizeBytes)
  } finally {
    file.close()
  }
}
