/** Load from the client of `evaluate`: its thread as the program starts it, spoken to by its messages. */
import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { percentile } from '../report.ts'
import type { Request } from './request.ts'
import type { Load } from './wrk.ts'

const program = join(import.meta.dirname, '../../inference-server/src/evaluation/load/load-thread.ts')

/** What the thread answers to a round. */
type Round =
  | {
      readonly kind: 'measured'
      readonly answers: number
      readonly seconds: number
      readonly latenciesMs: Float64Array
    }
  | { readonly kind: 'failed'; readonly status?: number; readonly text: string }

/** As the command writes a request: whole, once for all times that it is sent. */
const bytesOf = ({ path, headers, body }: Request): Uint8Array => {
  const content = Buffer.from(body)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}content-length: ${content.length}\r\n\r\n`
  return new Uint8Array(Buffer.concat([Buffer.from(head), content]))
}

export interface EvaluateClient extends AsyncDisposable {
  readonly load: (callers: number, seconds: number) => Promise<Load>
}

/** Time whose answers do not count, in milliseconds: connections are opened in it. */
const settleMs = 50

export const evaluateClient = (base: string, request: Request): EvaluateClient => {
  const thread = new Worker(program)
  thread.postMessage({ kind: 'requests', requests: [bytesOf(request)] })
  return {
    load: async (concurrency, seconds) => {
      const plan = { port: Number(new URL(base).port), concurrency, settleMs, measureMs: seconds * 1000 }
      thread.postMessage({ kind: 'round', plan })
      const [round] = (await once(thread, 'message')) as [Round]
      if (round.kind === 'failed') throw new Error(`requests failed: ${round.status} ${round.text}`)
      const sorted = [...round.latenciesMs.toSorted()]
      const [p50Ms = 0, p95Ms = 0, p99Ms = 0] = [0.5, 0.95, 0.99].map((share) => percentile(sorted, share))
      return { perSecond: round.answers / round.seconds, p50Ms, p95Ms, p99Ms }
    },
    [Symbol.asyncDispose]: async () => {
      await thread.terminate()
    },
  }
}
