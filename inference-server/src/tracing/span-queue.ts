/**
 * Requests on their way to the collector: a bounded queue that takes what there is room for and counts what there is not.
 * One batch is under way at a time; a collector that is slow or away costs spans, never a request.
 */
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Span, TracedRequest } from './spans.ts'

export interface SpanQueueOptions {
  readonly spansOf: (request: TracedRequest) => readonly Span[]
  /** Sends spans, trying again where that may help. @throws Error when they did not arrive */
  readonly send: (spans: readonly Span[]) => Promise<void>
  readonly clock: Clock
  readonly log: Log
}

export interface SpanQueue {
  /** Never waits and never throws. */
  readonly add: (request: TracedRequest) => void
  /** Spans that arrived. */
  readonly sent: () => number
  /** Spans that did not, and never will. */
  readonly dropped: () => number
  /** Sends what is there, for at most `patienceMs`. */
  readonly close: (patienceMs: number) => Promise<void>
}

/** Most requests that wait, of up to five spans each. */
const mostRequests = 2048
/** Requests in one batch: turning them into bytes holds up the thread that answers, so a few at a time. */
const batchRequests = 64
const delayMs = 1000
/** A collector that stays away is told of this often. */
const complainMs = 60_000
/** Of a request that never became spans. */
const usualSpans = 5

export const createSpanQueue = ({ spansOf, send, clock, log }: SpanQueueOptions): SpanQueue => {
  let waiting: TracedRequest[] = []
  let underWay: Promise<void> | undefined
  let cancelTimer: (() => void) | undefined
  let sent = 0
  let dropped = 0
  let untold = 0
  let complainedMs = Number.NEGATIVE_INFINITY

  const complain = (error: unknown): void => {
    if (clock.nowMs() - complainedMs < complainMs) return
    complainedMs = clock.nowMs()
    log.error('traces do not reach the collector', { error: (error as Error).message, droppedSpans: untold })
    untold = 0
  }
  const drop = (spans: number): void => {
    dropped += spans
    untold += spans
  }

  const sendBatch = async (): Promise<void> => {
    const spans = waiting.slice(0, batchRequests).flatMap(spansOf)
    waiting = waiting.slice(batchRequests)
    try {
      await send(spans)
      sent += spans.length
    } catch (error) {
      drop(spans.length)
      complain(error)
    }
  }
  const sendAll = async (): Promise<void> => {
    while (waiting.length > 0) await sendBatch()
  }
  const flush = (): Promise<void> => {
    cancelTimer?.()
    cancelTimer = undefined
    underWay ??= sendAll().finally(() => {
      underWay = undefined
    })
    return underWay
  }

  return {
    add: (request) => {
      if (waiting.length >= mostRequests) {
        drop(usualSpans)
        return
      }
      waiting.push(request)
      if (underWay) return
      if (waiting.length >= batchRequests) void flush()
      else cancelTimer ??= clock.after(delayMs, flush)
    },
    sent: () => sent,
    dropped: () => dropped,
    close: async (patienceMs) => {
      const patience = Promise.withResolvers<void>()
      const cancel = clock.after(patienceMs, patience.resolve)
      await Promise.race([flush(), patience.promise])
      cancel()
    },
  }
}
