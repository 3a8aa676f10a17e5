/** Bodies of requests: small ones whole, so that they can be sent again; large ones as they come. */
import type { IncomingMessage } from 'node:http'
import { Failure } from '../failure.ts'

/** A body that is sent on while it arrives. */
export interface StreamedBody {
  /** Once a part of it has been taken, it cannot be sent to another endpoint. */
  readonly isTaken: () => boolean
  readonly parts: () => AsyncIterable<Buffer>
  /** The content-length header of the caller, if there was one. */
  readonly contentLength: string | undefined
}
export type Body = Buffer | StreamedBody | undefined

export interface BodyLimits {
  /** Up to this size a body is read before it is sent on. */
  readonly bufferBytes: number
  readonly mostBytes: number
}

const tooLarge = (mostBytes: number): Failure =>
  new Failure(
    'too-large',
    `the body is larger than ${mostBytes} bytes, the most that is taken here; send less at a time`,
  )

export const isStreamed = (body: Body): body is StreamedBody => body !== undefined && !Buffer.isBuffer(body)

const streamed = (request: IncomingMessage, before: readonly Buffer[], mostBytes: number): StreamedBody => {
  let taken = false
  async function* parts(): AsyncGenerator<Buffer> {
    taken = true
    let size = 0
    for (const chunk of before) {
      size += chunk.length
      yield chunk
    }
    // The connection must outlive the body where the answer is a failure.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > mostBytes) throw tooLarge(mostBytes)
      yield chunk
    }
  }
  return { isTaken: () => taken, parts, contentLength: request.headers['content-length'] }
}

/** Whether nothing more belongs to the request than its head. */
export const isEmpty = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined &&
  (headers['content-length'] === undefined || headers['content-length'] === '0')

/**
 * Calls back once: with the whole body, or with a streamed one as soon as it is known to be larger than `bufferBytes`.
 * A caller that leaves is seen by the response.
 */
export const readBody = (
  request: IncomingMessage,
  { bufferBytes, mostBytes }: BodyLimits,
  done: (body: Body | Failure) => void,
): void => {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (isEmpty(request)) done(undefined)
  else if (announced > mostBytes) done(tooLarge(mostBytes))
  else if (announced > bufferBytes) done(streamed(request, [], mostBytes))
  else collect(request, { bufferBytes, mostBytes }, done)
}

/** Collects a body as long as it is small. */
const collect = (
  request: IncomingMessage,
  { bufferBytes, mostBytes }: BodyLimits,
  done: (body: Body | Failure) => void,
): void => {
  const chunks: Buffer[] = []
  let size = 0
  const take = (chunk: Buffer): void => {
    chunks.push(chunk)
    size += chunk.length
    if (size <= bufferBytes) return
    request.pause().off('data', take).off('end', end)
    done(size > mostBytes ? tooLarge(mostBytes) : streamed(request, chunks, mostBytes))
  }
  const end = (): void => done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
  request.on('data', take).on('end', end)
}
