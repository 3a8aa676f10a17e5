/**
 * Requests on their way to the collector: a bounded queue that takes what there is room for and counts what there is not.
 * A thread of its own makes spans of them, one batch after the other; a collector that is slow or away costs spans, never
 * a request.
 */
import type { Clock } from '../process/clock.ts'
import type { Log } from '../process/log.ts'
import type { Exported } from './exporter.ts'
import type { TracedRequest } from './spans.ts'

/** The thread behind it; a Worker is one. */
export interface ExporterThread {
  readonly postMessage: (requests: readonly TracedRequest[]) => void
  readonly on: {
    (event: 'message', listener: (exported: Exported) => void): unknown
    (event: 'error', listener: (error: Error) => void): unknown
  }
  readonly terminate: () => Promise<unknown>
}

export interface SpanQueueOptions {
  readonly spawn: () => ExporterThread
  readonly clock: Clock
  readonly log: Log
}

export interface SpanQueue {
  /** Records a request; never waits and never throws. */
  readonly add: (request: TracedRequest) => void
  /** Spans that arrived. */
  readonly sent: () => number
  /** Spans that did not, and never will. */
  readonly dropped: () => number
  /** Sends what is there, for at most `timeoutMs`; then ends the thread. */
  readonly close: (timeoutMs: number) => Promise<void>
}

/** Most requests that wait, of up to five spans each. */
const mostRequests = 2048
const batchRequests = 128
const delayMs = 1000
/** A collector that stays away is told of this often. */
const complainMs = 60_000
/** Spans that a request is counted with when it was dropped before it became spans. */
const usualSpans = 5

/** Spans that never arrive, of which the log is told from time to time. */
const createLosses = ({ clock, log }: Pick<SpanQueueOptions, 'clock' | 'log'>) => {
  let dropped = 0
  let unloggedSpans = 0
  let complainedMs = Number.NEGATIVE_INFINITY
  return {
    dropped: (): number => dropped,
    drop: (spans: number): void => {
      dropped += spans
      unloggedSpans += spans
    },
    complain: (error: string): void => {
      if (clock.nowMs() - complainedMs < complainMs) return
      complainedMs = clock.nowMs()
      log.error('traces do not reach the collector', { error, droppedSpans: unloggedSpans })
      unloggedSpans = 0
    },
  }
}

export const createSpanQueue = ({ spawn, clock, log }: SpanQueueOptions): SpanQueue => {
  let waiting: TracedRequest[] = []
  let underWay = 0
  let broken = false
  let cancelTimer: (() => void) | undefined
  let sent = 0
  let idle = (): void => {}
  let closing = false
  let thread: ExporterThread | undefined

  const { dropped, drop, complain } = createLosses({ clock, log })
  const send = (): void => {
    cancelTimer?.()
    cancelTimer = undefined
    if (underWay > 0) return
    if (waiting.length === 0 || broken) {
      idle()
      return
    }
    const batch = waiting.slice(0, batchRequests)
    waiting = waiting.slice(batchRequests)
    underWay = batch.length
    thread ??= open()
    thread.postMessage(batch)
  }
  /** What fills a batch goes at once; what does not waits a moment for company. */
  const sendSoon = (): void => {
    if (underWay > 0) return
    if (waiting.length >= batchRequests) send()
    else if (waiting.length > 0) cancelTimer ??= clock.after(delayMs, send)
  }

  /** Opens the exporter with the first batch: the start of the server does not wait for it. */
  const open = (): ExporterThread => {
    const opened = spawn()
    opened.on('message', ({ spans, error }) => {
      underWay = 0
      if (error === undefined) sent += spans
      else {
        drop(spans)
        complain(error)
      }
      if (closing) send()
      else sendSoon()
    })
    opened.on('error', (error) => {
      broken = true
      drop((waiting.length + underWay) * usualSpans)
      waiting = []
      underWay = 0
      log.error('traces have ended; requests are answered without them', { cause: error.stack })
      idle()
    })
    return opened
  }

  return {
    add: (request) => {
      if (broken || waiting.length >= mostRequests) {
        drop(usualSpans)
        return
      }
      waiting.push(request)
      sendSoon()
    },
    sent: () => sent,
    dropped,
    close: async (timeoutMs) => {
      closing = true
      const timeout = Promise.withResolvers<void>()
      const cancel = clock.after(timeoutMs, timeout.resolve)
      idle = timeout.resolve
      send()
      await timeout.promise
      cancel()
      await thread?.terminate()
    },
  }
}
