import { failureStatuses } from '@gantry/contract/failures.ts'
import { plainText } from '@gantry/contract/plain-text.ts'

export type FailureKind = keyof typeof failureStatuses

/** The sentence for a failed run. Callers learn no more; the log has the cause. */
export const inferenceFailed = 'inference failed, try again later'
/** The sentence for a run that may have failed because of its inputs, where the model goes on with others. */
export const inputFailed = `${inferenceFailed}; if it fails again, the model cannot compute these inputs: see that ids are below the size of its vocabulary and that the shapes belong together; the server's log has the cause`

export interface FailureDetails {
  /** Name of the tensor or member that the sentence speaks of. */
  readonly field?: string
  /** Value of the Retry-After header. */
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
  /** The caller asked for this failure, so the server is healthy even where the status is 5xx. */
  readonly asked?: boolean
}

/** Most characters of a message, and of the name of a field. */
const mostMessage = 4000
const mostField = 200

/** The middle of what is too long gives way: a sentence begins with the field, and ends with what to do. Callers choose what it quotes. */
const shortened = (text: string, most: number): string =>
  text.length <= most ? text : plainText(text, most / 2) + plainText(text.slice(-most / 2))

/** A request that cannot be answered. `message` is for the caller: a sentence that says what to do next. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly kind: FailureKind
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly asked: boolean

  constructor(kind: FailureKind, message: string, details: FailureDetails = {}) {
    super(shortened(message, mostMessage), 'cause' in details ? { cause: details.cause } : undefined)
    this.kind = kind
    this.field = details.field === undefined ? undefined : shortened(details.field, mostField)
    this.retryAfterSeconds = details.retryAfterSeconds
    this.asked = details.asked ?? false
  }

  get status(): number {
    return failureStatuses[this.kind]
  }
}

/** Names as an error message lists them. */
export const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')

/** @param name of the model that is here */
export const unknownModel = (asked: string, name: string): Failure =>
  new Failure('unknown-model', `there is no model "${asked}" here; this server has "${name}"`)

/** The error that reached the outermost handler, as a Failure. Any other error is a fault of the server, and its text goes to the log only. */
export const asFailure = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure('internal', 'the server failed to answer; its log has the cause', { cause: error })

/** Why the server cannot start. `message` is one sentence for the person who started it. */
export class StartError extends Error {
  override readonly name = 'StartError'
  /**
   * 2: the command line is wrong. 1: the model, or a file that the options name, cannot be served. 3: its files are not those that were
   * imported (digestMismatchExit).
   */
  readonly exitCode: 1 | 2 | 3
  /** Names and words out of the model's folder. They go to the log only; the last line becomes the status of a model. */
  readonly detail: string | undefined

  constructor(
    message: string,
    exitCode: 1 | 2 | 3 = 1,
    { detail, ...options }: ErrorOptions & { readonly detail?: string | undefined } = {},
  ) {
    // Files and arguments of strangers are quoted in it, and it is shown on a terminal and in the pod's termination message.
    super(plainText(message), options)
    this.exitCode = exitCode
    this.detail = detail === undefined ? undefined : plainText(detail)
  }
}
