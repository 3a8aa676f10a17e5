import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import type { Clock } from './clock.ts'
import type { GrpcListener } from './grpc/listener.ts'
import type { Health } from './health.ts'

export interface DrainOptions {
  readonly health: Health
  readonly http?: Server
  readonly grpc?: GrpcListener
  readonly clock: Clock
  /** How long everyone is still answered, those who connect anew included. */
  readonly lingerMs: number
}

const pollMs = 50
/** A turn of the loop that is shorter heard of nothing: no connection and no request was there when it looked. */
const emptyTurnMs = 0.1
/** Who has connected and asked nothing by then, after the ports have closed, is cut. */
const silentMs = 1000
/** Under a load that leaves no empty turn the ports close all the same. */
const mostTurnsMs = 1000

const wait = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve)
  })

/**
 * Settles right after a look at the ports that found nobody: whoever has connected, and has not been accepted, is reset
 * when a port closes.
 */
const nobodyComes = async (ports: readonly NetServer[], clock: Clock): Promise<void> => {
  let accepted = 0
  const onConnection = (): void => {
    accepted += 1
  }
  for (const port of ports) port.on('connection', onConnection)
  // The first call of a function takes longest, and what it takes comes between the look and the close.
  new NetServer().close()
  const untilMs = clock.nowMs() + mostTurnsMs
  for (let empty = false; !empty && clock.nowMs() < untilMs; ) {
    const before = accepted
    const sinceMs = clock.nowMs()
    await new Promise(setImmediate)
    empty = accepted === before && clock.nowMs() - sinceMs < emptyTurnMs
  }
  for (const port of ports) port.off('connection', onConnection)
}

/** A connection whose answer comes after the close would stay open for as long as its caller likes. */
const closeHttp = async (http: Server, clock: Clock): Promise<void> => {
  let open = true
  http.headersTimeout = silentMs
  const closed = new Promise<void>((resolve) => {
    // HTTP's own looks for idle connections first, and who connects meanwhile would be reset; it also ends all timeouts.
    NetServer.prototype.close.call(http, () => {
      open = false
      resolve()
    })
  })
  while (open) {
    http.closeIdleConnections()
    await Promise.race([closed, wait(clock, pollMs)])
  }
}

/**
 * Ends the servers without losing a request.
 *
 * First the probes say "not ready" while everyone is still answered, each with `Connection: close`: whoever keeps a
 * connection moves on before it is cut, instead of sending a request into a closing one. Once `lingerMs` is over the
 * ports close, and what has come until then is answered.
 */
export const drain = async ({ health, http, grpc, clock, lingerMs }: DrainOptions): Promise<void> => {
  health.enter('draining')
  const ports = [http, grpc?.server].filter((port) => port?.listening === true) as readonly NetServer[]
  if (lingerMs > 0 && ports.length > 0) await wait(clock, lingerMs)
  await nobodyComes(ports, clock)
  health.enter('closing')
  await Promise.all([http?.listening ? closeHttp(http, clock) : undefined, grpc?.close()])
}
