/**
 * Load at a fixed rate, whatever the server does: requests are sent when they are due, and a latency counts from that moment, so
 * that a server which stops for a while is charged for all requests that were due meanwhile (as wrk2 does it).
 */
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { percentile } from '../report.ts'
import type { Beats } from './metronome.ts'
import type { Request } from './request.ts'
import type { Load } from './wrk.ts'

export interface Rate {
  readonly perSecond: number
  /** Duration before the measurement, whose answers do not count. */
  readonly warmUpSeconds: number
  readonly seconds: number
}

/** Time until the first request is due: the thread that counts starts meanwhile. */
const startNs = 200_000_000n
/** A server that keeps up needs a few. */
const mostConnections = 256

const bytesOf = ({ path, headers, body }: Request): Buffer => {
  const lines = Object.entries({
    ...{ host: 'localhost', ...headers },
    'content-length': String(Buffer.byteLength(body)),
  })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${head}\r\n`), Buffer.from(body)])
}

/** Bytes of an answer whose head is there; undefined while it is not. @throws Error where it is no 200 with a length */
const answerBytes = (received: Buffer): number | undefined => {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = received.toString('latin1', 0, end)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (!head.startsWith('HTTP/1.1 200') || length === undefined) throw new Error(`a request failed: ${head}`)
  return end + 4 + Number(length)
}

/** Connections that are kept, each with one request at a time. */
const createConnections = (base: string, failed: (error: Error) => void) => {
  const { hostname, port } = new URL(base)
  const idle: Socket[] = []
  const all = new Set<Socket>()
  const open = (): Socket => {
    if (all.size >= mostConnections)
      throw new Error(`the server keeps ${mostConnections} requests waiting: it is slower than the rate`)
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    socket.on('error', failed)
    all.add(socket)
    return socket
  }
  const send = (bytes: Buffer, answered: () => void): void => {
    const socket = idle.pop() ?? open()
    let received: Buffer = Buffer.alloc(0)
    const isWhole = (bytesSoFar: Buffer): boolean => {
      try {
        return bytesSoFar.length >= (answerBytes(bytesSoFar) ?? Number.POSITIVE_INFINITY)
      } catch (error) {
        failed(error as Error)
        return false
      }
    }
    const take = (chunk: Buffer): void => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      if (!isWhole(received)) return
      socket.off('data', take)
      idle.push(socket)
      answered()
    }
    socket.on('data', take).write(bytes)
  }
  const close = (): void => {
    for (const socket of all) socket.destroy()
  }
  return { send, close }
}

/** @returns latencies from the moments at which requests were due @throws Error where a request failed, or the server falls behind */
export const openLoop = async (base: string, request: Request, rate: Rate): Promise<Load> => {
  const { perSecond, warmUpSeconds, seconds } = rate
  const warmUps = Math.round(perSecond * warmUpSeconds)
  const count = warmUps + Math.round(perSecond * seconds)
  const [firstNs, intervalNs] = [process.hrtime.bigint() + startNs, BigInt(Math.round(1e9 / perSecond))]
  const workerData: Beats = { firstNs, intervalNs, count }
  const bytes = bytesOf(request)
  const latenciesMs: number[] = []
  const metronome = new Worker(join(import.meta.dirname, 'metronome.ts'), { workerData })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const connections = createConnections(base, reject)
  let left = count
  metronome.on('message', (at: number) => {
    const dueNs = firstNs + BigInt(at) * intervalNs
    try {
      connections.send(bytes, () => {
        if (at >= warmUps) latenciesMs.push(Number(process.hrtime.bigint() - dueNs) / 1e6)
        left -= 1
        if (left === 0) resolve()
      })
    } catch (error) {
      reject(error)
    }
  })
  metronome.on('error', reject)
  try {
    await promise
  } finally {
    connections.close()
    await metronome.terminate()
  }
  const ascending = latenciesMs.sort((one, other) => one - other)
  const of = (share: number): number => percentile(ascending, share)
  return { perSecond, p50Ms: of(0.5), p95Ms: of(0.95), p99Ms: of(0.99) }
}
