/** Connections that wait for an answer, so that each can be told to be the last one. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  /** A request has come. */
  readonly waits: (request: IncomingMessage, response: ServerResponse) => void
  /** Whoever waits now gets `Connection: close` with the answer, unless its head has left. */
  readonly closeAfterAnswers: () => void
}

const latest = Symbol('latest response')
type Carrier = Socket & { [latest]?: ServerResponse }

export const createConnections = (): Connections => {
  // Of connections, which are few and last; requests are too many to be kept in a table.
  const sockets = new Set<Carrier>()
  return {
    waits: ({ socket }, response) => {
      const carrier: Carrier = socket
      if (!carrier[latest]) {
        sockets.add(carrier)
        carrier.once('close', () => sockets.delete(carrier))
      }
      carrier[latest] = response
    },
    closeAfterAnswers: () => {
      for (const { [latest]: response } of sockets)
        if (response && !response.headersSent) response.shouldKeepAlive = false
    },
  }
}
