/** Sends a request to an endpoint and its answer back; to another endpoint, where the first one answered nothing. */
import { gatewayHeaders } from '@gantry/contract/gateway.ts'
import { isFailure } from '../balancing/ejection.ts'
import type { Upstream } from '../balancing/upstream.ts'
import { Failure } from '../failure.ts'
import { type AnswerHeaders, attemptAt } from './attempt.ts'
import { isStreamed } from './body.ts'
import { type Call, callerLeft } from './call.ts'
import { responseHeaders, valueIn } from './headers.ts'
import {
  begin,
  judge,
  newPassage,
  nextUpstream,
  type Passage,
  type PassageWorld,
  upstreamAfter,
} from './passage.ts'
import { callersFault, noEndpoint, tooLate, tooSlow, unanswered } from './refusals.ts'

const isAnswered = ({ status }: Passage): boolean => status !== undefined

const end = (passage: Passage, { records }: PassageWorld, status: number, failure?: Failure): void => {
  passage.isOver = true
  clearTimeout(passage.deadline)
  const { call, tried } = passage
  records.ended(call, { upstream: tried.at(-1), status, failure, retries: Math.max(0, tried.length - 1) })
}

const refuse = (passage: Passage, world: PassageWorld, failure: Failure): void => {
  if (passage.isOver) return
  passage.call.sink.refuse(failure)
  end(passage, world, failure.status, failure)
}

/** The head of the answer: from here on the request belongs to this endpoint. */
const answer = (passage: Passage, status: number, headers: AnswerHeaders): void => {
  const upstream = passage.tried.at(-1)
  clearTimeout(passage.deadline)
  passage.status = status
  const own = [
    gatewayHeaders.endpoint,
    upstream?.authority ?? '',
    gatewayHeaders.track,
    upstream?.track ?? '',
  ]
  passage.call.sink.head(
    status,
    responseHeaders(status, headers, own),
    headers['content-length'] === undefined,
  )
}

const brokenOff = (passage: Passage, world: PassageWorld): void => {
  passage.call.sink.breakOff()
  end(passage, world, 502, new Failure('bad-answer', 'the endpoint ended its answer in the middle'))
}

/** An attempt ended without an answer: another endpoint, or a refusal. */
const unansweredBy = (passage: Passage, world: PassageWorld, error: Error): void => {
  const refused = callersFault(error)
  judge(passage, { isFailed: refused ? undefined : true, isError: !refused }, world)
  const another = refused ? undefined : upstreamAfter(passage, error, world.nowMs())
  if (another) send(passage, another, world)
  else refuse(passage, world, refused ?? unanswered(passage.call.served, error))
}

function send(passage: Passage, upstream: Upstream, world: PassageWorld): void {
  const { call } = passage
  begin(passage, upstream, world.nowMs())
  passage.attempt = attemptAt(upstream, { ...call, quietMs: call.served.model().timeoutMs }, call.sink, {
    answered: (status, headers) => {
      if (passage.isOver) return
      judge(passage, { isFailed: isFailure(status), isError: status >= 500 }, world)
      answer(passage, status, headers)
    },
    ended: () => {
      if (passage.isOver) return
      call.sink.end()
      end(passage, world, passage.status ?? 502)
    },
    broken: (error) => {
      if (passage.isOver) return
      if (isAnswered(passage)) brokenOff(passage, world)
      else unansweredBy(passage, world, error)
    },
  })
}

/** The endpoint sees the connection end, and computes nothing more. */
const giveUp = (passage: Passage, world: PassageWorld, reason: Error): void => {
  const isLate = reason instanceof Failure && reason.kind === 'timeout'
  if (!isAnswered(passage)) judge(passage, { isFailed: isLate ? true : undefined, isError: isLate }, world)
  passage.attempt?.abort(reason)
}

/** The deadline begins when the body has come, or with its last part: a caller that sends slowly is not the endpoint's fault. */
const watch = (passage: Passage, world: PassageWorld): void => {
  const { call } = passage
  const { timeoutMs } = call.served.model()
  const look = (): void => {
    const leftMs = isStreamed(call.body) ? call.body.movedMs() + timeoutMs - world.nowMs() : 0
    if (leftMs > 0) {
      passage.deadline = setTimeout(look, leftMs)
      return
    }
    const failure = (isStreamed(call.body) && call.body.isAwaited() ? tooSlow : tooLate)(call.served)
    giveUp(passage, world, failure)
    refuse(passage, world, failure)
  }
  passage.deadline = setTimeout(look, timeoutMs)
  call.sink.onClose(() => {
    if (passage.isOver) return
    giveUp(passage, world, new Error('the caller has left'))
    end(passage, world, callerLeft)
  })
}

export const createForward =
  (world: PassageWorld): ((call: Call) => void) =>
  (call) => {
    world.records.began(call.served)
    const draw = call.served.draw((name) => valueIn(call.headers, name))
    if (!draw) {
      const failure = noEndpoint(call.served)
      call.sink.refuse(failure)
      world.records.ended(call, { upstream: undefined, status: failure.status, failure, retries: 0 })
      return
    }
    const passage = newPassage(call, draw)
    call.served.budget.earn()
    watch(passage, world)
    const upstream = nextUpstream(passage, world.nowMs())
    if (upstream) send(passage, upstream, world)
    else refuse(passage, world, noEndpoint(call.served))
  }
