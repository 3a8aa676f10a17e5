/** One attempt to have a call of gRPC answered by one endpoint. */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { Upstream } from '../balancing/upstream.ts'
import type { Attempt } from '../proxy/attempt.ts'
import type { KeptBody } from './kept-body.ts'
import { endWhereDead, lastSeenOf } from './sessions.ts'

export interface Outgoing {
  readonly stream: ServerHttp2Stream
  readonly headers: IncomingHttpHeaders
  readonly body: KeptBody
}

/** What becomes of it: first `answered` if at all, at the end one of the other two. */
export interface GrpcEvents {
  readonly answered: () => void
  /** @param status of gRPC */
  readonly ended: (status: number) => void
  /** @param isUnseen the endpoint has said that it has not begun with the call */
  readonly broken: (isUnseen: boolean) => void
}

export interface GrpcAttempt extends Attempt {
  /** Ends the connection where nobody answers on it any more. */
  readonly suspect: () => void
}

const statusIn = (headers: IncomingHttpHeaders): number => Number(headers['grpc-status'] ?? 2)

const cutOff: IncomingHttpHeaders = {
  'grpc-status': '14',
  'grpc-message': 'the endpoint ended its answer in the middle',
}

/** RFC 9113, 8.7: a refused stream and one above the last of a GOAWAY have not been looked at. */
const isUnseen = (call: ClientHttp2Stream, session: ClientHttp2Session): boolean =>
  call.rstCode === constants.NGHTTP2_REFUSED_STREAM || call.id === undefined || call.id > lastSeenOf(session)

/** Passes the answer on. */
const answerTo = (
  stream: ServerHttp2Stream,
  from: ClientHttp2Stream,
  { answered, ended }: GrpcEvents,
): void => {
  let trailers: IncomingHttpHeaders = {}
  from.once('response', (headers, flags) => {
    if (stream.destroyed) return
    answered()
    if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) {
      stream.respond(headers, { endStream: true })
      return ended(statusIn(headers))
    }
    // An answer of gRPC that ends without a status has been cut off.
    if (headers[':status'] === 200) trailers = cutOff
    stream.respond(headers, { waitForTrailers: true })
    stream.once('wantTrailers', () => {
      stream.sendTrailers(trailers)
      ended(statusIn(trailers))
    })
    from.pipe(stream)
  })
  from.once('trailers', (found) => {
    trailers = found
  })
}

export const attemptOn = (
  session: ClientHttp2Session,
  upstream: Upstream,
  { stream, headers, body }: Outgoing,
  events: GrpcEvents,
): GrpcAttempt => {
  const call = session.request({ ...headers, ':authority': upstream.authority })
  let isCounted = true
  let isBroken = false
  upstream.outstanding += 1
  const settle = (): void => {
    if (isCounted) upstream.outstanding -= 1
    isCounted = false
  }
  call.on('error', () => {
    isBroken = true
  })
  // A GOAWAY is known by then, which may come with the error.
  call.once('close', () => {
    settle()
    // An orderly end of the connection is no error, and without an answer no end of the call either.
    if (isBroken || !call.readableEnded || !stream.headersSent) events.broken(isUnseen(call, session))
  })
  answerTo(stream, call, {
    ...events,
    ended: (status) => {
      settle()
      events.ended(status)
    },
  })
  body.sendTo(call)
  return {
    abort: () => call.close(constants.NGHTTP2_CANCEL),
    suspect: () => endWhereDead(session),
  }
}
