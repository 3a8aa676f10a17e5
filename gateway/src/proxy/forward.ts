/** Sends a request to an endpoint and its answer back, on another endpoint where the first one answered nothing. */
import { gatewayHeaders } from '@gantry/contract/gateway.ts'
import type { Dispatcher } from 'undici'
import { countAttempt } from '../balancing/demand-book.ts'
import { failed, isFailure, succeeded } from '../balancing/ejection.ts'
import type { Draw } from '../balancing/served-model.ts'
import type { Upstream } from '../balancing/upstream.ts'
import { Failure } from '../failure.ts'
import { replyFailure } from '../http/reply.ts'
import { isStreamed } from './body.ts'
import { type Call, callerLeft, isRepeatable, type Records } from './call.ts'
import { requestHeaders, responseHeaders } from './headers.ts'

export interface ForwardOptions {
  readonly nowMs: () => number
  readonly records: Records
}

/** Endpoints that one request may be sent to. */
const mostAttempts = 3
const retryAfterSeconds = 1

/** Errors of a connection that was never made: the endpoint has not seen the request. */
const unconnected = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])

const codeOf = (error: Error): string | undefined => (error as NodeJS.ErrnoException).code

const unavailable = ({ served }: Call, why: string): Failure =>
  new Failure('unavailable', `no endpoint of ${served.key} is ready: ${why}; try again later`, {
    retryAfterSeconds,
  })

const timeoutOf = ({ served }: Call): Failure =>
  new Failure('timeout', `${served.key} has not answered within ${served.model().timeoutMs / 1000} s`)

const unanswered = ({ served }: Call, error: Error): Failure => {
  const code = codeOf(error) ?? error.message
  return unconnected.has(code)
    ? new Failure('unavailable', `no endpoint of ${served.key} could be reached (${code}); try again later`, {
        retryAfterSeconds,
      })
    : new Failure(
        'bad-answer',
        `the endpoint of ${served.key} ended the connection without an answer (${code}); try again`,
      )
}

const other = { stable: 'canary', canary: 'stable' } as const

/** The end of one attempt: for the endpoint's reputation and, of the first attempt, for the verdict. */
type Attempted = 'answered' | 'failed' | 'left'

/** The state of one request; the functions below move it on. */
export const createForward = ({ nowMs, records }: ForwardOptions): ((call: Call) => void) => {
  const judge = (call: Call, upstream: Upstream, end: Attempted): void => {
    if (end === 'left') return
    const now = nowMs()
    if (end === 'answered') succeeded(upstream, now)
    else if (failed(upstream, call.served.upstreams(upstream.track), now))
      records.ejected(call.served, upstream)
  }

  return (call) => {
    const { served, request, response, body, path } = call
    const draw = served.draw()
    if (!draw) {
      const failure = unavailable(call, served.model().unready ?? 'it has none at present')
      replyFailure(request, response, failure)
      records.ended(call, {
        served,
        upstream: undefined,
        status: failure.status,
        failure,
        retries: 0,
        startedMs: call.startedMs,
      })
      return
    }
    run({ ...call, served, request, response, body, path }, draw)
  }

  function run(call: Call, draw: Draw): void {
    const { served, request, response, body, path } = call
    const { timeoutMs } = served.model()
    const tried: Upstream[] = []
    let controller: Dispatcher.DispatchController | undefined
    let status = 0
    let failure: Failure | undefined
    let isOver = false
    records.began(served)
    served.budget.earn()

    const headers = requestHeaders(request, call.trace, isStreamed(body) ? body.contentLength : undefined)
    const end = (): void => {
      if (isOver) return
      isOver = true
      clearTimeout(late)
      const upstream = tried.at(-1)
      records.ended(call, {
        served,
        upstream,
        status,
        failure,
        retries: Math.max(0, tried.length - 1),
        startedMs: call.startedMs,
      })
    }
    const refuse = (found: Failure): void => {
      if (isOver) return
      failure = found
      status = found.status
      replyFailure(request, response, found)
      end()
    }
    const late = setTimeout(
      () => {
        if (isOver || response.headersSent) return
        const found = timeoutOf(call)
        controller?.abort(found)
        refuse(found)
      },
      timeoutMs - (nowMs() - call.startedMs),
    )
    response.once('close', () => {
      if (isOver) return
      // The pod sees the connection end, and computes nothing more for it.
      status = callerLeft
      controller?.abort(new Error('the caller has left'))
      end()
    })

    const next = (): Upstream | undefined => {
      const pick = (track: typeof draw.track): Upstream | undefined => {
        const chooser = served.chooser(track)
        return (call.isRoundRobin ? chooser.roundRobin : chooser.leastOutstanding)(nowMs(), tried)
      }
      return pick(draw.track) ?? pick(other[draw.track])
    }
    const mayRepeat = (error: Error): boolean =>
      tried.length < mostAttempts &&
      !(isStreamed(body) && body.isTaken()) &&
      (unconnected.has(codeOf(error) ?? '') || isRepeatable(request.method, path))

    const attempt = (upstream: Upstream): void => {
      const isFirst = tried.length === 0
      const sentMs = nowMs()
      let isSettled = false
      tried.push(upstream)
      upstream.outstanding += 1
      /** The head of an answer, or its lack, decides what is thought of the endpoint. */
      const decided = (how: Attempted, isError: boolean): void => {
        if (isFirst) countAttempt(draw.cell, upstream.track, isError, nowMs() - sentMs)
        judge(call, upstream, how)
      }
      const settle = (): void => {
        if (isSettled) return
        isSettled = true
        upstream.outstanding -= 1
      }
      const answer = (
        found: number,
        answered: Readonly<Record<string, string | string[] | undefined>>,
      ): void => {
        clearTimeout(late)
        status = found
        decided(isFailure(found) ? 'failed' : 'answered', found >= 500)
        const own = [gatewayHeaders.endpoint, upstream.authority, gatewayHeaders.track, upstream.track]
        response.writeHead(found, responseHeaders(answered, own))
        // An event stream may say nothing for long; its head must not wait for its first event.
        if (answered['content-length'] === undefined) response.flushHeaders()
      }
      const broken = (error: Error): void => {
        settle()
        const isAnswered = status !== 0 && response.headersSent
        if (!isAnswered) decided(status === callerLeft ? 'left' : 'failed', status !== callerLeft)
        if (isOver) return
        if (isAnswered) {
          failure = new Failure('bad-answer', 'the endpoint ended its answer in the middle')
          response.destroy()
          end()
          return
        }
        if (error instanceof Failure) return refuse(error)
        const another = mayRepeat(error) ? next() : undefined
        if (another && served.budget.spend()) attempt(another)
        else refuse(unanswered(call, error))
      }
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart: (started) => {
          controller = started
          if (isOver) started.abort(new Error('the request is over'))
        },
        onResponseStart: (_, found, answered) => {
          if (found >= 200 && !isOver)
            answer(found, answered as Record<string, string | string[] | undefined>)
        },
        onResponseData: (from, chunk) => {
          if (response.destroyed || response.write(chunk)) return
          from.pause()
          response.once('drain', () => from.resume())
        },
        onResponseEnd: () => {
          settle()
          if (isOver) return
          response.end()
          end()
        },
        onResponseError: (_, error) => broken(error),
      }
      const sent = { method: request.method as Dispatcher.HttpMethod, path, headers, bodyTimeout: timeoutMs }
      try {
        upstream.pool.dispatch(
          { ...sent, body: isStreamed(body) ? (body.parts() as never) : (body ?? null) },
          handler,
        )
      } catch (error) {
        broken(error as Error)
      }
    }

    const first = next()
    if (first) attempt(first)
    else refuse(unavailable(call, served.model().unready ?? 'it has none at present'))
  }
}
