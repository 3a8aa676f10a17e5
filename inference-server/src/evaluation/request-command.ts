/** An evaluation for the operator: the outcome goes to the termination message, the whole report into the log. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type CandidateReports,
  type EvaluationReport,
  type EvaluationRequest,
  isCandidateReport,
  maxEvaluationReportBytes,
  reportLine,
} from '@gantry/contract/evaluation.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { DatasetError } from '../datasets/dataset-error.ts'
import { evaluate } from './evaluate.ts'
import type { Evaluated } from './evaluation.ts'
import type { EvaluateOptions } from './options.ts'
import { recordEvaluation, recordReference } from './recording.ts'
import { outcomeText } from './report/outcome.ts'
import { packReports } from './report/whole-report.ts'
import type { Surroundings } from './surroundings.ts'

type RequestOptions = Extract<EvaluateOptions, { kind: 'request' }>

const failedReport = (error: unknown, signal: AbortSignal): EvaluationReport => {
  const failed = (
    reason: Extract<EvaluationReport, { outcome: 'failed' }>['reason'],
    message: string,
    retry: 'never' | 'backoff',
  ): EvaluationReport => ({ outcome: 'failed', reason, message: plainText(message), retry })
  if (error instanceof DatasetError) return failed(error.reason, error.message, error.retry)
  if (signal.aborted)
    return failed('EvaluationFailed', 'the evaluation was interrupted; it has to run again', 'backoff')
  const message = error instanceof Error ? error.message : String(error)
  return failed('EvaluationFailed', `the evaluation failed: ${message}; its log says more`, 'never')
}

/** Writes the parts one by one: the log drops lines that come all at once. */
const logReport = (
  reports: CandidateReports,
  mostBytes: number,
  { log }: Surroundings,
): Extract<EvaluationReport, { outcome: 'measured' }>['report'] => {
  const { location, parts, cut } = packReports(reports, mostBytes)
  if (cut.length > 0) log.warn('the report was cut to fit', { left_out: cut, reportBytes: mostBytes })
  for (const [index, data] of parts.entries())
    log.info(reportLine, { part: index + 1, parts: parts.length, data })
  return location
}

const record = async (
  { request }: RequestOptions,
  { dataset, candidates, comparisons, references }: Evaluated,
  evaluatedAt: string,
): Promise<void> => {
  const { recordIn } = request
  if (!recordIn) return
  const report = candidates
    .filter(isCandidateReport)
    .find(({ measurement: { name } }) => name === recordIn.candidate)
  if (!report) return
  const reference = references.get(recordIn.candidate)
  if (reference) await recordReference(recordIn.folder, reference)
  const own = comparisons.filter(({ name }) => name === recordIn.candidate)
  await recordEvaluation(recordIn.folder, {
    ...{ measurement: report.measurement, dataset, evaluatedAt },
    ...(own.length > 0 && { comparisons: own }),
  })
}

const measured = async (options: RequestOptions, surroundings: Surroundings): Promise<EvaluationReport> => {
  const { request } = options
  const { workspace, log } = surroundings
  const evaluated = await evaluate({
    ...surroundings,
    ...{ request, volume: join(workspace, 'models') },
    leavesReference: (name) => name === request.recordIn?.candidate && !isEncrypted(request, name),
    onProgress: ({ candidate, step }) => log.debug('measuring', { candidate, step }),
  })
  const { dataset, candidates, comparisons } = evaluated
  const evaluatedAt = new Date().toISOString()
  const rest = comparisons.length > 0 ? { comparisons } : {}
  await record(options, evaluated, evaluatedAt)
  const reports = { evaluatedAt, dataset, metric: request.metric, candidates, ...rest }
  const report = logReport(reports, request.reportBytes ?? maxEvaluationReportBytes, surroundings)
  return {
    outcome: 'measured',
    candidates: candidates.map((one) => (isCandidateReport(one) ? one.measurement : one)),
    ...{ dataset, ...rest },
    ...(report && { report }),
  }
}

/** A reference for drift would lie beside the encrypted files of a version as it is. */
const isEncrypted = ({ candidates }: EvaluationRequest, name: string): boolean =>
  candidates.some((candidate) => candidate.name === name && candidate.encryptionKeys !== undefined)

/** Sets the exit code: 0 where there is a result, be it that no candidate could be measured; 1 where there is none. */
export const evaluateRequest = async (options: RequestOptions, surroundings: Surroundings): Promise<void> => {
  const { log, process, signal } = surroundings
  let report: EvaluationReport
  try {
    report = await measured(options, surroundings)
    log.info('measured', { dataset: report.outcome === 'measured' ? report.dataset : undefined })
  } catch (error) {
    report = failedReport(error, signal)
    process.exitCode = 1
    log.error(report.outcome === 'failed' ? report.message : '', {
      report,
      detail: error instanceof Error ? plainText(error.stack ?? error.message) : undefined,
    })
  }
  const text = outcomeText(report)
  if (options.report === undefined) process.stdout.write(`${text}\n`)
  else
    await writeFile(options.report, text).catch((error: Error) => {
      log.error(`the report cannot be written to ${options.report}: ${error.message}`)
    })
}
