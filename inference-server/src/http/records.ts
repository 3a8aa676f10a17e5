import type { IncomingMessage, ServerResponse } from 'node:http'
import { shadowHeader } from '@gantry/contract/shadow.ts'
import type { Failure } from '../failures/errors.ts'
import { createRequestRecords, type RequestRecordsOptions } from '../observability/request-records.ts'
import type { Caller } from '../requests/caller.ts'
import type { Endpoint } from '../requests/endpoint.ts'
import { traceparent } from '../requests/traceparent.ts'
import { pathOf } from './address.ts'
import { attach, exchangeOf } from './exchange.ts'
import { entryOf } from './request-entry.ts'

/** How requests over HTTP are recorded, from their trace to their end. */
export interface HttpRecords {
  /** Gives a request its trace, and its response the header of it, where the log or an exporter uses it. */
  readonly begin: (request: IncomingMessage, response: ServerResponse) => void
  readonly answered: (endpoint: Endpoint, caller: Caller, request: IncomingMessage) => void
  /** Records a failure, from every handler. @param endpoint undefined where no counted endpoint was asked */
  readonly failed: (
    endpoint: Endpoint | undefined,
    failure: Failure,
    request: IncomingMessage,
    caller?: Caller,
  ) => void
}

export const createHttpRecords = (options: RequestRecordsOptions): HttpRecords => {
  const records = createRequestRecords<IncomingMessage>(options, {
    entry: entryOf,
    fields: (request) => ({ path: pathOf(request) }),
    isCopy: ({ headers }) => headers[shadowHeader] === 'true',
  })
  return {
    begin: (request, response) => {
      const header = request.headers['traceparent']
      const exchange = records.begin(typeof header === 'string' ? header : undefined)
      if (!exchange) return
      response.setHeader('traceparent', traceparent(exchange.trace))
      attach(request, exchange)
    },
    answered: (endpoint, caller, request) => records.answered(endpoint, caller, request, exchangeOf(request)),
    failed: (endpoint, failure, request, caller) =>
      records.failed(endpoint, failure, request, exchangeOf(request), caller),
  }
}
