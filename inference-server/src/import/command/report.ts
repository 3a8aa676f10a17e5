import { type ImportReport, maxReportBytes } from '@gantry/contract/importing.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { ImportError } from '../../failures/import-error.ts'
import type { Imported as Outcome } from '../add-version.ts'

type Imported = Extract<ImportReport, { outcome: 'imported' }>

/** The list of changed files is left out: it stays on the volume and in the log. */
export const importedReport = ({
  version: { changed: _, ...version },
  pruned,
  rewrapped,
}: Outcome): Imported => ({
  outcome: 'imported',
  version,
  pruned,
  ...(rewrapped && { rewrapped }),
})

/** The report leaves the detail out: it becomes the status of the model, and the log is for those who may read logs. */
export const failedReport = ({ reason, message, detail, retry }: ImportError): ImportReport => ({
  outcome: 'failed',
  reason,
  message: plainText(detail === undefined ? message : `${message}; the log of the import says more`),
  retry,
})

/** A report as JSON of at most `maxReportBytes`: long sentences and sources are cut, and long lists of pruned ids. */
export const reportText = (report: ImportReport): string => {
  let text = JSON.stringify(report)
  for (let keep = 2048; Buffer.byteLength(text) > maxReportBytes && keep > 1; keep = Math.floor(keep / 2))
    text = JSON.stringify(
      report.outcome === 'failed' ? shortFailure(report, keep) : shortImported(report, keep),
    )
  return text
}

const shortFailure = <Failed extends { message: string }>(report: Failed, keep: number): Failed => ({
  ...report,
  message: cut(report.message, keep),
})

const shortImported = (report: Imported, keep: number): Imported => ({
  ...report,
  version: {
    ...report.version,
    source: cut(report.version.source, keep),
    ...shortOptimization(report.version, keep),
  },
  pruned: report.pruned.slice(-Math.ceil(keep / 32)),
  ...(report.rewrapped && { rewrapped: report.rewrapped.slice(-Math.ceil(keep / 32)) }),
})

const shortOptimization = ({ optimization }: Imported['version'], keep: number) =>
  optimization
    ? { optimization: { ...optimization, steps: optimization.steps?.map((step) => cut(step, keep)) ?? [] } }
    : {}

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text
