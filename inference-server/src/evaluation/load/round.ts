/** One round of load: a number of callers on connections of their own, for a while. */
import { type Connection, type FailedRequest, openConnection } from './http-connection.ts'
import { createTally, type Tally } from './tally.ts'

export interface RoundPlan {
  /** Port on 127.0.0.1. */
  readonly port: number
  /** Requests in flight. */
  readonly concurrency: number
  /** Time before the measurement whose answers do not count. */
  readonly settleMs: number
  readonly measureMs: number
}

export type RoundResult =
  | {
      readonly kind: 'measured'
      /** Answers of the measured time; a request that is in flight at either end counts by its share. */
      readonly answers: number
      readonly seconds: number
      readonly latenciesMs: Float64Array
    }
  | ({ readonly kind: 'failed' } & FailedRequest)

/** A server answers or refuses within its own deadline; one that does neither has stopped working. */
const patienceMs = 150_000

interface Caller {
  readonly connection: Connection
  readonly send: () => void
}

/** What the callers of a round have in common. */
interface Callers {
  readonly port: number
  readonly nowMs: () => number
  /** The request after the last one that any caller sent. */
  readonly next: () => Uint8Array
  readonly tally: () => Tally
  readonly opened: () => void
  /** A caller whose last answer came after the measured time. */
  readonly finished: () => void
  readonly failed: (failure: FailedRequest) => void
}

const openCaller = ({ port, nowMs, next, tally, opened, finished, failed }: Callers): Caller => {
  let sentMs = 0
  const send = (): void => {
    sentMs = nowMs()
    connection.send(next())
  }
  const connection = openConnection({
    port,
    onOpen: opened,
    onAnswered: () => {
      const answeredMs = nowMs()
      const { add, toMs } = tally()
      add(sentMs, answeredMs)
      if (answeredMs < toMs) send()
      else finished()
    },
    onFailed: failed,
  })
  return { connection, send }
}

/**
 * Sends `requests` in turn over all callers. It ends when the last request that was sent is answered.
 * @param requests whole HTTP/1.1 requests
 */
export const runRound = (
  { port, concurrency, settleMs, measureMs }: RoundPlan,
  requests: readonly Uint8Array[],
  nowMs: () => number,
): Promise<RoundResult> => {
  const { promise, resolve } = Promise.withResolvers<RoundResult>()
  const callers: Caller[] = []
  let [open, busy, sent] = [0, concurrency, 0]
  let tally = createTally(0, 0)
  const end = (result: RoundResult): void => {
    clearTimeout(limit)
    for (const { connection } of callers) connection.close()
    resolve(result)
  }
  const failed = (failure: FailedRequest): void => end({ kind: 'failed', ...failure })
  const limit = setTimeout(
    () => failed({ status: undefined, text: `there was no answer for ${patienceMs / 1000} s` }),
    settleMs + measureMs + patienceMs,
  )
  const shared: Callers = {
    ...{ port, nowMs, failed },
    tally: () => tally,
    next: () => requests[sent++ % requests.length] as Uint8Array,
    opened: () => {
      open += 1
      if (open < concurrency) return
      const fromMs = nowMs() + settleMs
      tally = createTally(fromMs, fromMs + measureMs)
      for (const { send } of callers) send()
    },
    finished: () => {
      busy -= 1
      if (busy > 0) return
      const { answers, latenciesMs } = tally
      end({
        kind: 'measured',
        ...{ answers: answers(), seconds: measureMs / 1000, latenciesMs: latenciesMs() },
      })
    },
  }
  for (let caller = 0; caller < concurrency; caller += 1) callers.push(openCaller(shared))
  return promise
}
