/** How a failure ends a call. */
import { type Metadata, status } from '@grpc/grpc-js'
import type { Failure, FailureKind } from '../errors.ts'
import { sentenceFor } from '../language.ts'
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
  timeout: status.DEADLINE_EXCEEDED,
  cancelled: status.CANCELLED,
}

export const statusName = (failure: Failure | undefined): string =>
  status[failure ? codes[failure.kind] : status.OK]

/** In the language of the caller. */
export const sentenceOf = (failure: Failure, metadata: Metadata): string =>
  sentenceFor(failure, headerOf(metadata, 'accept-language'))

export const statusOf = (failure: Failure, metadata: Metadata) => ({
  code: codes[failure.kind],
  details: sentenceOf(failure, metadata),
})
