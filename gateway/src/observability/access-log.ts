/** A line for each request, with the members of the inference server's request log. Bodies are never in it. */
import type { Failure } from '../failure.ts'
import type { EndedCall, Outcome } from '../proxy/call.ts'
import { createLineSink } from './line-sink.ts'

export interface AccessLog {
  readonly ended: (call: EndedCall, outcome: Outcome, ms: number) => void
  /** A copy of a request was answered otherwise. @param fields members of the line, its message among them */
  readonly disagreed: (fields: object) => void
  readonly refused: (
    request: { readonly address: string; readonly method: string; readonly path: string },
    failure: Failure,
    ms: number,
  ) => void
  readonly flush: () => Promise<void>
}

/** Callers choose paths. */
const mostPath = 500

const line = (fields: object): string =>
  `${JSON.stringify({ level: 'info', message: 'request', timestamp: new Date().toISOString(), ...fields })}\n`

/** The path without its query, which may hold keys. */
const pathOf = (path: string): string => (path.split('?', 1)[0] ?? '').slice(0, mostPath)

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000

/** @param fd of the output, such as 1 */
export const createAccessLog = (fd: number): AccessLog => {
  const sink = createLineSink(fd, (dropped) =>
    line({ level: 'warn', message: 'requests were not logged: the output is too slow', dropped }),
  )
  return {
    ended: (
      { served, from, method, path, trace, sink: { sentBytes } },
      { upstream, status, failure, retries },
      ms,
    ) =>
      sink.write(
        line({
          model: served.key,
          track: upstream?.track,
          endpoint: upstream?.authority,
          ...{ ...from, method, path: pathOf(path), status, kind: failure?.kind, retries },
          ...{ traceId: trace.slice(3, 35), totalMs: rounded(ms), responseBytes: sentBytes() },
        }),
      ),
    disagreed: (fields) => sink.write(line(fields)),
    refused: ({ address, method, path }, { status, kind }, ms) =>
      sink.write(line({ address, method, path: pathOf(path), status, kind, totalMs: rounded(ms) })),
    flush: sink.flush,
  }
}
