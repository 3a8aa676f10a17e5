/** What is kept with a request from its arrival to its line in the request log. */
import type { IncomingMessage } from 'node:http'
import type { Exchange } from '../requests/exchange.ts'

export interface HttpExchange extends Exchange {
  /** The whole body, unpacked. */
  body?: Buffer
  answer?: string | Buffer
}

const key = Symbol('exchange')
type Carrier = IncomingMessage & { [key]?: HttpExchange }

/** A property, not a map beside: most requests have none, and it goes with the request. */
export const exchangeOf = (request: IncomingMessage): HttpExchange | undefined => (request as Carrier)[key]

export const attach = (request: IncomingMessage, exchange: HttpExchange): void => {
  ;(request as Carrier)[key] = exchange
}
