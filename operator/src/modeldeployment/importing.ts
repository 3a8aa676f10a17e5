/** The import as a kind of Job, and what finished imports have left on the volume. */
import { type ImportFailure, importFailures } from '@gantry/contract/importing.ts'
import type { VersionOptimization } from '@gantry/contract/optimizing.ts'
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
  parent,
  optimization,
  input,
  encryptionKey,
  recordDigest,
  sourceRevision,
  signature,
  requestedBy,
  tools,
}: Imported['version']): Version => ({
  ...{ id, revision, source, digest, sizeBytes, createdAt, phase: 'Imported' as const },
  ...(label ? { label } : {}),
  ...(encryptionKey ? { encryptionKey } : {}),
  ...(input ? { input } : {}),
  ...(recordDigest === undefined ? {} : { recordDigest }),
  ...(sourceRevision === undefined ? {} : { sourceRevision }),
  ...(signature ? { signature } : {}),
  ...(requestedBy ? { requestedBy } : {}),
  ...(tools ? { tools } : {}),
  ...(parent && optimization ? { parent, optimization: asListed(optimization) } : {}),
})

/** The generated type of a status has lists that may be changed. */
const asListed = ({ steps, ...rest }: VersionOptimization): NonNullable<Version['optimization']> => ({
  ...rest,
  ...(steps ? { steps: [...steps] } : {}),
})

/** The key that a Job has wrapped the version's own key by since it was imported. */
const wrappedIn = (
  reports: readonly Imported[],
  { id, encryptionKey }: Version,
): Pick<Version, 'encryptionKey'> => {
  const wrapped = reports.findLast(({ rewrapped }) => rewrapped?.includes(id))?.version.encryptionKey
  return encryptionKey === undefined || wrapped === undefined ? {} : { encryptionKey: wrapped }
}

/** What finished Jobs have brought to the volume. */
export const reportsOf = <Failure extends string>(
  kind: JobKind<Imported, Failure>,
  jobs: readonly LiveJob[],
  pods: readonly LivePod[],
): readonly Imported[] =>
  jobs
    .map((job) => outcomeOf(kind, job, pods))
    .flatMap((outcome) => (outcome.kind === 'done' ? [outcome.report] : []))

/** The versions on the volume: those known before, and what finished imports and optimizations report, newest last. */
export const versionsOf = (known: readonly Version[], reports: readonly Imported[]): readonly Version[] => {
  const pruned = new Set(reports.flatMap((report) => report.pruned))
  const reported = reports.map(({ version }) => versionOf(version))
  const unknown = reported.filter(({ id }) => !known.some((version) => version.id === id))
  return [...known, ...unknown]
    .filter(({ id }) => !pruned.has(id))
    .map((version) => ({ ...version, ...wrappedIn(reports, version), source: shownSource(version.source) }))
    .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
}
