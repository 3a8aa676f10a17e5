/** An evaluation at a terminal: what a cluster would put into status, printed. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { driftReferenceFile } from '@gantry/contract/drift.ts'
import { type CandidateReports, isCandidateReport } from '@gantry/contract/evaluation.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { CostOf } from '@gantry/evaluation/cost.ts'
import type { Ranking, RankingSpec } from '@gantry/evaluation/evaluation.ts'
import { rank } from '@gantry/evaluation/ranking.ts'
import { reportMarkdown } from '@gantry/evaluation/report/markdown.ts'
import { reportHtml } from '@gantry/evaluation/report/page.ts'
import type { EvaluationSummary } from '@gantry/evaluation/report/summary.ts'
import { isSearch } from '@gantry/evaluation/variants.ts'
import { dump } from 'js-yaml'
import { DatasetError } from '../datasets/dataset-error.ts'
import { StartError } from '../failures/errors.ts'
import { codeOf } from '../failures/import-error.ts'
import { evaluate } from './evaluate.ts'
import type { Evaluated, Evaluation } from './evaluation.ts'
import { openEvaluation } from './evaluation-file.ts'
import type { EvaluationSpec } from './evaluation-object.ts'
import { requestOf } from './file-request.ts'
import type { EvaluateOptions } from './options.ts'
import { priceList } from './price-list.ts'
import { progressLine } from './report/progress.ts'
import { resultTable } from './report/table.ts'
import { search } from './search.ts'
import type { Surroundings } from './surroundings.ts'

type FileOptions = Extract<EvaluateOptions, { kind: 'file' }>

/** The costs of the price sheet, where spec names one. @throws StartError */
const costsOf = async (
  spec: EvaluationSpec,
  { prices }: FileOptions,
  { machine }: Surroundings,
): Promise<CostOf | undefined> => {
  const wanted = spec.costModel?.prices !== undefined
  if (prices === undefined) {
    if (!wanted) return undefined
    throw new StartError('spec.costModel.prices names a price sheet; give its file with --prices', 2)
  }
  if (!wanted)
    throw new StartError('--prices has no effect without spec.costModel.prices; add it to the file', 2)
  const text = await readFile(prices, 'utf8').catch((error: unknown) => {
    throw new StartError(`the price sheet ${prices} cannot be read (${codeOf(error) ?? 'error'})`, 2)
  })
  return priceList(text, spec, machine)
}

/** What was measured, and what it amounts to. */
interface Found {
  readonly spec: RankingSpec
  readonly evaluated: Evaluated | undefined
  readonly ranking: Ranking
}

const summaryOf = (
  name: string,
  { spec, evaluated, ranking }: Found,
  evaluatedAt: string,
): EvaluationSummary => {
  const { references: _, ...measurements } = evaluated ?? {}
  const reports: readonly CandidateReports[] = evaluated
    ? [{ evaluatedAt, metric: spec.metric ?? 'accuracy', ...measurements } as CandidateReports]
    : []
  return {
    ...{ name, spec, reports },
    status: { ...(evaluated && { dataset: evaluated.dataset }), ...ranking },
  }
}

/** @throws StartError that names the folder */
const inReportFolder = async (folder: string, work: () => Promise<void>): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true })
    await work()
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    throw new StartError(`the report cannot be written to ${folder} (${code}); name another folder`, 2)
  }
}

const writeReport = async (folder: string, summary: EvaluationSummary): Promise<void> => {
  const { name, spec, status, reports } = summary
  const files = {
    'report.md': reportMarkdown(summary),
    'report.html': reportHtml(summary),
    'report.json': `${JSON.stringify({ name, spec, status, reports }, undefined, 2)}\n`,
  }
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
}

/** One folder for each candidate, from which the file is copied into that of the model. */
const writeReferences = async (folder: string, evaluated: Evaluated | undefined): Promise<void> => {
  for (const [name, reference] of evaluated?.references ?? []) {
    await mkdir(join(folder, name), { recursive: true })
    await writeFile(join(folder, name, driftReferenceFile), JSON.stringify(reference))
  }
}

const printed = (summary: EvaluationSummary, output: FileOptions['output']): string => {
  const { status } = summary
  switch (output) {
    case 'json':
      return `${JSON.stringify({ status }, undefined, 2)}\n`
    case 'yaml':
      return dump({ status }, { lineWidth: -1, noRefs: true })
    case 'table':
      return resultTable(summary)
  }
}

const interrupted = ({ work }: FileOptions): string =>
  work === undefined
    ? 'the evaluation was interrupted; nothing was kept'
    : `the evaluation was interrupted; the same command goes on with what is in ${work}`

/** Measures candidates as they are, or searches their variants. */
const measure = async (
  spec: EvaluationSpec,
  evaluation: Evaluation | undefined,
  costOf: CostOf | undefined,
  { optimizer, work }: FileOptions,
): Promise<Found> => {
  if (evaluation && isSearch(spec)) return search(evaluation, { spec, costOf, optimizer, work })
  const evaluated = evaluation && (await evaluate(evaluation))
  const measured = (evaluated?.candidates ?? []).map((one) =>
    isCandidateReport(one) ? one.measurement : one,
  )
  return { spec, evaluated, ranking: rank(spec, measured, costOf) }
}

/**
 * Sets the exit code: 1 where no candidate was measured.
 * @throws StartError with exit code 2 for a wrong file or folder, 1 for a data set that cannot be used
 */
export const evaluateFile = async (options: FileOptions, surroundings: Surroundings): Promise<void> => {
  const { process, signal, workspace } = surroundings
  const { metadata, spec } = await openEvaluation(options.file)
  const costOf = await costsOf(spec, options, surroundings)
  const request = requestOf(spec, options.file, options.compareWith)
  const { report } = options
  if (report !== undefined) await inReportFolder(report, async () => undefined)
  const progress = progressLine(process.stderr, request?.candidates.length ?? 0)
  let found: Found
  try {
    const evaluation = request && {
      ...surroundings,
      ...{ request, volume: join(workspace, 'models'), onProgress: progress.show },
      leavesReference: () => report !== undefined,
    }
    found = await measure(spec, evaluation, costOf, options)
  } catch (error) {
    if (signal.aborted) throw new StartError(interrupted(options))
    if (error instanceof DatasetError)
      throw new StartError(`${error.reason}: ${plainText(error.message)}`, 1, { cause: error })
    throw error
  } finally {
    progress.clear()
  }
  const { evaluated } = found
  const summary = summaryOf(metadata.name, found, new Date().toISOString())
  process.stdout.write(printed(summary, options.output))
  if (report !== undefined)
    await inReportFolder(report, async () => {
      await writeReport(report, summary)
      await writeReferences(report, evaluated)
    })
  const isMeasured = evaluated?.candidates.some(isCandidateReport) ?? false
  if (!isMeasured) process.exitCode = 1
}
