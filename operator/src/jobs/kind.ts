import type { Retry } from '../runtime/errors.ts'

/** What a Job reports of a failure. */
export interface Failed<Failure extends string> {
  readonly kind: 'failed'
  readonly reason: Failure
  /** A sentence for the user. */
  readonly message: string
  readonly retry: Retry
}

/** What a Job reports of a success. */
export interface Done<Report> {
  readonly kind: 'done'
  readonly report: Report
}

/** What the machine of Jobs has to know of a kind of Job. A Job of any kind reports by the termination message of its pod. */
export interface JobKind<Report, Failure extends string> {
  /** What messages call it, as in "The import did not finish". */
  readonly noun: string
  /** The reasons that a report may give for a failure. */
  readonly failures: readonly Failure[]
  /** The reason where a Job ended without a report. */
  readonly unreported: Failure
  /** The part of spec that holds its requests and limits. */
  readonly resourcesField: string
  /** The setting that has the size of its emptyDir volumes; left out: the limit of ephemeral-storage. */
  readonly scratchField?: string
  readonly deadlineSeconds: number
  /** Reads JSON that any container may have written; undefined where it is not what the schema of such a report says. */
  readonly read: (given: unknown) => Done<Report> | Failed<Failure> | undefined
}
