/** A folder that an optimizer has made, before it is served. */
import { lstat, readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { isOptimizationReport } from '@gantry/contract/documents.ts'
import type { OptimizationReport } from '@gantry/contract/optimizing.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { CandidateError } from '../accuracy/candidate-error.ts'
import { readReportFile } from '../import/commit/report-file.ts'

/** @returns undefined where there is none that can be read */
const reportIn = async (path: string): Promise<OptimizationReport | undefined> => {
  try {
    const file = await readReportFile(path)
    const report: unknown = file.kind === 'text' ? JSON.parse(file.text) : undefined
    return isOptimizationReport(report) ? report : undefined
  } catch {
    return undefined
  }
}

/** Whether the report says that the model was made; the exit code of a program alone says nothing. @param path of the report */
export const isMade = async (path: string): Promise<boolean> =>
  (await reportIn(path))?.outcome === 'optimized'

/** Why the optimizer refused; undefined where it does not say so. @param path of the report */
export const refusal = async (path: string): Promise<CandidateError | undefined> => {
  const report = await reportIn(path)
  if (report?.outcome !== 'failed') return undefined
  return new CandidateError('RecipeFailed', `${report.reason}: ${report.message}`)
}

/**
 * The optimizer is trusted with nothing but its folder: a link could lead to what the container that measures may read.
 * @param dir of the model
 * @param report path of the optimizer's report
 * @throws CandidateError where it was not made
 */
export const checkMade = async (dir: string, report: string): Promise<void> => {
  if (!(await isMade(report)))
    throw (
      (await refusal(report)) ??
      new CandidateError('RecipeFailed', 'the optimizer ended without a report that says what it has made')
    )
  await checkPlain(dir)
}

/** @throws CandidateError where the folder is a link, or holds what is neither a file nor a folder */
const checkPlain = async (dir: string): Promise<void> => {
  const found = await lstat(dir).catch(() => undefined)
  if (!found) throw new CandidateError('RecipeFailed', 'the optimizer wrote no folder')
  if (!found.isDirectory())
    throw new CandidateError(
      'RecipeFailed',
      `the optimizer wrote ${quoted(basename(dir))}, which is no folder`,
    )
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const other = entries.find((entry) => !entry.isFile() && !entry.isDirectory())
  if (other)
    throw new CandidateError('RecipeFailed', `the optimizer wrote ${quoted(other.name)}, which is no file`)
}
