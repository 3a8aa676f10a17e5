/**
 * The queue in front of the workers that write texts.
 *
 * A text is `waiting` until one of the slots is free, then `writing`, then answered. It leaves early when it has to wait
 * too long for a token, when its caller's own deadline passes, or when its caller has gone (seen at each token, and when its
 * turn comes); its row is free from the next step on.
 */
import { type Arrivals, createArrivals } from '../batching/arrivals.ts'
import type { BatcherLimits } from '../batching/limits.ts'
import { Failure } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'
import type { Pool, PooledWriting } from '../sessions/pool.ts'
import type { Ending } from '../sessions/session-messages.ts'
import type { WritingSettings } from '../sessions/writing-settings.ts'
import type { NamedTensors } from '../tensors/tensor.ts'
import type { Codec } from './codec.ts'
import { watchText } from './deadline.ts'
import { createTranscript } from './transcript.ts'

/** A request for one text. */
export interface TextRequest {
  /** Token ids of the prompt; at least one. */
  readonly promptIds: readonly number[]
  readonly settings: WritingSettings
  /** Input tensors of the encoder, one row. */
  readonly source?: NamedTensors
  /** Texts that end the generated text. */
  readonly stops: readonly string[]
  /** Whether the stop text belongs to the result. */
  readonly keepStop: boolean
  /** Called with each piece of text as soon as it is certain. */
  readonly onPiece?: (text: string) => void
  /** Whether the caller has closed the connection or cancelled. */
  readonly gone?: () => boolean
  /** Deadline of the whole text, where the request sets one. */
  readonly timeoutMs?: number | undefined
}

export interface WrittenText {
  readonly text: string
  /** All new tokens, the end's included. */
  readonly ids: readonly number[]
  readonly ending: Ending | 'stop'
  /** Time from submission to its turn. */
  readonly queueMs: number
  /** Time from its turn to its end. */
  readonly writeMs: number
}

export interface Generator {
  /** @throws Failure queue-full, timeout, cancelled, or what the pool throws */
  readonly write: (request: TextRequest) => Promise<WrittenText>
  /** Number of texts that wait. */
  readonly queueLength: () => number
}

export interface GeneratorOptions {
  readonly limits: Pick<BatcherLimits, 'maxRows' | 'maxQueue' | 'timeoutMs'>
  readonly write: Pool['write']
  /** Workers, each of which writes up to `maxRows` texts at a time. */
  readonly runners: number
  readonly decode: Codec['decode']
  readonly clock: Clock
  /** Called with the number of texts being generated when one begins. */
  readonly onBatch?: (rows: number) => void
  /** Called for each token with the milliseconds since the one before, or since submission for the text's first. */
  readonly onToken?: (sinceMs: number, isFirst: boolean) => void
}

interface Entry {
  readonly start: () => void
  readonly gone: () => boolean
  readonly fail: (failure: Failure) => void
}

const cancelled = (): Failure => new Failure('cancelled', 'the caller left before the text was written')

const queueFull = (waiting: number): Failure =>
  new Failure(
    'queue-full',
    `${waiting} requests wait already; try again later, or raise batching.maxQueue (--max-queue)`,
    { retryAfterSeconds: 1 },
  )

/** The texts of one generator: those that wait, and how many are being written. */
interface Texts {
  readonly waiting: Arrivals<Entry>
  /** Notes that a text begins. */
  readonly begin: () => void
  /** Notes the end of a text that had begun. */
  readonly end: () => void
  /** Begins the next texts that there are slots for. */
  readonly pump: () => void
}

/** A text from its submission to its end. */
const submitText = (
  { limits, write, decode, clock, onToken: onWritten }: GeneratorOptions,
  texts: Texts,
  request: TextRequest,
  resolve: (text: WrittenText) => void,
  reject: (failure: unknown) => void,
): void => {
  const { promptIds, settings, source, stops, keepStop, onPiece, gone = () => false, timeoutMs } = request
  const submittedMs = clock.nowMs()
  const transcript = createTranscript({ decode, promptIds, stops, keepStop })
  const ids: number[] = []
  let text = ''
  let startedMs = submittedMs
  let tokenMs = submittedMs
  let aliveMs = submittedMs
  let pooled: PooledWriting | undefined
  let settled = false

  /** True for the first ending only, so that a text is answered once. */
  const settle = (): boolean => {
    if (settled) return false
    settled = true
    cancelDeadline()
    leaveQueue()
    if (pooled) {
      texts.end()
      pooled.leave()
    }
    return true
  }
  const fail = (failure: unknown): void => {
    if (settle()) reject(failure)
    texts.pump()
  }
  const show = (piece: string): void => {
    text += piece
    if (piece !== '') onPiece?.(piece)
  }
  /** @param ending unless a stop text came */
  const end = (ending: Ending): void => {
    if (settled) return
    show(transcript.finish())
    settle()
    const whole = { text, ids, queueMs: startedMs - submittedMs, writeMs: clock.nowMs() - startedMs }
    resolve({ ...whole, ending: transcript.stopped() ? 'stop' : ending })
    texts.pump()
  }
  /** Whether the caller still wants more tokens. */
  const wanted = (): boolean => {
    if (!settled && gone()) fail(cancelled())
    return !settled
  }
  const onToken = (token?: number): void => {
    if (!wanted()) return
    aliveMs = clock.nowMs()
    if (token === undefined) return
    onWritten?.(aliveMs - tokenMs, ids.length === 0)
    tokenMs = aliveMs
    ids.push(token)
    show(transcript.push(token))
    if (transcript.stopped()) end('length')
  }
  const start = (): void => {
    leaveQueue()
    startedMs = clock.nowMs()
    texts.begin()
    pooled = write({ promptIds, settings, ...(source && { source }) }, onToken)
    pooled.ended.then(end, fail)
  }

  const cancelDeadline = watchText({
    clock,
    tokenMs: limits.timeoutMs,
    wholeMs: timeoutMs,
    newestMs: () => aliveMs,
    expire: fail,
  })
  const leaveQueue = texts.waiting.add({ start, gone, fail })
  texts.pump()
}

export const createGenerator = (options: GeneratorOptions): Generator => {
  const { limits, runners, onBatch } = options
  const slots = Math.max(1, limits.maxRows) * runners
  const waiting = createArrivals<Entry>()
  let writing = 0

  const texts: Texts = {
    waiting,
    begin: () => {
      writing += 1
      onBatch?.(writing)
    },
    end: () => {
      writing -= 1
    },
    pump: () => {
      for (let entry = waiting.oldest(); entry && writing < slots; entry = waiting.oldest()) {
        if (entry.gone()) entry.fail(cancelled())
        else entry.start()
      }
    },
  }

  return {
    write: (request) =>
      new Promise((resolve, reject) => {
        if (writing >= slots && waiting.size() >= limits.maxQueue) reject(queueFull(waiting.size()))
        else submitText(options, texts, request, resolve, reject)
      }),
    queueLength: waiting.size,
  }
}
