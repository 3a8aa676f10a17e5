/** Keeps what a caller is answered with, as long as it is small, while it goes to the caller unchanged. */
import { gatewayHeaders } from '@gantry/contract/gateway.ts'
import type { Sink } from '../proxy/sink.ts'
import type { Answer } from './answer.ts'

/** An answer of 1024 vectors of 384 numbers in JSON has 4 MB; longer than this one are counted and not compared. */
export const mostAnswerBytes = 2 ** 20

export type Captured =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly track: string | undefined }
  | { readonly kind: 'left-out'; readonly reason: 'answer-too-large' | 'busy' | 'streamed' | 'failed' }

type Held = (bytes: number) => boolean

const headerIn = (headers: readonly string[], name: string): string | undefined => {
  for (let at = 0; at < headers.length; at += 2)
    if ((headers[at] as string).toLowerCase() === name) return headers[at + 1]
  return undefined
}

const eventStream = /^text\/event-stream\b/i

/** @returns undefined for what is not compared, and why */
const whyNot = (status: number, headers: readonly string[]): 'streamed' | 'failed' | undefined => {
  if (eventStream.test(headerIn(headers, 'content-type') ?? '')) return 'streamed'
  const coding = headerIn(headers, 'content-encoding') ?? 'identity'
  return status >= 200 && status < 300 && coding === 'identity' ? undefined : 'failed'
}

export const jsonBytesIn = (headers: readonly string[]): number | undefined => {
  const given = headerIn(headers, 'inference-header-content-length')
  return given !== undefined && /^\d{1,9}$/.test(given) ? Number(given) : undefined
}

/**
 * @param hold counts bytes in memory; false where there is no room for them
 * @param done called once at the end of the answer, after the caller has had its last part; never where the caller has left
 */
export const capturing = (sink: Sink, hold: Held, done: (captured: Captured) => void): Sink => {
  let parts: Buffer[] | undefined = []
  let reason: (Captured & { kind: 'left-out' })['reason'] = 'failed'
  let status = 0
  let size = 0
  let head: readonly string[] = []
  const leave = (why: typeof reason): void => {
    parts = undefined
    reason = why
  }
  return {
    ...sink,
    head: (given, headers, isOpenEnded) => {
      status = given
      head = headers
      const why = whyNot(given, headers)
      if (why) leave(why)
      sink.head(given, headers, isOpenEnded)
    },
    write: (chunk, resume) => {
      size += chunk.length
      if (parts && size > mostAnswerBytes) leave('answer-too-large')
      else if (parts && !hold(chunk.length)) leave('busy')
      parts?.push(chunk)
      return sink.write(chunk, resume)
    },
    end: () => {
      sink.end()
      if (!parts) return done({ kind: 'left-out', reason })
      const answer = { status, jsonBytes: jsonBytesIn(head), body: Buffer.concat(parts) }
      done({ kind: 'answer', answer, track: headerIn(head, gatewayHeaders.track) })
    },
    refuse: (failure) => {
      sink.refuse(failure)
      done({ kind: 'left-out', reason: 'failed' })
    },
    breakOff: () => {
      sink.breakOff()
      done({ kind: 'left-out', reason: 'failed' })
    },
  }
}
