/** Bodies of requests: small ones whole, so that they can be sent again; large ones as they come. */
import type { IncomingMessage } from 'node:http'
import { Failure } from '../failure.ts'
import type { Hold } from './body-memory.ts'

/** A body that is sent on while it arrives. */
export interface StreamedBody {
  /** Once a part of it has been taken, it cannot be sent to another endpoint. */
  readonly isTaken: () => boolean
  readonly parts: () => AsyncIterable<Buffer>
  /** The time at which its last part went on to the endpoint, milliseconds of the clock that never jumps. */
  readonly movedMs: () => number
  /** Whether the endpoint has all that has come, and more is to come. */
  readonly isAwaited: () => boolean
  /** The content-length header of the caller, if there was one. */
  readonly contentLength: string | undefined
}
export type Body = Buffer | StreamedBody | undefined

export interface BodyLimits {
  /** Up to this size a body is read before it is sent on. */
  readonly bufferBytes: number
  readonly mostBytes: number
  readonly hold: Hold
  /** Whether a body that finds no room is sent on as it comes; otherwise it is refused. */
  readonly mayStream: boolean
  readonly nowMs: () => number
}

const tooLarge = (mostBytes: number): Failure =>
  new Failure(
    'too-large',
    `the body is larger than ${mostBytes} bytes, the most that is taken here; send less at a time`,
  )

const noRoom = (): Failure =>
  new Failure('unavailable', 'there is no room for a body of this size at present; try again later', {
    retryAfterSeconds: 1,
  })

export const isStreamed = (body: Body): body is StreamedBody => body !== undefined && !Buffer.isBuffer(body)

const streamed = (
  request: IncomingMessage,
  before: readonly Buffer[],
  { mostBytes, nowMs }: BodyLimits,
): StreamedBody => {
  let taken = false
  let movedMs = nowMs()
  let isAwaited = false
  async function* parts(): AsyncGenerator<Buffer> {
    taken = true
    let size = 0
    for (const chunk of before) {
      size += chunk.length
      yield chunk
    }
    isAwaited = true
    // The connection must outlive the body where the answer is a failure.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > mostBytes) throw tooLarge(mostBytes)
      isAwaited = false
      yield chunk
      movedMs = nowMs()
      isAwaited = true
    }
    isAwaited = false
  }
  return {
    ...{ isTaken: () => taken, movedMs: () => movedMs, isAwaited: () => isAwaited },
    ...{ parts, contentLength: request.headers['content-length'] },
  }
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
  limits: BodyLimits,
  done: (body: Body | Failure) => void,
): void => {
  const { bufferBytes, mostBytes } = limits
  const announced = Number(request.headers['content-length'] ?? 0)
  if (isEmpty(request)) done(undefined)
  else if (announced > mostBytes) done(tooLarge(mostBytes))
  else if (announced > bufferBytes) done(streamed(request, [], limits))
  else collect(request, limits, done)
}

/** Collects a body as long as it is small. */
const collect = (
  request: IncomingMessage,
  limits: BodyLimits,
  done: (body: Body | Failure) => void,
): void => {
  const { bufferBytes, mostBytes, hold, mayStream } = limits
  const chunks: Buffer[] = []
  let size = 0
  const take = (chunk: Buffer): void => {
    chunks.push(chunk)
    size += chunk.length
    const isHeld = hold(chunk.length)
    if (size <= bufferBytes && isHeld) return
    request.pause().off('data', take).off('end', end)
    if (size > mostBytes) done(tooLarge(mostBytes))
    else done(isHeld || mayStream ? streamed(request, chunks, limits) : noRoom())
  }
  const end = (): void => done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
  request.on('data', take).on('end', end)
}
