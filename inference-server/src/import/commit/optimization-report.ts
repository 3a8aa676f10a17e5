/** What the optimizer says of the folder that it has made. */
import { isDeepStrictEqual } from 'node:util'
import { isOptimizationFailedReport, isOptimizationReport } from '@gantry/contract/documents.ts'
import type { OptimizationRecipe, OptimizedReport, VersionOptimization } from '@gantry/contract/optimizing.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { ImportError, showBytes } from '../../failures/import-error.ts'
import type { Measured } from './measured-agreement.ts'
import { readReportFile } from './report-file.ts'

const longestStep = 400

const refused = (message: string, detail?: string): ImportError =>
  new ImportError('ImportFailed', message, 'never', { detail })

/** The program that wrote a report. */
type Writer = 'optimizer' | 'exporter'

const problems = {
  missing: (who: Writer) =>
    `the ${who} left no report, so its folder cannot be trusted; optimize the model again`,
  noFile: (who: Writer) => `the report of the ${who} is no file; optimize the model again`,
  tooLong: (who: Writer) => `the report of the ${who} is too long to be one`,
} as const

const readText = async (path: string, who: Writer): Promise<string> => {
  const file = await readReportFile(path)
  if (file.kind === 'text') return file.text
  throw refused(problems[file.kind](who))
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * A report of a run that ended well.
 * @throws ImportError where the report is missing, tells of a failure, or is none
 */
export const readReport = async <Report>(
  path: string,
  isReport: (value: unknown) => value is Report,
  who: Writer,
): Promise<Report> => {
  const report = parsed(await readText(path, who))
  if (isOptimizationFailedReport(report))
    throw refused(`the optimization failed (${report.reason}): ${plainText(report.message)}`)
  if (isReport(report)) return report
  throw refused(`the report of the ${who} is not what its schema says; optimize the model again`)
}

/**
 * The report of an optimization that ended well.
 * @param recipe that was asked for
 * @throws ImportError where the report is missing, tells of a failure, or of another recipe
 */
export const readOptimizationReport = async (
  path: string,
  recipe: OptimizationRecipe,
): Promise<OptimizedReport> => {
  const report = await readReport(path, isOptimizedReport, 'optimizer')
  if (!isDeepStrictEqual(stepsOf(report.recipe), stepsOf(recipe)))
    throw refused(
      'the optimizer followed another recipe than the one that was asked for; optimize the model again',
      `asked for ${JSON.stringify(recipe)}, and done ${JSON.stringify(report.recipe)}`,
    )
  return report
}

const isOptimizedReport = (value: unknown): value is OptimizedReport =>
  isOptimizationReport(value) && value.outcome === 'optimized'

/** The steps that are taken: `none` is the same as a step that is left out. */
const stepsOf = ({ distill, graph = 'none', prune, quantize = 'none' }: OptimizationRecipe) => ({
  distill,
  graph,
  quantize,
  prune: prune && { method: prune.method, ratio: prune.ratio, heads: prune.heads ?? false },
})

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`

/** No step makes a graph faster or slower than by this factor. */
const mostSpeedup = 1000
const isPlausible = (speedup: number): boolean => speedup < mostSpeedup && speedup > 1 / mostSpeedup

/** One step, as a sentence without its full stop. */
const sayStep = ({
  name,
  tool,
  sizeBytes,
  latency,
  agreement,
  kept = [],
}: OptimizedReport['steps'][number]): string => {
  const { before, after } = sizeBytes
  const speed =
    latency && isPlausible(latency.speedup) ? `, ${Number(latency.speedup.toFixed(2))} times as fast` : ''
  const nodes = kept.length > 0 ? `, ${kept.length} nodes stay in floating point` : ''
  const same = `${percent(agreement.sameAnswers)} same answers`
  const text = `${name} by ${tool}: ${showBytes(before)} to ${showBytes(after)}${speed}, ${same}${nodes}`
  return plainText(text, longestStep)
}

/** The report as the version keeps it, with sizes, agreement and speed that were measured instead of those of the report. */
export const optimizationOf = (
  { recipe, steps }: OptimizedReport,
  measured: Measured & Pick<VersionOptimization, 'aim'>,
): VersionOptimization => {
  const { distill, graph, prune, quantize } = stepsOf(recipe)
  return {
    recipe: {
      ...(distill ? { distill } : {}),
      ...(graph === 'none' ? {} : { graph }),
      ...(prune ? { prune } : {}),
      ...(quantize === 'none' ? {} : { quantize }),
    },
    ...measured,
    steps: steps.map(sayStep),
  }
}
