/** Passes a call of gRPC on: messages in both directions as they come, the head, and the status at the end. */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import { gatewayHeaders } from '@gantry/contract/gateway.ts'
import type { Draw, ServedModel } from '../balancing/served-model.ts'
import type { Upstream } from '../balancing/upstream.ts'
import { asFailure, Failure } from '../failure.ts'
import { callerLeft } from '../proxy/call.ts'
import { traceOf } from '../proxy/headers.ts'
import {
  begin,
  judge,
  newPassage,
  nextUpstream,
  type Passage,
  type PassageWorld,
  type RoutedCall,
} from '../proxy/passage.ts'
import { noEndpoint, tooLate } from '../proxy/refusals.ts'
import { endWhereDead, type Sessions } from './sessions.ts'
import { httpStatusOf, isError, isUnavailable, refuse } from './status.ts'

export interface GrpcCall {
  readonly stream: ServerHttp2Stream
  readonly headers: IncomingHttpHeaders
  readonly served: ServedModel
}

/** Those of the connection; HTTP/2 has few. */
const left: ReadonlySet<string> = new Set([
  ':authority',
  ':scheme',
  'te',
  'traceparent',
  'connection',
  gatewayHeaders.authorization,
  'host',
])

const passed = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !left.has(name)))

const textOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(', ')

const statusIn = (headers: IncomingHttpHeaders): number => Number(headers['grpc-status'] ?? 2)

/** Endpoints that have a port of gRPC. */
const nextWithGrpc = (passage: Passage<RoutedCall>, nowMs: number): Upstream | undefined => {
  for (;;) {
    const upstream = nextUpstream(passage, nowMs)
    if (!upstream || upstream.grpcUrl !== undefined) return upstream
    passage.tried.push(upstream)
  }
}

/** An endpoint that takes a connection; calls are not sent twice once they have begun. */
const connect = async (
  passage: Passage<RoutedCall>,
  sessions: Sessions,
  world: PassageWorld,
): Promise<ClientHttp2Session> => {
  for (;;) {
    const upstream = nextWithGrpc(passage, world.nowMs())
    if (!upstream)
      throw new Failure(
        'unavailable',
        `no endpoint of ${passage.call.served.key} takes calls of gRPC; try again later`,
      )
    begin(passage, upstream, world.nowMs())
    try {
      return await sessions.open(upstream)
    } catch {
      judge(passage, { isFailed: true, isError: true }, world)
    }
  }
}

interface Ends {
  /** @param status of gRPC */
  readonly ended: (status: number) => void
  readonly answered: () => void
}

const cutOff: IncomingHttpHeaders = {
  'grpc-status': '14',
  'grpc-message': 'the endpoint ended its answer in the middle',
}

/** Joins the two streams. */
const join = (stream: ServerHttp2Stream, upstream: ClientHttp2Stream, { ended, answered }: Ends): void => {
  let trailers: IncomingHttpHeaders = {}
  upstream.once('response', (headers, flags) => {
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
    upstream.pipe(stream)
  })
  upstream.once('trailers', (found) => {
    trailers = found
  })
  stream.pipe(upstream)
}

/** Calls have no copies yet; those that would have one are counted. */
const drawFor = (
  served: ServedModel,
  headers: IncomingHttpHeaders,
  { shadow }: PassageWorld,
): Draw | undefined => {
  const draw = served.draw((name) => textOf(headers[name]))
  if (draw && headers[':path']?.endsWith('/ModelInfer')) shadow.leaveOut(served, draw, 'grpc')
  return draw
}

export const createGrpcForward = (sessions: Sessions, world: PassageWorld): ((call: GrpcCall) => void) => {
  const { nowMs, records } = world
  return ({ stream, headers, served }) => {
    const trace = traceOf(headers)
    const path = headers[':path'] ?? '/'
    const sink = { sentBytes: () => 0 }
    const call = { served, method: 'POST', path, trace, startedMs: nowMs(), isRoundRobin: false, sink }
    records.began(served)
    const draw = drawFor(served, headers, world)
    const failed = draw ? undefined : noEndpoint(served)
    const passage = draw && newPassage(call, draw)
    let upstream: ClientHttp2Stream | undefined
    let chosen: Upstream | undefined
    let isOver = false
    const end = (status: number, failure?: Failure): void => {
      if (isOver) return
      isOver = true
      clearTimeout(late)
      if (chosen) chosen.outstanding -= 1
      records.ended(call, { upstream: passage?.tried.at(-1), status, failure, retries: 0 })
    }
    const fail = (failure: Failure): void => {
      upstream?.close(constants.NGHTTP2_CANCEL)
      refuse(stream, failure)
      end(failure.status, failure)
    }
    /** @param isBlamed whether the endpoint is at fault */
    const judgeUnanswered = (isBlamed: boolean): void => {
      if (!passage || !chosen || isOver) return
      judge(passage, { isFailed: isBlamed ? true : undefined, isError: isBlamed }, world)
    }
    const late = setTimeout(() => {
      // A call that its caller has not sent to its end says nothing about the endpoint.
      judgeUnanswered(stream.readableEnded)
      endWhereDead(upstream?.session)
      fail(tooLate(served))
    }, served.model().timeoutMs)
    stream.on('error', () => {})
    stream.once('close', () => {
      upstream?.close(constants.NGHTTP2_CANCEL)
      judgeUnanswered(false)
      end(callerLeft)
    })
    const go = async (inPassage: Passage<RoutedCall>): Promise<void> => {
      const session = await connect(inPassage, sessions, world)
      if (isOver) return
      chosen = inPassage.tried.at(-1)
      if (chosen) chosen.outstanding += 1
      const own = { traceparent: trace, te: 'trailers', ':authority': chosen?.authority ?? '' }
      upstream = session.request({ ...passed(headers), ...own })
      const broken = (): void => {
        if (isOver) return
        judge(inPassage, { isFailed: true, isError: true }, world)
        fail(new Failure('bad-answer', `the endpoint of ${served.key} ended the call; try again`))
      }
      // An orderly end of the connection is no error, and without an answer no end of the call either.
      upstream.on('error', broken).once('close', () => {
        if (!upstream?.readableEnded || !stream.headersSent) broken()
      })
      join(stream, upstream, {
        // Streams may last; the deadline is for their beginning.
        answered: () => clearTimeout(late),
        ended: (status) => {
          judge(inPassage, { isFailed: isUnavailable(status), isError: isError(status) }, world)
          end(httpStatusOf(status))
        },
      })
    }
    if (passage) go(passage).catch((error: unknown) => fail(asFailure(error)))
    else if (failed) fail(failed)
  }
}
