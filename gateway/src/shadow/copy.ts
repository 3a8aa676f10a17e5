/** Sends a copy of a request to an endpoint, and reads what it answers with. */
import type { Upstream } from '../balancing/upstream.ts'
import { attemptAt } from '../proxy/attempt.ts'
import type { Sink } from '../proxy/sink.ts'
import type { Answer } from './answer.ts'
import { jsonBytesIn, mostAnswerBytes } from './captured.ts'

export interface Copy {
  readonly method: string
  readonly path: string
  /** Names and values in turn. */
  readonly headers: string[]
  readonly body: Buffer | undefined
  /** Time for the whole answer, milliseconds. */
  readonly timeoutMs: number
}

/** What became of a copy. `aborted` says nothing about the endpoint. */
export type Copied =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'unanswered' | 'timeout' | 'too-large' | 'aborted' }

/** The sink of a copy, which has no caller: parts go to `write`, and the rest is dropped. */
const sinkTo = (write: (chunk: Buffer) => void): Sink => ({
  ...{ head: () => {}, end: () => {}, refuse: () => {}, breakOff: () => {}, onClose: () => {} },
  write: (chunk) => {
    write(chunk)
    return true
  },
  sentBytes: () => 0,
})

const flat = (headers: Readonly<Record<string, string | string[] | undefined>>): string[] =>
  Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]))

/** @param hold counts bytes in memory; false where there is no room for them */
export const sendCopy = (
  upstream: Upstream,
  copy: Copy,
  hold: (bytes: number) => boolean,
  signal: AbortSignal,
): Promise<Copied> =>
  new Promise((resolve) => {
    const parts: Buffer[] = []
    let [size, status] = [0, 0]
    let head: readonly string[] = []
    let isOver = false
    const finish = (copied: Copied): void => {
      if (isOver) return
      isOver = true
      clearTimeout(deadline)
      signal.removeEventListener('abort', abort)
      if (copied.kind !== 'answered') attempt.abort(new Error('the copy is given up'))
      resolve(copied)
    }
    const sink = sinkTo((chunk) => {
      size += chunk.length
      if (size > mostAnswerBytes) finish({ kind: 'too-large' })
      else if (!hold(chunk.length)) finish({ kind: 'aborted' })
      else parts.push(chunk)
    })
    const attempt = attemptAt(upstream, { ...copy, quietMs: copy.timeoutMs }, sink, {
      answered: (given, headers) => {
        status = given
        head = flat(headers)
      },
      ended: () =>
        finish({
          kind: 'answered',
          answer: { status, jsonBytes: jsonBytesIn(head), body: Buffer.concat(parts) },
        }),
      broken: () => finish({ kind: 'unanswered' }),
    })
    const deadline = setTimeout(() => finish({ kind: 'timeout' }), copy.timeoutMs)
    const abort = (): void => finish({ kind: 'aborted' })
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
  })
