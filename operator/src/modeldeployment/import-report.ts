/** The report of an import, read from a pod's termination message: any container may write one, so its schema decides and its texts are made plain. */
import { isImportReport } from '@gantry/contract/documents.ts'
import { type ImportReport, maxReportBytes } from '@gantry/contract/importing.ts'
import { plainText } from '@gantry/contract/plain-text.ts'

type Imported = Extract<ImportReport, { outcome: 'imported' }>
type Failed = Extract<ImportReport, { outcome: 'failed' }>

/** The CRD's limit of spec.model.source.uri. */
const longestSource = 2048
/** Most characters of a message within a condition, so that what to do next still follows it. */
export const longestMessage = 2048

/** Members are named one by one: what a stranger adds goes no further. */
const imported = ({ version, pruned }: Imported): Imported => {
  const { id, label, revision, source, digest, task, sizeBytes, createdAt } = version
  return {
    outcome: 'imported',
    version: {
      ...{ id, revision, source: plainText(source, longestSource), digest, task, sizeBytes, createdAt },
      ...(label === undefined ? {} : { label }),
    },
    pruned,
  }
}

const failed = ({ reason, message, retry }: Failed): Failed => ({
  outcome: 'failed',
  reason,
  message: plainText(message, longestMessage),
  retry,
})

/** The pattern of a time allows 30 February, which the API server refuses in a status. */
const isDay = (time: string): boolean => {
  const day = time.slice(0, 10)
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}

/** @returns undefined for what is no report of an import */
export const readReport = (terminationMessage: string | undefined): ImportReport | undefined => {
  // A longer text was not written by a kubelet.
  if (!terminationMessage || terminationMessage.length > maxReportBytes) return undefined
  try {
    const report: unknown = JSON.parse(terminationMessage)
    if (!isImportReport(report)) return undefined
    if (report.outcome === 'failed') return failed(report)
    return isDay(report.version.createdAt) ? imported(report) : undefined
  } catch {
    return undefined
  }
}
