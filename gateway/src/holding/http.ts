/** Requests of HTTP for models that may sleep. */
import type { ServedModel } from '../balancing/served-model.ts'
import type { Failure } from '../failure.ts'
import { isStreamed } from '../proxy/body.ts'
import { type Call, callerLeft, isInference, type Records } from '../proxy/call.ts'
import type { Sink } from '../proxy/sink.ts'
import type { Holding, Stay } from './holding.ts'
import { notWoken } from './refusals.ts'

type Forward = (call: Call) => void

/** Tells when the answer has begun and ended. */
const watched = (sink: Sink, stay: Stay): Sink => {
  const then =
    <Args extends readonly unknown[]>(act: (...args: Args) => void) =>
    (...args: Args): void => {
      act(...args)
      stay.ended()
    }
  return {
    ...sink,
    head: (status, headers, isOpenEnded) => {
      stay.answered()
      sink.head(status, headers, isOpenEnded)
    },
    end: then(sink.end),
    refuse: then(sink.refuse),
    breakOff: then(sink.breakOff),
    onClose: (closed) => sink.onClose(then(closed)),
  }
}

const hasEndpoint = (served: ServedModel): boolean =>
  served.upstreams('stable').length > 0 || served.upstreams('canary').length > 0

const sizeOf = (body: Call['body']): number => (isStreamed(body) ? 0 : (body?.length ?? 0))

/** @returns the same as `forward`, which waits with inferences for models that sleep */
export const holdingForward = (forward: Forward, holding: Holding, records: Records): Forward => {
  /** The end of a request that no endpoint was asked for. */
  const unserved = (call: Call, status: number, failure?: Failure): void => {
    records.began(call.served)
    records.ended(call, { upstream: undefined, status, failure, retries: 0 })
  }
  const refuse = (call: Call, failure: Failure): void => {
    call.sink.refuse(failure)
    unserved(call, failure.status, failure)
  }
  const arrive = (call: Call): void => {
    const { served, sink, body, mayWake } = call
    const stay = holding.arrive({
      ...{ served, mayWake, bytes: sizeOf(body) },
      refuse: (failure) => refuse(call, failure),
      start: (its) => forward({ ...call, sink: watched(sink, its) }),
    })
    if (!stay.isWaiting()) return
    sink.onClose(() => {
      if (!stay.isWaiting()) return
      stay.ended()
      unserved(call, callerLeft)
    })
  }
  return (call) => {
    const { served, method, path } = call
    if (served.model().sleep === undefined) forward(call)
    else if (isInference(method, path)) arrive(call)
    else if (hasEndpoint(served)) forward(call)
    else refuse(call, notWoken(served, false))
  }
}
