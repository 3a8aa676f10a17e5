/** The import as a kind of Job, and what finished imports have left on the volume. */
import { type ImportFailure, importFailures } from '@gantry/contract/importing.ts'
import { shownSource } from '@gantry/contract/source.ts'
import type { LiveJob, LivePod } from '@gantry/kube/live.ts'
import type { JobKind } from '../jobs/kind.ts'
import { type Outcome, outcomeOf } from '../jobs/outcome.ts'
import { longestImportSeconds } from './desired/import-job.ts'
import { type Imported, readImportReport } from './import-report.ts'
import type { Version } from './model-deployment.ts'

export const importKind: JobKind<Imported, ImportFailure> = {
  noun: 'import',
  failures: importFailures,
  unreported: 'ImportFailed',
  resourcesField: 'spec.storage.import.resources',
  deadlineSeconds: longestImportSeconds,
  read: readImportReport,
}

export type ImportOutcome = Outcome<Imported, ImportFailure>

/** @param pods of imports */
export const importOutcome = (job: LiveJob, pods: readonly LivePod[]): ImportOutcome =>
  outcomeOf(importKind, job, pods)

/** Named one by one: a field that the CRD does not know would be refused. */
const versionOf = ({
  id,
  label,
  revision,
  source,
  digest,
  sizeBytes,
  createdAt,
}: Imported['version']): Version => ({
  ...{ id, revision, source, digest, sizeBytes, createdAt, phase: 'Imported' as const },
  ...(label ? { label } : {}),
})

/** The versions on the volume: those known before, and what finished imports report, newest last. */
export const versionsOf = (
  known: readonly Version[],
  jobs: readonly LiveJob[],
  pods: readonly LivePod[],
): readonly Version[] => {
  const outcomes = jobs.map((job) => importOutcome(job, pods)).filter((outcome) => outcome.kind === 'done')
  const pruned = new Set(outcomes.flatMap(({ report }) => report.pruned))
  const reported = outcomes.map(({ report }) => versionOf(report.version))
  const unknown = reported.filter(({ id }) => !known.some((version) => version.id === id))
  return [...known, ...unknown]
    .filter(({ id }) => !pruned.has(id))
    .map((version) => ({ ...version, source: shownSource(version.source) }))
    .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
}
