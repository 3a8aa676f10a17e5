/** The server turns a data set into the tensors that the optimizer works with. Why it could not is written where the optimizer writes it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EvaluationReport } from '../../contract/evaluation.ts'
import { type OptimizationFailure, optimizationFailures } from '../../contract/optimizing.ts'
import { serverRuns } from './programs.ts'

/** Exit code of a wrong command line, which programs see for themselves. */
const wrongUse = 2

const isOptimizationFailure = (reason: string): reason is OptimizationFailure =>
  (optimizationFailures as readonly string[]).includes(reason)

const reasonOf = (reason: string): OptimizationFailure => {
  if (isOptimizationFailure(reason)) return reason
  return reason.startsWith('Dataset') ? 'CalibrationInvalid' : 'OptimizationFailed'
}

/** @param path of what `samples` has left; it leaves nothing where it was killed */
const failureOf = (path: string) => {
  const left = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as EvaluationReport)
    : ({ outcome: 'failed', reason: '', message: 'making the samples ended with no word' } as const)
  const { reason, message } = left.outcome === 'failed' ? left : { reason: '', message: '' }
  return { outcome: 'failed', reason: reasonOf(reason), message }
}

/**
 * @param request what `samples` is asked for
 * @param folder for what goes afterwards
 * @param told files of the user for the reason of a failure
 * @returns the file that the optimizer reads, or the exit code
 */
export const makeSamples = async (
  request: object,
  folder: string,
  told: readonly (string | undefined)[],
): Promise<string | number> => {
  const [samples, report] = [join(folder, 'samples.safetensors'), join(folder, 'samples.json')]
  const code = await serverRuns(
    ...['samples', '--request', JSON.stringify(request)],
    ...['--output', samples, '--report', report],
  )
  if (code === 0) return samples
  if (code !== wrongUse)
    for (const path of told)
      if (path !== undefined) writeFileSync(path, `${JSON.stringify(failureOf(report), undefined, 2)}\n`)
  return code
}
