/** How a command ends: its exit code, and the sentence of a failure. */

export const exitCodes = {
  done: 0,
  /** The command ran, and what it asked for did not come about. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The named object does not exist. */
  notFound: 3,
  /** There is no cluster, it does not answer, or it refuses this account. */
  cluster: 4,
  /** Ended by Ctrl-C, as shells count it. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** What the user reads instead of a stack: what happened, and what to do next. */
export class Failure extends Error {
  readonly exitCode: ExitCode
  /** A sentence that says what to do next. */
  readonly next: string | undefined
  constructor(exitCode: ExitCode, message: string, next?: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'Failure'
    this.exitCode = exitCode
    this.next = next
  }
}

export const failed = (message: string, next?: string, cause?: unknown): Failure =>
  new Failure(exitCodes.failed, message, next, cause)

export const wrongUsage = (message: string, next?: string): Failure =>
  new Failure(exitCodes.usage, message, next)

export const notFound = (message: string, next?: string): Failure =>
  new Failure(exitCodes.notFound, message, next)
