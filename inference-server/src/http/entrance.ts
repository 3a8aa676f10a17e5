/** Whether a request may go on: how it is framed, the site that it comes from, and its API key. Where not, it is answered here. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { asFailure } from '../failures/errors.ts'
import { openaiFailure } from '../openai/answer.ts'
import { type ApiKeys, isOpen } from '../security/api-keys.ts'
import { endpointOf } from './address.ts'
import { exchangeOf } from './exchange.ts'
import { createFramingCheck } from './framing.ts'
import type { HttpRecords } from './records.ts'
import { replyFailure } from './reply.ts'
import { type SiteRules, siteCheckOf } from './site.ts'

export interface EntranceOptions extends SiteRules {
  /** undefined: requests need no API key. */
  readonly apiKeys: ApiKeys | undefined
}

export interface Entrance {
  /** @returns whether the request may go on; where not, it is answered */
  readonly enter: (request: IncomingMessage, response: ServerResponse, path: string) => boolean
  /** Which sites may ask goes by the address that the server listens on. */
  readonly listens: (address: string) => void
}

export const createEntrance = (options: EntranceOptions, records: HttpRecords): Entrance => {
  const { apiKeys } = options
  const checkFraming = createFramingCheck()
  /** undefined: requests from every page are admitted, since the server is meant for other machines. */
  let checkSite: ((request: IncomingMessage) => void) | undefined

  /** @returns the name of its key @throws Failure malformed, not-implemented, forbidden, unauthenticated */
  const admit = (request: IncomingMessage, path: string): string | undefined => {
    checkFraming(request)
    checkSite?.(request)
    const { method, headers } = request
    if (!apiKeys || isOpen(method, path)) return undefined
    const key = headers['x-api-key']
    return apiKeys.admit(headers.authorization, typeof key === 'string' ? key : undefined)
  }

  const refuse = (error: unknown, request: IncomingMessage, response: ServerResponse, path: string): void => {
    const failure = asFailure(error)
    // What follows on the connection may have been meant for another server, or by another caller.
    if (failure.kind !== 'unauthenticated') response.shouldKeepAlive = false
    records.failed(endpointOf(path), failure, request)
    const body = path.startsWith('/v1/') ? JSON.stringify(openaiFailure(failure)) : undefined
    replyFailure(request, response, failure, body)
  }

  return {
    enter: (request, response, path) => {
      records.begin(request, response)
      try {
        const keyName = admit(request, path)
        const exchange = exchangeOf(request)
        if (exchange) exchange.caller = keyName
        return true
      } catch (error) {
        refuse(error, request, response, path)
        return false
      }
    },
    listens: (address) => {
      checkSite = siteCheckOf(address, options)
    },
  }
}
