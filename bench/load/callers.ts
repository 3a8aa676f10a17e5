/** Callers that each send the next request when the last one is answered. */
import { Agent, request as send } from 'node:http'
import type { Request } from './request.ts'

export interface Load {
  readonly perSecond: number
  /** Latencies. */
  readonly p50Ms: number
  readonly p99Ms: number
}

/** @param share of the values that are not larger, above 0 and at most 1 @param ascending at least one */
export const percentile = (ascending: readonly number[], share: number): number =>
  ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? Number.NaN

/** @returns the status and, where that is not 200, what the server says */
export const ask = (
  base: string,
  { path, headers, body }: Request,
  agent?: Agent,
): Promise<{ readonly status: number; readonly text: string }> =>
  new Promise((resolve, reject) => {
    const options = { method: 'POST', ...(agent && { agent }) }
    const length = { 'content-length': Buffer.byteLength(body) }
    const call = send(`${base}${path}`, { ...options, headers: { ...headers, ...length } }, (response) => {
      const { statusCode: status = 0 } = response
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => {
        if (status !== 200) chunks.push(chunk)
      })
      response.on('end', () => resolve({ status, text: Buffer.concat(chunks).toString().slice(0, 500) }))
      response.on('error', reject)
    })
    call.on('error', reject)
    call.end(body)
  })

interface Pace {
  readonly callers: number
  /** Answers of this time do not count. */
  readonly warmUpSeconds: number
  readonly seconds: number
}

/**
 * Counts what is answered in the time after the warm-up, with all callers busy before and after it.
 * @throws Error at the first answer that is not 200, or when nothing was answered
 */
export const load = async (base: string, request: Request, pace: Pace): Promise<Load> => {
  const agent = new Agent({ keepAlive: true, maxSockets: pace.callers })
  const fromMs = performance.now() + pace.warmUpSeconds * 1000
  const untilMs = fromMs + pace.seconds * 1000
  const latencies: number[] = []
  const caller = async (): Promise<void> => {
    for (;;) {
      const startedMs = performance.now()
      if (startedMs >= untilMs) return
      const { status, text } = await ask(base, request, agent)
      if (status !== 200) throw new Error(`${request.path} answered ${status}: ${text}`)
      const endedMs = performance.now()
      if (endedMs >= fromMs && endedMs < untilMs) latencies.push(endedMs - startedMs)
    }
  }
  try {
    await Promise.all(Array.from({ length: pace.callers }, caller))
  } finally {
    agent.destroy()
  }
  if (latencies.length === 0)
    throw new Error(`${request.path} was not answered in ${pace.seconds} s; measure longer with --seconds`)
  latencies.sort((a, b) => a - b)
  return {
    perSecond: latencies.length / pace.seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  }
}
