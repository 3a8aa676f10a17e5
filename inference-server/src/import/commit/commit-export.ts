/** The commit of an export: its parent has no graph, so its files are checked, and its answers are those that the exporter has compared. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { isExportReport } from '@gantry/contract/documents.ts'
import type {
  ExportReport,
  ModelAgreement,
  OptimizationRecipe,
  VersionOptimization,
} from '@gantry/contract/optimizing.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { ImportError, showBytes } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { copyLocal } from '../local-source.ts'
import type { StagedFile } from '../staged-file.ts'
import { partsOf, type StagedModel, stageModel } from '../staged-model.ts'
import type { Staging } from '../staging.ts'
import type { CommitOptions } from './commit-options.ts'
import { readReport } from './optimization-report.ts'
import { modelFiles } from './parent-files.ts'

const longestSentence = 400

const refused = (message: string, detail?: string): ImportError =>
  new ImportError('ImportFailed', message, 'never', { detail })

/** Files that the exporter of a model of tables writes: names of classes and of features. */
const named = ['config.json', 'labels.json']

/** Weights that the graph has now; those in folders are layers that the server itself calculates. */
const isWeights = (path: string): boolean =>
  /^[^/]+(\.(safetensors|bin|pt|pth|h5|msgpack|ot|pkl|pickle|joblib)|\.safetensors\.index\.json)$/i.test(path)

/** The files that the model of another library consists of. */
const inputFiles = ({ files, input }: VersionMetadata): readonly StagedFile[] =>
  files.filter(({ path }) => (input?.file === undefined ? isWeights(path) : path === input.file))

/**
 * What the source has beside its model stays as it is: how texts, pictures and labels are read was asked for.
 * @param dir of the parent, absolute
 * @throws ImportError where the exporter wrote a file that it may not write
 */
const keepOtherFiles = async (staging: Staging, dir: string, parent: VersionMetadata): Promise<void> => {
  const model = modelFiles(staging.dir, staging.files())
  const made = staging.files().filter(({ path }) => !model.has(path))
  const added = made.find(
    ({ path }) => !named.includes(path) && !parent.files.some((file) => file.path === path),
  )
  const graph = [...model].find((path) => path.endsWith('.onnx') && path !== 'model.onnx')
  if (graph) throw refused('the exporter wrote a graph beside model.onnx', quotedText(graph))
  if (added) throw refused('the exporter added a file that it may not add', quotedText(added.path))
  const gone = new Set(inputFiles(parent).map(({ path }) => path))
  const kept = parent.files.filter(({ path }) => !gone.has(path) && !isWeights(path) && !model.has(path))
  await staging.remove(made.map(({ path }) => path).filter((path) => kept.some((file) => file.path === path)))
  for (const { path, sizeBytes, sha256 } of kept) {
    await staging.add(path, createReadStream(join(dir, path)), sizeBytes)
    if (staging.files().find((file) => file.path === path)?.sha256 !== sha256)
      throw refused(
        'a file of the parent was changed since it was imported; import it again',
        quotedText(path),
      )
  }
}

/** Answers on all inputs that the exporter compared. */
const agreementOf = ({ parity, source }: ExportReport): ModelAgreement | undefined => {
  const samples = parity.reduce((sum, one) => sum + one.samples, 0)
  if (samples === 0) return undefined
  const different = parity.reduce((sum, one) => sum + one.different, 0)
  return {
    inputs: parity.every(({ inputs }) => inputs === 'dataset') ? 'dataset' : 'generated',
    samples,
    sameAnswers: Math.max(0, 1 - different / samples),
    largestDifference: Math.max(...parity.map((one) => one.largestDifference)),
    meanDifference: parity.reduce((sum, one) => sum + one.meanDifference * one.samples, 0) / samples,
    library: plainText(`${source.library} ${source.version}`, 100),
  }
}

const opsetsOf = ({ opset }: ExportReport): string =>
  Object.entries(opset)
    .map(([domain, version]) => `${domain} ${version}`)
    .join(', ')

/** The export as a sentence without its full stop. */
const sayExport = (report: ExportReport, { before, after }: VersionOptimization['sizeBytes']): string => {
  const { source, parity } = report
  const compared = parity.map(({ inputs, samples, different }) => `${different} of ${samples} ${inputs}`)
  return `export from ${source.library} ${source.version}: ${showBytes(before)} to ${showBytes(after)}, opsets ${opsetsOf(report)}; answers that differ: ${compared.join(', ')}`
}

const optimizationOf = (
  report: ExportReport,
  recipe: OptimizationRecipe,
  sizeBytes: VersionOptimization['sizeBytes'],
): VersionOptimization => {
  const agreement = agreementOf(report)
  return {
    recipe,
    sizeBytes,
    ...(agreement ? { agreement } : { agreementUnknown: 'the exporter compared no inputs' }),
    steps: [sayExport(report, sizeBytes), ...report.remarks.slice(0, 7)].map((one) =>
      plainText(one, longestSentence),
    ),
  }
}

export interface Exported {
  readonly staged: StagedModel
  readonly optimization: VersionOptimization
  /** Version of the program that made it; undefined where its report does not tell. */
  readonly optimizer: string | undefined
}

/**
 * @param parent an input of exports
 * @throws ImportError
 */
export const stageExport = async (
  { volume, folder, task, recipe, optimizationReport }: CommitOptions,
  staging: Staging,
  parent: VersionMetadata,
): Promise<Exported> => {
  const dir = join(volume, parent.id)
  const report = await readReport(optimizationReport, isExportReport, 'exporter')
  await copyLocal({ path: folder, shownAs: "the exporter's folder", exclude: volume }, staging)
  await keepOtherFiles(staging, dir, parent)
  const staged = await stageModel(staging, { task, file: undefined }, 'version')
  const [graph = ''] = staged.graphs
  const bytes = (files: readonly StagedFile[]): number =>
    files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const sizeBytes = {
    before: bytes(inputFiles(parent)),
    after: bytes(partsOf(staging.dir, staging.files(), graph)),
  }
  const optimizer = report.versions['gantry-optimizer']
  return { staged, optimizer, optimization: optimizationOf(report, recipe, sizeBytes) }
}
