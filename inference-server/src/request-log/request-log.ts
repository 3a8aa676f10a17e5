/**
 * The request log as requests see it: a bounded ring that takes what there is room for and counts what there is not.
 * A thread of its own writes it down, one batch after the other, so that neither the work nor a slow sink reaches a request.
 */

import type { Log } from '../process/log.ts'
import type { Declared } from '../requests/declared-names.ts'
import { isSampled, type Trace } from '../requests/traceparent.ts'
import { batchEntries, type Entry } from './entry.ts'
import type { Batch, Written } from './writer.ts'

/** The thread behind it; a Worker is one. */
export interface Writer {
  readonly postMessage: (batch: Batch, transfer: ArrayBuffer[]) => void
  readonly on: {
    (event: 'message', listener: (written: Written) => void): unknown
    (event: 'error', listener: (error: Error) => void): unknown
  }
  readonly terminate: () => Promise<unknown>
}

export interface RequestLogOptions {
  readonly sampleRate: number
  /** Whether requests and answers are wanted, not only what is known about them. */
  readonly contents: boolean
  readonly spawn: () => Writer
  readonly log: Log
}

export interface RequestLog {
  readonly contents: boolean
  readonly samples: (trace: Trace) => boolean
  /** Records an entry; never waits and never throws. */
  readonly record: (entry: Entry) => void
  readonly written: () => number
  readonly dropped: () => number
  /** Writes what is there, for as long as the thread makes progress within `timeoutMs`; then ends it. */
  readonly close: (timeoutMs: number) => Promise<void>
}

/** Most that wait: about a second's worth for a busy server, and not more memory than one large request takes. */
const mostEntries = 4096
const mostBytes = 16 * 2 ** 20

const bytesOf = ({ request, response }: Entry): number => (request?.length ?? 0) + (response?.length ?? 0)

const buffersOf = (entries: readonly Entry[]): ArrayBuffer[] =>
  entries
    .flatMap(({ request, response }) => [request, response])
    .flatMap((bytes) => (bytes ? [bytes.buffer] : []))

/** Removes declarations from entries that the thread has already got. */
const declarations = () => {
  const told = new WeakSet<Declared>()
  return (entries: readonly Entry[]): Pick<Batch, 'entries' | 'declared'> => {
    const news = new Map<string, Declared>()
    for (const { version, declared } of entries) {
      if (version === undefined || !declared || told.has(declared)) continue
      told.add(declared)
      news.set(version, declared)
    }
    return { entries: entries.map(({ declared: _, ...entry }) => entry), declared: [...news] }
  }
}

export const createRequestLog = ({ sampleRate, contents, spawn, log }: RequestLogOptions): RequestLog => {
  let waiting: Entry[] = []
  let waitingBytes = 0
  let onTheWay = 0
  let written = 0
  let dropped = 0
  let droppedBefore = 0
  let broken = false
  let trouble: string | undefined
  let idle = (): void => {}
  const writer = spawn()
  const toldApart = declarations()

  const send = (): void => {
    if (onTheWay > 0 || broken) return
    if (waiting.length === 0) {
      idle()
      return
    }
    const entries = waiting.slice(0, batchEntries)
    waiting = waiting.slice(batchEntries)
    for (const entry of entries) waitingBytes -= bytesOf(entry)
    onTheWay = entries.length
    writer.postMessage({ ...toldApart(entries), dropped: dropped - droppedBefore }, buffersOf(entries))
    droppedBefore = dropped
  }

  writer.on('message', (answer) => {
    onTheWay = 0
    written += answer.lines
    if (answer.trouble !== undefined && answer.trouble !== trouble)
      log.error('the request log keeps its old keys', { error: answer.trouble })
    trouble = answer.trouble
    send()
  })
  writer.on('error', (error) => {
    broken = true
    dropped += waiting.length + onTheWay
    waiting = []
    log.error('the request log has ended; requests are answered without it', { cause: error.stack })
    idle()
  })

  return {
    contents,
    samples: (trace) => isSampled(trace, sampleRate),
    record: (entry) => {
      const bytes = bytesOf(entry)
      if (broken || waiting.length >= mostEntries || waitingBytes + bytes > mostBytes) {
        dropped += 1
        return
      }
      waiting.push(entry)
      waitingBytes += bytes
      send()
    },
    written: () => written,
    dropped: () => dropped,
    close: async (timeoutMs) => {
      if (onTheWay > 0 && !broken) {
        const timeout = Promise.withResolvers<void>()
        const timer = setTimeout(timeout.resolve, timeoutMs)
        idle = timeout.resolve
        await timeout.promise
        clearTimeout(timer)
      }
      await writer.terminate()
    },
  }
}
