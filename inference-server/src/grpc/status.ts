/** How a failure ends a call. */
import { Metadata, status } from '@grpc/grpc-js'
import type { Failure, FailureKind } from '../failures/errors.ts'
import { sentenceFor } from '../failures/language.ts'
import { headerOf } from './exchange.ts'

const codes: Readonly<Record<FailureKind, status>> = {
  malformed: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  'unknown-model': status.NOT_FOUND,
  'unknown-path': status.UNIMPLEMENTED,
  'method-not-allowed': status.UNIMPLEMENTED,
  'too-large': status.RESOURCE_EXHAUSTED,
  'unsupported-media-type': status.INVALID_ARGUMENT,
  invalid: status.INVALID_ARGUMENT,
  'queue-full': status.RESOURCE_EXHAUSTED,
  'inference-failed': status.INTERNAL,
  internal: status.INTERNAL,
  'not-implemented': status.UNIMPLEMENTED,
  unavailable: status.UNAVAILABLE,
  'out-of-memory': status.UNAVAILABLE,
  'bodies-full': status.RESOURCE_EXHAUSTED,
  timeout: status.DEADLINE_EXCEEDED,
  cancelled: status.CANCELLED,
}

export const statusName = (failure: Failure | undefined): string =>
  status[failure ? codes[failure.kind] : status.OK]

/** The message of a status, in the language that the client accepts. */
export const sentenceOf = (failure: Failure, metadata: Metadata): string =>
  sentenceFor(failure, headerOf(metadata, 'accept-language'))

/** Most characters of a sentence. Clients take trailers of 8 KiB, and percent-encoding makes up to nine letters of each character. */
const mostDetails = 800

/** A sentence may quote a name as long as the message that it came in. */
const shortened = (sentence: string): string =>
  sentence.length <= mostDetails ? sentence : `${sentence.slice(0, mostDetails).toWellFormed()}…`

/** When to try again, by the trailer that gRPC clients with a retry policy obey, and by that of HTTP. */
const retryMetadata = (seconds: number): Metadata => {
  const metadata = new Metadata()
  metadata.set('grpc-retry-pushback-ms', String(seconds * 1000))
  metadata.set('retry-after', String(seconds))
  return metadata
}

export interface CallStatus {
  readonly code: status
  readonly details: string
  readonly metadata?: Metadata
}

export const statusOf = (failure: Failure, metadata: Metadata): CallStatus => ({
  code: codes[failure.kind],
  details: shortened(sentenceOf(failure, metadata)),
  ...(failure.retryAfterSeconds !== undefined && { metadata: retryMetadata(failure.retryAfterSeconds) }),
})
