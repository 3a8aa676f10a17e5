/** W3C Trace Context: which trace a request belongs to, from the `traceparent` header and back into the answer's. */
import { randomUUID } from 'node:crypto'

export interface Trace {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string
  /** The server's own part of the trace, 16 hexadecimal digits. */
  readonly spanId: string
  /** The caller's part of it. */
  readonly parentId?: string
  /** Two hexadecimal digits, as they came. */
  readonly flags: string
}

/** Versions after 00 may append fields, which are for those who know them. */
const pattern = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/**
 * 16 hexadecimal digits, all of them random. A UUID comes out of bytes that Node keeps in store; asking for so few bytes at a
 * time costs five times as much, which every request of a logged server would pay.
 */
export const newSpanId = (): string => {
  const id = randomUUID()
  return id.slice(0, 8) + id.slice(-8)
}

/** The trace that the header names; undefined where it names none, as the standard asks of a header that is wrong. */
export const readTrace = (header: string | undefined): Trace | undefined => {
  const [, version, traceId, parentId, flags, more] = (header && pattern.exec(header)) || []
  if (traceId === undefined || parentId === undefined || flags === undefined) return undefined
  if (version === '00' && more !== undefined) return undefined
  return { traceId, spanId: newSpanId(), parentId, flags }
}

export const newTrace = (): Trace => ({
  traceId: randomUUID().replaceAll('-', ''),
  spanId: newSpanId(),
  flags: '00',
})

/** Value of the header, with the server as the parent of the spans that follow. */
export const traceparent = ({ traceId, spanId: own, flags }: Trace): string => `00-${traceId}-${own}-${flags}`

/** Features that use the trace of a request when it has ended; each is set where it is switched on. */
export interface TraceUsers {
  readonly requestLog: unknown
  readonly tracing: { readonly begin: (trace: Trace) => Trace } | undefined
}

/** The trace of a request, by its header; undefined where neither the log nor an exporter uses it. */
export const beginTrace = (
  header: string | undefined,
  { requestLog, tracing }: TraceUsers,
): Trace | undefined => {
  const trace = readTrace(header) ?? (requestLog || tracing ? newTrace() : undefined)
  return trace && tracing ? tracing.begin(trace) : trace
}

const spread = 2 ** 52

/**
 * Whether a trace belongs to the share that is recorded. The trace's id decides, so that all servers on its way decide
 * alike.
 * @param rate from 0 to 1
 */
export const isSampled = ({ traceId }: Trace, rate: number): boolean =>
  rate >= 1 || Number.parseInt(traceId.slice(-13), 16) / spread < rate
