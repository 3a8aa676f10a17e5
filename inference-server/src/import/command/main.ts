import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportReport } from '@gantry/contract/importing.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { asImportError, type ImportError, inFull, showBytes } from '../../failures/import-error.ts'
import { createLog, type Log } from '../../process/log.ts'
import type { Imported } from '../add-version.ts'
import { commitFolder } from '../commit/commit-folder.ts'
import { type ImportOptions, importModel } from '../import-model.ts'
import { rewrapAll } from '../rewrap.ts'
import { countProgress } from '../sources/progress.ts'
import { type CommandOptions, readOptions, usage } from './options.ts'
import { failedReport, importedReport, reportText } from './report.ts'
import { tellProgress } from './tell-progress.ts'

/**
 * The command `import`: brings a model from its source to the volume, leaves a report, and says in one line how it went.
 * Sets the exit code: 0 imported, 1 failed.
 * @throws StartError when the command line is wrong
 */
export const importCommand = async (args: readonly string[], process: NodeJS.Process): Promise<void> => {
  const options = readOptions(args, process.env)
  if (!options) {
    process.stdout.write(usage)
    return
  }
  const progress = countProgress()
  const telling = tellProgress(progress, {
    // The bar and the last sentence are for people, the lines of the log for programs.
    log: createLog({ level: process.stderr.isTTY ? 'warn' : 'info', nowMs: () => performance.now() }),
    terminal: process.stderr,
    nowMs: () => performance.now(),
  })
  const { log } = telling
  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort()
  process.once('SIGTERM', interrupt)
  process.once('SIGINT', interrupt)
  try {
    const run = { log, signal: interrupted.signal, now: () => new Date(), progress }
    const imported = await resultOf(options, run)
    await succeed(imported, options, log, process)
  } catch (error) {
    process.exitCode = 1
    await fail(asImportError(error), options, log, process)
  } finally {
    telling.stop()
    process.off('SIGTERM', interrupt)
    process.off('SIGINT', interrupt)
    await log.flush()
  }
}

type Run = Pick<ImportOptions, 'log' | 'signal' | 'now' | 'progress'>

const resultOf = (options: CommandOptions, run: Run): Promise<Imported> => {
  switch (options.kind) {
    case 'import':
      return importModel({ ...options, ...run })
    case 'commit':
      return commitFolder({ ...options, ...run })
    case 'rewrap':
      return rewrapAll(options)
  }
}

const succeed = async (
  imported: Imported,
  options: CommandOptions,
  log: Log,
  { stdout }: NodeJS.Process,
): Promise<void> => {
  const { existed, version } = imported
  await leaveReport(importedReport(imported), options, log)
  const where = join(options.volume, version.id)
  if (options.kind === 'rewrap') {
    const count = imported.rewrapped?.length ?? 0
    stdout.write(
      `the keys of ${count} versions in ${options.volume} are wrapped by ${version.encryptionKey}\n`,
    )
    return
  }
  stdout.write(
    existed
      ? `${options.shownAs} is already there as ${where}; another --label imports it again\n`
      : `imported ${options.shownAs} as ${where} (${showBytes(version.sizeBytes)})\n`,
  )
}

const fail = async (
  error: ImportError,
  options: CommandOptions,
  log: Log,
  { stdout, stderr }: NodeJS.Process,
): Promise<void> => {
  const isTold = stderr.isTTY
  await leaveReport(failedReport(error), options, log, { detail: error.detail, isTold })
  stdout.write(`import failed (${error.reason}): ${plainText(inFull(error))}\n`)
}

const leaveReport = async (
  report: ImportReport,
  options: CommandOptions,
  log: Log,
  { detail, isTold = false }: { readonly detail?: string | undefined; readonly isTold?: boolean } = {},
): Promise<void> => {
  const write = report.outcome === 'imported' || isTold ? log.info : log.error
  write(report.outcome === 'imported' ? 'imported' : report.message, { report, ...(detail && { detail }) })
  if (options.report === undefined) return
  await writeFile(options.report, reportText(report)).catch((error: Error) => {
    log.error(`the report cannot be written to ${options.report}: ${error.message}`)
  })
}
