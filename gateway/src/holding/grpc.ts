/** Calls of gRPC for models that may sleep. */
import type { IncomingHttpHeaders } from 'node:http2'
import type { GrpcCall } from '../grpc/forward.ts'
import { isInferenceCall } from '../grpc/methods.ts'
import { refuse } from '../grpc/status.ts'
import type { Holding } from './holding.ts'
import { notWoken } from './refusals.ts'

export interface HeldCall extends GrpcCall {
  readonly mayWake: boolean
}

/** Milliseconds of the units of the header grpc-timeout. */
const units = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 } as const

/** @returns milliseconds; undefined where the call has no deadline */
const timeoutOf = (headers: IncomingHttpHeaders): number | undefined => {
  const [, value, unit] = /^(\d{1,8})([HMSmun])$/.exec(String(headers['grpc-timeout'] ?? '')) ?? []
  return value === undefined ? undefined : Number(value) * units[unit as keyof typeof units]
}

/** The header has eight digits at most, and a call of no time at all is none. */
const mostDigits = 99_999_999
const left = (timeoutMs: number, waitedMs: number): string => {
  const leftMs = Math.max(1, Math.round(timeoutMs - waitedMs))
  return leftMs <= mostDigits ? `${leftMs}m` : `${Math.round(leftMs / 1000)}S`
}

/** What is left of the deadline of a call that has waited. */
const withoutWait = (headers: IncomingHttpHeaders, waitedMs: number): IncomingHttpHeaders => {
  const timeoutMs = timeoutOf(headers)
  return timeoutMs === undefined ? headers : { ...headers, 'grpc-timeout': left(timeoutMs, waitedMs) }
}

/** @returns the same as `forward`, which waits with inferences for models that sleep */
export const holdingGrpc =
  (forward: (call: GrpcCall) => void, holding: Holding, nowMs: () => number): ((call: HeldCall) => void) =>
  ({ stream, headers, served, mayWake, from }) => {
    const call = { stream, headers, served, from }
    if (served.model().sleep === undefined) return forward(call)
    stream.on('error', () => {})
    if (!isInferenceCall(headers[':path'])) {
      const isServed = served.upstreams('stable').length + served.upstreams('canary').length > 0
      return isServed ? forward(call) : refuse(stream, notWoken(served, false))
    }
    const cameMs = nowMs()
    const stay = holding.arrive({
      ...{ served, mayWake, bytes: 0 },
      patienceMs: timeoutOf(headers),
      refuse: (failure) => refuse(stream, failure),
      start: (its) => {
        const waitedMs = nowMs() - cameMs
        stream.once('close', () => {
          if (stream.headersSent) its.answered()
          its.ended()
        })
        forward(waitedMs < 1 ? call : { ...call, headers: withoutWait(headers, waitedMs) })
      },
    })
    if (stay.isWaiting()) stream.once('close', () => stay.isWaiting() && stay.ended())
  }
