/** The command `samples`: what an optimizer calibrates with. */
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import type { EvaluationReport } from '@gantry/contract/evaluation.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { DatasetError } from '../datasets/dataset-error.ts'
import { fetchings } from '../evaluation/fetching.ts'
import { outcomeText } from '../evaluation/report/outcome.ts'
import { inWorkspace } from '../evaluation/workspace.ts'
import { StartError } from '../failures/errors.ts'
import { ImportError } from '../failures/import-error.ts'
import { reportText, failedReport as unimportedReport } from '../import/command/report.ts'
import { createLog } from '../process/log.ts'
import { fetchModel } from './fetched-model.ts'
import { readOptions, usage } from './options.ts'
import { writeSamples } from './samples.ts'

/** Why nothing was written, as the operator reads it: a source that cannot be fetched is reported as an import does. */
const failedText = (error: unknown, isInterrupted: boolean): string => {
  if (error instanceof ImportError && !isInterrupted) return reportText(unimportedReport(error))
  return outcomeText(failedReport(error, isInterrupted))
}

const failedReport = (error: unknown, isInterrupted: boolean): EvaluationReport => {
  const failed = { outcome: 'failed', reason: 'EvaluationFailed', retry: 'never' } as const
  if (error instanceof DatasetError)
    return { ...failed, reason: error.reason, retry: error.retry, message: plainText(error.message) }
  if (isInterrupted)
    return {
      ...failed,
      retry: 'backoff',
      message: 'the samples were interrupted; they have to be made again',
    }
  return { ...failed, message: plainText(error instanceof Error ? error.message : String(error)) }
}

/** @throws StartError where the model, the data set or the command line cannot be used */
export const samplesCommand = async (args: readonly string[], process: NodeJS.Process): Promise<void> => {
  const options = readOptions(args)
  if (!options) {
    process.stdout.write(usage)
    return
  }
  const interrupted = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => interrupted.abort())
  const log = createLog({ level: 'error', nowMs: () => performance.now() })
  const { models = tmpdir(), sources } = options
  try {
    const { fetching, datasetFetching } = fetchings(sources, process.env, log, interrupted.signal)
    await fetchModel(options.request, fetching)
    const rows = await inWorkspace(
      models,
      ({ dir: workspace }) => writeSamples(options, { workspace, fetching: datasetFetching }),
      '.samples-',
    )
    if (rows !== undefined) process.stdout.write(`${rows} rows in ${options.output}\n`)
  } catch (error) {
    const { report } = options
    if (report !== undefined) await writeFile(report, failedText(error, interrupted.signal.aborted))
    if (interrupted.signal.aborted) throw new StartError('the samples were interrupted; nothing was kept')
    if (error instanceof DatasetError || error instanceof ImportError)
      throw new StartError(`${error.reason}: ${plainText(error.message)}`, 1, { cause: error })
    throw error
  }
  await log.flush()
}
