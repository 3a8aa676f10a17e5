/** Answers of gRPC that consist of a status only. */
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { Failure, FailureKind } from '../failure.ts'

/** Numbers of gRPC's statuses. */
const [invalidArgument, deadlineExceeded, notFound, permissionDenied] = [3, 4, 5, 7]
const [resourceExhausted, unimplemented, internal, unavailable, unauthenticated] = [8, 12, 13, 14, 16]

const byKind: Readonly<Partial<Record<FailureKind, number>>> = {
  malformed: invalidArgument,
  unauthenticated,
  forbidden: permissionDenied,
  'too-many-requests': resourceExhausted,
  'unknown-model': notFound,
  'unknown-path': unimplemented,
  unavailable,
  'bad-answer': unavailable,
  timeout: deadlineExceeded,
  'too-many-waiting': resourceExhausted,
}

/** Statuses that say that the server failed: UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE, DATA_LOSS. */
const errors: readonly (number | undefined)[] = [2, deadlineExceeded, internal, unavailable, 15]

export const isError = (status: number): boolean => errors.includes(status)
export const isUnavailable = (status: number): boolean => status === unavailable

/** HTTP status for metrics and log, where gRPC's own is in the trailers. */
export const httpStatusOf = (status: number): number => {
  if (status === 0) return 200
  return isError(status) ? 500 : 400
}

/** Trailers only: the head ends the stream, since clients take anything else for an error of their own. */
export const refuse = (stream: ServerHttp2Stream, failure: Failure): void => {
  if (stream.closed || stream.destroyed) return
  if (stream.headersSent) {
    stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    return
  }
  const headers: OutgoingHttpHeaders = {
    ':status': 200,
    'content-type': 'application/grpc',
    'grpc-status': String(byKind[failure.kind] ?? internal),
    'grpc-message': encodeURIComponent(failure.message),
  }
  stream.respond(headers, { endStream: true })
  // What its caller still sends has to be taken, or the stream would never end.
  stream.unpipe().resume()
}
