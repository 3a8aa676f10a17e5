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
  readonly deadlineSeconds: number
  /** The report of a success; undefined where one of its members is not what it should be. */
  readonly read: (report: Readonly<Record<string, unknown>>) => Report | undefined
}
