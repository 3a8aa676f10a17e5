/** Connections that wait for an answer: whoever keeps one to a server that is about to go has to come back on another one. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  /** A request has come: its answer is the last one of its connection where the server is about to go. */
  readonly waits: (request: IncomingMessage, response: ServerResponse) => void
  /** Whoever waits or comes from now on gets `Connection: close` with the answer, unless its head has left. */
  readonly closeAfterAnswers: () => void
}

const latest = Symbol('latest response')
type Carrier = Socket & { [latest]?: ServerResponse }

export const createConnections = (): Connections => {
  // Of connections, which are few and last; requests are too many to be kept in a table.
  const sockets = new Set<Carrier>()
  let leaving = false
  return {
    waits: ({ socket }, response) => {
      const carrier: Carrier = socket
      if (!carrier[latest]) {
        sockets.add(carrier)
        carrier.once('close', () => sockets.delete(carrier))
      }
      carrier[latest] = response
      if (leaving) response.shouldKeepAlive = false
    },
    closeAfterAnswers: () => {
      leaving = true
      for (const { [latest]: response } of sockets)
        if (response && !response.headersSent) response.shouldKeepAlive = false
    },
  }
}
