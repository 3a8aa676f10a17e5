/** Fans the payloads of a batch out over the endpoints of a model, some at a time. */
import type { ServedModel } from '../balancing/served-model.ts'
import { Failure } from '../failure.ts'
import type { Hold } from '../proxy/body-memory.ts'
import type { Call } from '../proxy/call.ts'
import type { Sink } from '../proxy/sink.ts'
import type { BatchRequest } from './request.ts'
import { collectAnswer, failedResult, type Result } from './result.ts'

export interface BatchOptions {
  readonly forward: (call: Call) => void
  readonly nowMs: () => number
  /** All answers of a batch together. */
  readonly mostAnswerBytes: number
  readonly hold: Hold
}

/** What all payloads of a batch share. */
export type BatchCall = Pick<Call, 'served' | 'from' | 'headers' | 'trace' | 'isRoundRobin' | 'mayWake'>

/** Requests under way for each endpoint: a pod batches what waits, and computes one batch while the next one gathers. */
const perEndpoint = 8
const most = 64

const parallelismOf = (served: ServedModel): number =>
  Math.min(
    most,
    perEndpoint * Math.max(1, served.upstreams('stable').length + served.upstreams('canary').length),
  )

interface Collecting extends Sink {
  readonly result: Promise<Result>
  readonly leave: () => void
}

/** @param take counts bytes; false where there are too many */
const collectingSink = (take: (bytes: number) => boolean): Collecting => {
  const { promise: result, resolve } = Promise.withResolvers<Result>()
  const answer = collectAnswer()
  let [status, type, size] = [0, undefined as string | undefined, 0]
  let closed = (): void => {}
  const fail = (failure: Failure): void => resolve(failedResult(failure))
  return {
    result,
    leave: () => closed(),
    head: (found, headers) => {
      status = found
      type = headers[headers.indexOf('content-type') + 1]
    },
    write: (chunk) => {
      size += chunk.length
      if (take(chunk.length)) answer.take(chunk)
      else {
        fail(new Failure('too-large', 'the answers of the batch are too large together; send fewer payloads'))
        closed()
      }
      return true
    },
    end: () => resolve(answer.resultOf(status, type)),
    refuse: fail,
    breakOff: () => fail(new Failure('bad-answer', 'the endpoint ended its answer in the middle')),
    onClose: (call) => {
      closed = call
    },
    sentBytes: () => size,
  }
}

/**
 * @param left aborts where the caller leaves: what is under way ends, and nothing more begins
 * @returns JSON of each result, in the order of the payloads
 */
export const runBatch = async (
  { path, payloads }: BatchRequest,
  call: BatchCall,
  { forward, nowMs, mostAnswerBytes, hold }: BatchOptions,
  left: AbortSignal,
): Promise<readonly Result[]> => {
  const results: Result[] = []
  let bytes = 0
  let next = 0
  const take = (more: number): boolean => {
    bytes += more
    return bytes <= mostAnswerBytes && hold(more)
  }
  const one = async (at: number): Promise<void> => {
    const sink = collectingSink(take)
    left.addEventListener('abort', sink.leave)
    // Retries and writes may change the list.
    const headers = [...call.headers]
    forward({ ...call, headers, method: 'POST', path, body: payloads[at], startedMs: nowMs(), sink })
    results[at] = await sink.result
    left.removeEventListener('abort', sink.leave)
  }
  const work = async (): Promise<void> => {
    while (next < payloads.length && !left.aborted) await one(next++)
  }
  await Promise.all(Array.from({ length: Math.min(payloads.length, parallelismOf(call.served)) }, work))
  return results
}
