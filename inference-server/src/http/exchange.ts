/** What a request carries with it, from the door to its line in the request log. */
import type { IncomingMessage } from 'node:http'
import type { Trace } from '../requests/traceparent.ts'

export interface Exchange {
  readonly trace: Trace
  /** When it came, on the server's clock. */
  readonly startedMs: number
  /** Whether a line will be written. */
  readonly logged: boolean
  /** Whether the line will hold what was asked and answered. */
  readonly contents: boolean
  /** Name of the API key it came with. */
  readonly caller: string | undefined
  /** The whole body, unpacked. */
  body?: Buffer
  answer?: string | Buffer
}

const key = Symbol('exchange')
type Carrier = IncomingMessage & { [key]?: Exchange }

/** A property, not a map beside: most requests have none, and it goes with the request. */
export const exchangeOf = (request: IncomingMessage): Exchange | undefined => (request as Carrier)[key]

export const attach = (request: IncomingMessage, exchange: Exchange): void => {
  ;(request as Carrier)[key] = exchange
}
