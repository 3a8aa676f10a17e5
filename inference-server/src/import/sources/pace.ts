/** Servers that hardly send anything. */
import { Passing } from './passing.ts'

/**
 * A server that sends less than this is no better than one that hangs: a model of 1 GiB would take 12 days. It is measured over `slowIdles` times the
 * longest time without a byte.
 */
const slowBytesPerSecond = 1024
export const slowIdles = 2

/**
 * The chunks, as long as they come. A server that sends nothing for a while is ended by its timeout, and one that hardly sends anything here.
 * Time in which nobody asks for a chunk does not count.
 * @param slowMs measured over so many milliseconds
 */
export const paced = async function* (
  chunks: AsyncIterable<Uint8Array>,
  slowMs: number,
): AsyncGenerator<Uint8Array> {
  let [waitedMs, bytes] = [0, 0]
  let askedAt = performance.now()
  for await (const chunk of chunks) {
    waitedMs += performance.now() - askedAt
    bytes += chunk.length
    if (waitedMs >= slowMs) {
      if ((bytes * 1000) / waitedMs < slowBytesPerSecond)
        throw new Passing(`the server sends less than ${slowBytesPerSecond} bytes a second`)
      ;[waitedMs, bytes] = [0, 0]
    }
    yield chunk
    askedAt = performance.now()
  }
}
