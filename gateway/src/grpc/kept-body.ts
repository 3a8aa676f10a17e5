/** What a caller of gRPC sends: passed on as it comes, and kept for a further endpoint while it is small. */
import type { ClientHttp2Stream, ServerHttp2Stream } from 'node:http2'
import type { Hold } from '../proxy/body-memory.ts'

export interface KeptBody {
  /** Sends all that has come, and all that is to come, to an endpoint in place of the one before. */
  readonly sendTo: (endpoint: ClientHttp2Stream) => void
  /** Whether a further endpoint can still be sent all of it. */
  readonly isWhole: () => boolean
  /** No further endpoint will be asked. */
  readonly drop: () => void
}

/** The same as for requests of HTTP. */
const mostBytes = 64 * 1024

export const keepBody = (stream: ServerHttp2Stream, hold: Hold): KeptBody => {
  let chunks: Buffer[] | undefined = []
  let size = 0
  const keep = (chunk: Buffer): void => {
    size += chunk.length
    if (size <= mostBytes && hold(chunk.length)) chunks?.push(chunk)
    else drop()
  }
  const drop = (): void => {
    chunks = undefined
    stream.off('data', keep)
  }
  let isBegun = false
  return {
    sendTo: (endpoint) => {
      stream.unpipe()
      for (const chunk of chunks ?? []) endpoint.write(chunk)
      if (!isBegun) stream.on('data', keep)
      isBegun = true
      stream.pipe(endpoint)
    },
    isWhole: () => chunks !== undefined,
    drop,
  }
}
