/** Sends a request to an endpoint and its answer back; to another endpoint, where the first one answered nothing. */
import { gatewayHeaders } from '@gantry/contract/gateway.ts'
import { countAttempt } from '../balancing/demand-book.ts'
import { failed, isFailure, succeeded } from '../balancing/ejection.ts'
import type { Draw } from '../balancing/served-model.ts'
import type { Upstream } from '../balancing/upstream.ts'
import { Failure } from '../failure.ts'
import { type AnswerHeaders, type Attempt, attemptAt, type Outgoing } from './attempt.ts'
import { isStreamed } from './body.ts'
import { type Call, callerLeft, isRepeatable, type Records } from './call.ts'
import { responseHeaders } from './headers.ts'
import { isUnconnected, noEndpoint, tooLate, unanswered } from './refusals.ts'

export interface ForwardOptions {
  readonly nowMs: () => number
  readonly records: Records
}

/** Endpoints that one request may be sent to. */
const mostAttempts = 3

const other = { stable: 'canary', canary: 'stable' } as const

/** One request while it is under way. */
interface Passage {
  readonly call: Call
  readonly draw: Draw
  readonly outgoing: Outgoing
  /** Endpoints that it was sent to, in order. */
  readonly tried: Upstream[]
  attempt: Attempt | undefined
  /** Status of the answer, once its head has come. */
  status: number | undefined
  /** Whether the caller has its answer, or has left. */
  isOver: boolean
  deadline: NodeJS.Timeout | undefined
}

/** Where the track that was drawn has no endpoint left, the other one serves. */
const nextUpstream = ({ call, draw, tried }: Passage, nowMs: number): Upstream | undefined => {
  const pick = (track: Draw['track']): Upstream | undefined => {
    const chooser = call.served.chooser(track)
    return (call.isRoundRobin ? chooser.roundRobin : chooser.leastOutstanding)(nowMs, tried)
  }
  return pick(draw.track) ?? pick(other[draw.track])
}

/** Only what no endpoint can have begun to answer, or what may be computed twice. */
const mayRepeat = ({ outgoing: { body, method, path }, tried }: Passage, error: Error): boolean =>
  tried.length < mostAttempts &&
  !(isStreamed(body) && body.isTaken()) &&
  (isUnconnected(error) || isRepeatable(method, path))

const outgoingOf = ({ method, path, headers, body, served }: Call): Outgoing => ({
  ...{ method, path, headers, body },
  quietMs: served.model().timeoutMs,
})

const isAnswered = ({ status }: Passage): boolean => status !== undefined

export const createForward = ({ nowMs, records }: ForwardOptions): ((call: Call) => void) => {
  const end = (passage: Passage, status: number, failure?: Failure): void => {
    passage.isOver = true
    clearTimeout(passage.deadline)
    const { call, tried } = passage
    const retries = Math.max(0, tried.length - 1)
    records.ended(call, { upstream: tried.at(-1), status, failure, retries })
  }

  const refuse = (passage: Passage, failure: Failure): void => {
    if (passage.isOver) return
    passage.call.sink.refuse(failure)
    end(passage, failure.status, failure)
  }

  /** @param sentMs when the attempt began @param isError for the verdict about a canary */
  const judge = (
    passage: Passage,
    upstream: Upstream,
    sentMs: number,
    how: { readonly isFailed: boolean; readonly isError: boolean },
  ): void => {
    const now = nowMs()
    const { call, draw, tried } = passage
    if (tried[0] === upstream) countAttempt(draw.cell, upstream.track, how.isError, now - sentMs)
    if (!how.isFailed) succeeded(upstream, now)
    else if (failed(upstream, call.served.upstreams(upstream.track), now))
      records.ejected(call.served, upstream)
  }

  const answer = (passage: Passage, upstream: Upstream, status: number, headers: AnswerHeaders): void => {
    clearTimeout(passage.deadline)
    passage.status = status
    const own = [gatewayHeaders.endpoint, upstream.authority, gatewayHeaders.track, upstream.track]
    const isOpenEnded = headers['content-length'] === undefined
    passage.call.sink.head(status, responseHeaders(headers, own), isOpenEnded)
  }

  const breakOff = (passage: Passage): void => {
    passage.call.sink.breakOff()
    end(passage, 502, new Failure('bad-answer', 'the endpoint ended its answer in the middle'))
  }

  const send = (passage: Passage, upstream: Upstream): void => {
    const sentMs = nowMs()
    passage.tried.push(upstream)
    const judged = (isFailed: boolean, isError: boolean): void =>
      judge(passage, upstream, sentMs, { isFailed, isError })
    passage.attempt = attemptAt(upstream, passage.outgoing, passage.call.sink, {
      answered: (status, headers) => {
        if (passage.isOver) return
        judged(isFailure(status), status >= 500)
        answer(passage, upstream, status, headers)
      },
      ended: () => {
        if (passage.isOver) return
        passage.call.sink.end()
        end(passage, passage.status ?? 502)
      },
      broken: (error) => {
        if (passage.isOver) return
        if (isAnswered(passage)) return breakOff(passage)
        const isCallers = error instanceof Failure
        judged(!isCallers, !isCallers)
        if (isCallers) return refuse(passage, error)
        const another = mayRepeat(passage, error) ? nextUpstream(passage, nowMs()) : undefined
        if (another && passage.call.served.budget.spend()) send(passage, another)
        else refuse(passage, unanswered(passage.call.served, error))
      },
    })
  }

  /** The caller has left, or its time is over: the endpoint is told, and the attempt counts. */
  const giveUp = (passage: Passage, reason: Error, isFailed: boolean): void => {
    const upstream = passage.tried.at(-1)
    if (upstream && !isAnswered(passage) && isFailed)
      judge(passage, upstream, passage.call.startedMs, { isFailed, isError: isFailed })
    else if (upstream && !isAnswered(passage) && passage.tried.length === 1)
      countAttempt(passage.draw.cell, upstream.track, false, nowMs() - passage.call.startedMs)
    passage.attempt?.abort(reason)
  }

  const watch = (passage: Passage): void => {
    const { call } = passage
    const leftMs = call.served.model().timeoutMs - (nowMs() - call.startedMs)
    passage.deadline = setTimeout(() => {
      const failure = tooLate(call.served)
      giveUp(passage, failure, true)
      refuse(passage, failure)
    }, leftMs)
    call.sink.onClose(() => {
      if (passage.isOver) return
      giveUp(passage, new Error('the caller has left'), false)
      end(passage, callerLeft)
    })
  }

  return (call) => {
    records.began(call.served)
    const draw = call.served.draw()
    const empty = {
      call,
      tried: [],
      attempt: undefined,
      status: undefined,
      isOver: false,
      deadline: undefined,
    }
    if (!draw) {
      const failure = noEndpoint(call.served)
      call.sink.refuse(failure)
      records.ended(call, { upstream: undefined, status: failure.status, failure, retries: 0 })
      return
    }
    const passage: Passage = { ...empty, draw, outgoing: outgoingOf(call) }
    call.served.budget.earn()
    watch(passage)
    const upstream = nextUpstream(passage, nowMs())
    if (upstream) send(passage, upstream)
    else refuse(passage, noEndpoint(call.served))
  }
}
