/**
 * How a request of any protocol is recorded from its trace to its end: counted in the metrics, written to the
 * request log, traced, and its failure told to the server's own log.
 */
import type { Failure } from '../failures/errors.ts'
import type { Fields, Log } from '../process/log.ts'
import type { Entry } from '../request-log/entry.ts'
import type { RequestLog } from '../request-log/request-log.ts'
import type { Caller } from '../requests/caller.ts'
import type { Endpoint } from '../requests/endpoint.ts'
import type { Exchange } from '../requests/exchange.ts'
import { beginTrace } from '../requests/traceparent.ts'
import type { TracedRequest } from '../tracing/spans.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { logFailure } from './failure-log.ts'
import type { Metrics } from './metrics.ts'

export interface RequestRecordsOptions {
  readonly metrics: Metrics
  readonly log: Log
  readonly requestLog: RequestLog | undefined
  readonly tracing: Tracing | undefined
  readonly nowMs: () => number
}

/** What a protocol tells of its requests. */
export interface Protocol<Asked> {
  /** Members of a request log entry: sizes, and contents where the log has them. */
  readonly entry: (
    asked: Asked,
    contents: boolean,
  ) => Pick<Entry, 'requestBytes' | 'responseBytes' | 'request' | 'response'>
  /** Fields of the log line about a failure. */
  readonly fields: (asked: Asked) => Fields
  /** Whether it is a copy that a gateway sent for comparison. */
  readonly isCopy?: (asked: Asked) => boolean
  /** Name of the status of the answer, for protocols whose statuses are not HTTP's. @param failure undefined where the request succeeded */
  readonly rpcStatus?: (failure: Failure | undefined) => string
}

export interface RequestRecords<Asked> {
  /** What a request carries to its end; undefined where neither the log nor an exporter uses it. @param traceparent value of the header */
  readonly begin: (traceparent: string | undefined) => Exchange | undefined
  readonly answered: (
    endpoint: Endpoint,
    caller: Caller,
    asked: Asked,
    exchange: Exchange | undefined,
  ) => void
  /**
   * @param endpoint undefined where no counted endpoint was asked
   * @param caller undefined where the request was refused before it reached the model
   */
  readonly failed: (
    endpoint: Endpoint | undefined,
    failure: Failure,
    asked: Asked,
    exchange: Exchange | undefined,
    caller?: Caller,
  ) => void
}

/** How it ended. */
interface Outcome {
  readonly caller: Caller | undefined
  readonly failure?: Failure
}

/** How it ended, in the words of HTTP. */
const statusOf = (failure: Failure | undefined): Pick<Entry, 'status' | 'kind'> =>
  failure ? { status: failure.status, kind: failure.kind } : { status: 200 }

const entryOf = (
  { trace, contents, caller: keyName }: Exchange,
  endpoint: Endpoint,
  { caller, failure }: Outcome,
): Entry => ({
  at: Date.now(),
  endpoint,
  trace,
  caller: keyName,
  ...(caller?.usage.model && {
    version: caller.usage.model.version,
    ...(contents && { declared: caller.usage.model.declared }),
  }),
  ...statusOf(failure),
  ...(!failure && caller && { timings: caller.timings }),
})

export const createRequestRecords = <Asked>(
  { metrics, log, requestLog, tracing, nowMs }: RequestRecordsOptions,
  { entry, fields, isCopy = () => false, rpcStatus }: Protocol<Asked>,
): RequestRecords<Asked> => {
  const traceUsers = { requestLog, tracing }
  const tracedOf = ({ trace, startedMs }: Exchange, endpoint: Endpoint, outcome: Outcome): TracedRequest => ({
    trace,
    endpoint,
    at: Date.now(),
    durationMs: nowMs() - startedMs,
    ...statusOf(outcome.failure),
    ...(rpcStatus && { rpcStatus: rpcStatus(outcome.failure) }),
    timings: outcome.caller?.timings,
    usage: outcome.caller?.usage,
  })

  const record = (asked: Asked, exchange: Exchange, endpoint: Endpoint, outcome: Outcome): void => {
    if (exchange.logged)
      requestLog?.record({
        ...entryOf(exchange, endpoint, outcome),
        ...(isCopy(asked) && { shadow: true }),
        ...entry(asked, exchange.contents),
      })
    tracing?.record(tracedOf(exchange, endpoint, outcome))
  }

  return {
    begin: (traceparent) => {
      const trace = beginTrace(traceparent, traceUsers)
      if (!trace) return undefined
      const logged = requestLog?.samples(trace) ?? false
      return { trace, startedMs: nowMs(), logged, contents: logged && requestLog?.contents === true }
    },
    answered: (endpoint, caller, asked, exchange) => {
      if (isCopy(asked)) metrics.copied('answered', caller.usage.model?.version)
      else metrics.answered(endpoint, caller)
      if (exchange) record(asked, exchange, endpoint, { caller })
    },
    failed: (endpoint, failure, asked, exchange, caller) => {
      if (endpoint) {
        const version = caller?.usage.model?.version
        if (isCopy(asked)) metrics.copied('failed', version)
        else metrics.failed(endpoint, failure.kind, version)
        if (exchange) record(asked, exchange, endpoint, { failure, caller })
      }
      logFailure(log, failure, { ...fields(asked), traceId: exchange?.trace.traceId })
    },
  }
}
