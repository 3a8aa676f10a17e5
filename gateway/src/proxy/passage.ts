/** A request while it is under way: which endpoint comes next, and what is thought of those that were asked. */
import { countAttempt } from '../balancing/demand-book.ts'
import { failed, succeeded } from '../balancing/ejection.ts'
import type { Draw } from '../balancing/served-model.ts'
import type { Upstream } from '../balancing/upstream.ts'
import type { Shadow } from '../shadow/shadow.ts'
import type { Attempt } from './attempt.ts'
import { isStreamed } from './body.ts'
import { type Call, isRepeatable, type Records } from './call.ts'
import { isUnconnected } from './refusals.ts'

/** What the choice of an endpoint asks of a call, of either protocol. */
export interface RoutedCall extends Pick<Call, 'served' | 'startedMs' | 'isRoundRobin'> {
  /** undefined: every endpoint takes it. */
  readonly takes?: (upstream: Upstream) => boolean
}

export interface Passage<Routed extends RoutedCall = Call, Try extends Attempt = Attempt> {
  readonly call: Routed
  readonly draw: Draw
  /** Endpoints that it was sent to, in order. */
  readonly tried: Upstream[]
  attempt: Try | undefined
  /** The time at which the latest attempt began. */
  sentMs: number
  /** Status of the answer, once its head has come. */
  status: number | undefined
  /** Whether the caller has its answer, or has left. */
  isOver: boolean
  deadline: NodeJS.Timeout | undefined
}

export interface PassageWorld {
  readonly nowMs: () => number
  readonly records: Records
  readonly shadow: Pick<Shadow, 'watch' | 'leaveOut'>
}

export const newPassage = <Routed extends RoutedCall, Try extends Attempt = Attempt>(
  call: Routed,
  draw: Draw,
): Passage<Routed, Try> => ({
  ...{ call, draw, tried: [], attempt: undefined, sentMs: call.startedMs },
  ...{ status: undefined, isOver: false, deadline: undefined },
})

/** Endpoints that one request may be sent to. */
const mostAttempts = 3

const other = { stable: 'canary', canary: 'stable' } as const

/** The other track serves where the one that was drawn has no endpoint left. */
export const nextUpstream = (
  { call, draw, tried }: Passage<RoutedCall>,
  nowMs: number,
): Upstream | undefined => {
  let without: readonly Upstream[] = tried
  const pick = (track: Draw['track']): Upstream | undefined => {
    const chooser = call.served.chooser(track)
    return (call.isRoundRobin ? chooser.roundRobin : chooser.leastOutstanding)(nowMs, without)
  }
  for (;;) {
    const upstream = pick(draw.track) ?? pick(other[draw.track])
    if (!upstream || (call.takes?.(upstream) ?? true)) return upstream
    without = [...without, upstream]
  }
}

/** Endpoints close connections that were idle; a request may have been on its way then. */
const connectionEnded: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** An only endpoint whose connection ended is asked once more, over a new one. */
const sameAgain = ({ tried }: Passage<RoutedCall>): Upstream | undefined => {
  const [only] = tried
  return tried.length === 1 && only && !only.isGone ? only : undefined
}

/** The next endpoint, as long as the budget of the model allows one. @param isEnded whether the connection had been there, and ended */
export const furtherUpstream = (
  passage: Passage<RoutedCall>,
  nowMs: number,
  isEnded: boolean,
): Upstream | undefined => {
  if (passage.tried.length >= mostAttempts) return undefined
  const next = nextUpstream(passage, nowMs) ?? (isEnded ? sameAgain(passage) : undefined)
  return next && passage.call.served.budget.spend() ? next : undefined
}

/** Only what no endpoint can have begun to answer, or what may be computed twice. */
export const upstreamAfter = (passage: Passage, error: Error, nowMs: number): Upstream | undefined => {
  const { body, method, path } = passage.call
  if (isStreamed(body) && body.isTaken()) return undefined
  if (!isUnconnected(error) && !isRepeatable(method, path)) return undefined
  return furtherUpstream(passage, nowMs, connectionEnded.has((error as NodeJS.ErrnoException).code ?? ''))
}

/** An attempt begins. */
export const begin = (passage: Passage<RoutedCall>, upstream: Upstream, nowMs: number): void => {
  if (passage.tried.push(upstream) === 1) upstream.asked += 1
  passage.sentMs = nowMs
}

/** What an attempt came to. A caller that leaves says nothing about the endpoint. */
export interface Judgement {
  readonly isFailed: boolean | undefined
  /** The verdict about a canary counts it. */
  readonly isError: boolean
}

/** Called once for each attempt, when its answer begins or will not come. */
export const judge = (
  { call, draw, tried, sentMs }: Passage<RoutedCall>,
  how: Judgement,
  { nowMs, records }: PassageWorld,
): void => {
  const upstream = tried.at(-1)
  if (!upstream) return
  const now = nowMs()
  if (tried.length === 1 && draw.isCounted) {
    const { track } = upstream
    countAttempt(draw.cell, { track, isError: how.isError, ms: now - sentMs, session: draw.session })
  }
  if (how.isFailed === false) succeeded(upstream, now)
  if (how.isFailed === true && failed(upstream, call.served.upstreams(upstream.track), now))
    records.ejected(call.served, upstream)
}
