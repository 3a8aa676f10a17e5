/** Requests that the gateway answers itself, and starts that fail. */
import { sharedFailureStatuses } from '@gantry/contract/failures.ts'
import { plainText } from '@gantry/contract/plain-text.ts'

/** Kinds of failure of one request, with their statuses. */
const statuses = {
  ...sharedFailureStatuses,
  'body-timeout': 408,
  ambiguous: 409,
  'too-many-requests': 429,
  'too-many-waiting': 429,
  'headers-too-large': 431,
  'bad-answer': 502,
} as const
export type FailureKind = keyof typeof statuses

export interface FailureDetails {
  /** Name of the member or header that the sentence speaks of. */
  readonly field?: string
  /** Value of the Retry-After header, seconds. */
  readonly retryAfterSeconds?: number
}

/** Most characters of a sentence: callers choose what it quotes. */
const mostMessage = 2000

/** A request that is answered without a pod. `message` is for the caller: a sentence that says what to do next. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly kind: FailureKind
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(kind: FailureKind, message: string, { field, retryAfterSeconds }: FailureDetails = {}) {
    super(plainText(message, mostMessage))
    this.kind = kind
    this.field = field
    this.retryAfterSeconds = retryAfterSeconds
  }

  get status(): number {
    return statuses[this.kind]
  }
}

/** Any other error is a fault of the gateway, and its text goes to the log only. */
export const asFailure = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure('bad-answer', 'the gateway failed to answer; its log has the cause')

/** Why the gateway cannot start: sentences for the person who started it. */
export class StartError extends Error {
  override readonly name = 'StartError'
  /** 2: the command line or the file is wrong. 1: a port cannot be opened. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 2, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
