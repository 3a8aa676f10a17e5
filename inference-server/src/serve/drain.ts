import { Server as NetServer } from 'node:net'
import type { Health } from '../observability/health.ts'
import type { Clock } from '../process/clock.ts'
import type { Listener } from '../requests/port.ts'

export interface DrainOptions {
  readonly health: Health
  readonly http?: Listener
  readonly grpc?: Listener
  readonly clock: Clock
  /** How long everyone is still answered, those who connect anew included. */
  readonly lingerMs: number
  /** Longest time for what is being computed then. */
  readonly mostMs: number
}

/** A shorter turn of the event loop handled nothing: there was no new connection and no request. Milliseconds. */
const emptyTurnMs = 0.1
/** Longest wait for an empty turn: a load that leaves none must not keep the ports open. */
const mostTurnsMs = 1000

const wait = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve)
  })

/**
 * Settles right after a look at the ports that found no new connection: one that was made, but not accepted, is reset
 * when a port closes.
 */
const untilNoConnection = async (ports: readonly NetServer[], clock: Clock): Promise<void> => {
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

/**
 * Ends the servers without losing a request.
 *
 * First the probes say "not ready" while every request is still answered with `Connection: close`: a client that keeps a
 * connection moves on before it is cut, instead of sending a request into a closing one. Once `lingerMs` is over the
 * ports close, what has come until then is answered, and connections that ask nothing are cut.
 */
export const drain = async ({ health, http, grpc, clock, lingerMs, mostMs }: DrainOptions): Promise<void> => {
  health.enter('draining')
  const listeners = [http, grpc].filter(
    (listener) => listener?.server.listening === true,
  ) as readonly Listener[]
  const ports = listeners.map(({ server }) => server)
  if (lingerMs > 0 && ports.length > 0) await wait(clock, lingerMs)
  await untilNoConnection(ports, clock)
  health.enter('closing')
  await Promise.all(listeners.map(({ close }) => close(mostMs)))
}
