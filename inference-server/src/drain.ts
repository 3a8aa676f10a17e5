import type { Server } from 'node:http'
import type { Clock } from './clock.ts'
import type { GrpcListener } from './grpc/listener.ts'
import type { Health } from './health.ts'

export interface DrainOptions {
  readonly health: Health
  readonly http?: Server
  readonly grpc?: GrpcListener
  readonly clock: Clock
  /** How long callers on open connections are still answered. */
  readonly lingerMs: number
}

const pollMs = 50

const wait = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve)
  })

const openConnections = (server: Server): Promise<number> =>
  new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))

/** A connection whose answer comes after the close would stay open for as long as its caller likes. */
const closeHttp = async (http: Server, clock: Clock): Promise<void> => {
  let open = true
  const closed = new Promise<void>((resolve) => {
    http.close(() => {
      open = false
      resolve()
    })
  })
  while (open) {
    await Promise.race([closed, wait(clock, pollMs)])
    http.closeIdleConnections()
  }
}

/**
 * Ends the servers without losing a request.
 *
 * First the probes say "not ready" while everyone is still answered, each with `Connection: close`: whoever keeps a
 * connection moves on before it is cut, instead of sending a request into a closing one. Once no connection is left, or
 * `lingerMs` is over, nothing new is taken, and what has begun is finished.
 */
export const drain = async ({ health, http, grpc, clock, lingerMs }: DrainOptions): Promise<void> => {
  health.enter('draining')
  const untilMs = clock.nowMs() + lingerMs
  while (http && clock.nowMs() < untilMs && (await openConnections(http)) > 0) await wait(clock, pollMs)
  health.enter('closing')
  await Promise.all([http?.listening ? closeHttp(http, clock) : undefined, grpc?.close()])
}
