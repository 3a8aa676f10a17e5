/** Passes a call of gRPC on; to another endpoint, where the first one answered nothing. */
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { gatewayHeaders } from '@gantry/contract/gateway.ts'
import type { Draw, ServedModel } from '../balancing/served-model.ts'
import type { Upstream } from '../balancing/upstream.ts'
import { asFailure, Failure } from '../failure.ts'
import type { BodyMemory } from '../proxy/body-memory.ts'
import { callerLeft, type EndedCall, type Sender } from '../proxy/call.ts'
import { traceOf } from '../proxy/headers.ts'
import {
  begin,
  furtherUpstream,
  judge,
  newPassage,
  nextUpstream,
  type Passage,
  type PassageWorld,
  type RoutedCall,
} from '../proxy/passage.ts'
import { noEndpoint, tooLate } from '../proxy/refusals.ts'
import { attemptOn, type GrpcAttempt, type Outgoing } from './attempt.ts'
import { keepBody } from './kept-body.ts'
import { isRepeatableCall } from './methods.ts'
import type { Sessions } from './sessions.ts'
import { httpStatusOf, isError, isUnavailable, refuse } from './status.ts'

export interface GrpcCall {
  readonly stream: ServerHttp2Stream
  readonly headers: IncomingHttpHeaders
  readonly served: ServedModel
  readonly from: Sender
}

export interface GrpcWorld extends PassageWorld {
  readonly sessions: Sessions
  /** Holds bodies that may have to be sent again. */
  readonly memory: BodyMemory
}

type Routed = RoutedCall & Outgoing & EndedCall
type GrpcPassage = Passage<Routed, GrpcAttempt>

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

const passed = (headers: IncomingHttpHeaders, trace: string): IncomingHttpHeaders => ({
  ...Object.fromEntries(Object.entries(headers).filter(([name]) => !left.has(name))),
  ...{ traceparent: trace, te: 'trailers' },
})

const textOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(', ')

const hasGrpc = ({ grpcUrl }: Upstream): boolean => grpcUrl !== undefined

const end = (passage: GrpcPassage, { records }: GrpcWorld, status: number, failure?: Failure): void => {
  if (passage.isOver) return
  passage.isOver = true
  clearTimeout(passage.deadline)
  const { call, tried } = passage
  call.body.drop()
  records.ended(call, { upstream: tried.at(-1), status, failure, retries: Math.max(0, tried.length - 1) })
}

const fail = (passage: GrpcPassage, world: GrpcWorld, failure: Failure): void => {
  if (passage.isOver) return
  refuse(passage.call.stream, failure)
  end(passage, world, failure.status, failure)
  passage.attempt?.abort(failure)
}

const unreached = ({ served }: Routed): Failure =>
  new Failure('unavailable', `no endpoint of ${served.key} takes calls of gRPC; try again later`)
const unanswered = ({ served }: Routed): Failure =>
  new Failure('bad-answer', `the endpoint of ${served.key} ended the call; try again`)

/** How much of a call an endpoint has had whose attempt came to nothing. */
type Had = 'no connection' | 'not begun' | 'perhaps all'

/** An endpoint for a call that nobody has answered: any call that no endpoint has begun with, and what may be computed twice. */
const anotherFor = (passage: GrpcPassage, had: Had, { nowMs }: GrpcWorld): Upstream | undefined => {
  const { stream, body, path } = passage.call
  if (stream.headersSent || !body.isWhole()) return undefined
  if (had === 'perhaps all' && !isRepeatableCall(path)) return undefined
  return furtherUpstream(passage, nowMs(), had !== 'no connection')
}

const lost = (passage: GrpcPassage, world: GrpcWorld, had: Had): void => {
  if (passage.isOver) return
  passage.attempt = undefined
  judge(passage, { isFailed: true, isError: true }, world)
  const another = anotherFor(passage, had, world)
  if (another) send(passage, another, world)
  else fail(passage, world, (had === 'no connection' ? unreached : unanswered)(passage.call))
}

function send(passage: GrpcPassage, upstream: Upstream, world: GrpcWorld): void {
  const { call } = passage
  begin(passage, upstream, world.nowMs())
  const events = {
    answered: () => {
      call.body.drop()
      // Streams may last; the deadline is for their beginning.
      clearTimeout(passage.deadline)
    },
    ended: (status: number) => {
      if (passage.isOver) return
      judge(passage, { isFailed: isUnavailable(status), isError: isError(status) }, world)
      end(passage, world, httpStatusOf(status))
    },
    broken: (isUnseen: boolean) => lost(passage, world, isUnseen ? 'not begun' : 'perhaps all'),
  }
  world.sessions
    .open(upstream)
    .then(
      (session) => {
        if (!passage.isOver) passage.attempt = attemptOn(session, upstream, call, events)
      },
      () => lost(passage, world, 'no connection'),
    )
    .catch((error: unknown) => fail(passage, world, asFailure(error)))
}

/** The end of a call that the endpoint has not brought about. */
const watch = (passage: GrpcPassage, world: GrpcWorld): void => {
  const { stream, served } = passage.call
  /** @param isBlamed whether the endpoint is at fault */
  const judgeUnanswered = (isBlamed: boolean): void => {
    if (passage.isOver || !passage.attempt) return
    judge(passage, { isFailed: isBlamed ? true : undefined, isError: isBlamed }, world)
  }
  passage.deadline = setTimeout(() => {
    // A call that its caller has not sent to its end says nothing about the endpoint.
    judgeUnanswered(stream.readableEnded)
    passage.attempt?.suspect()
    fail(passage, world, tooLate(served))
  }, served.model().timeoutMs)
  stream.once('close', () => {
    passage.attempt?.abort(new Error('the caller has left'))
    judgeUnanswered(false)
    end(passage, world, callerLeft)
  })
}

/** Calls have no copies yet; those that would have one are counted. */
const drawFor = ({ served, path }: Routed, headers: IncomingHttpHeaders, world: GrpcWorld) => {
  const draw: Draw | undefined = served.draw((name) => textOf(headers[name]))
  if (draw && path.endsWith('/ModelInfer')) world.shadow.leaveOut(served, draw, 'grpc')
  return draw
}

export const createGrpcForward =
  (world: GrpcWorld): ((call: GrpcCall) => void) =>
  ({ stream, headers, served, from }) => {
    const trace = traceOf(headers)
    const call: Routed = {
      ...{ stream, served, from, trace, method: 'POST', path: headers[':path'] ?? '/' },
      ...{ startedMs: world.nowMs(), isRoundRobin: false, sink: { sentBytes: () => 0 } },
      ...{ headers: passed(headers, trace), body: keepBody(stream, world.memory(stream)), takes: hasGrpc },
    }
    stream.on('error', () => {})
    world.records.began(served)
    const draw = drawFor(call, headers, world)
    if (!draw) {
      const failure = noEndpoint(served)
      refuse(stream, failure)
      world.records.ended(call, { upstream: undefined, status: failure.status, failure, retries: 0 })
      return
    }
    const passage: GrpcPassage = newPassage(call, draw)
    served.budget.earn()
    watch(passage, world)
    const upstream = nextUpstream(passage, world.nowMs())
    if (upstream) send(passage, upstream, world)
    else fail(passage, world, unreached(call))
  }
