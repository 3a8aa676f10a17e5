/** The report of an import: any container may write one, so its schema decides, and its texts are made plain. */
import { isImportReport } from '@gantry/contract/documents.ts'
import type { ImportFailure, ImportReport } from '@gantry/contract/importing.ts'
import type {
  ExportInput,
  ModelAgreement,
  OptimizationRecipe,
  VersionOptimization,
} from '@gantry/contract/optimizing.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { Done, Failed } from '../jobs/kind.ts'
import { failedOf } from '../jobs/report.ts'

export type Imported = Omit<Extract<ImportReport, { outcome: 'imported' }>, 'outcome'>

/** The CRD's limit of spec.model.source.uri. */
const longestSource = 2048

/** The CRD's limits of status.versions[].optimization.steps. */
const [mostSteps, longestStep] = [8, 512]
const longestName = 128
/** The CRD's limit of status.versions[].sourceRevision. */
const longestRevision = 512

const plainOptimization = ({
  recipe: { export: exports, distill, graph, prune, quantize },
  sizeBytes: { before, after },
  aim,
  agreement,
  agreementUnknown,
  speedup,
  steps,
}: VersionOptimization): VersionOptimization => ({
  recipe: {
    ...(exports ? { export: { missingValues: exports.missingValues } } : {}),
    ...(distill ? { distill: plainDistill(distill) } : {}),
    ...(graph ? { graph } : {}),
    ...(prune ? { prune: plainPrune(prune) } : {}),
    ...(quantize ? { quantize } : {}),
  },
  ...(aim === undefined ? {} : { aim }),
  sizeBytes: { before, after },
  ...(agreement ? { agreement: plainAgreement(agreement) } : {}),
  ...(agreementUnknown === undefined ? {} : { agreementUnknown: plainText(agreementUnknown, longestStep) }),
  ...(speedup === undefined ? {} : { speedup }),
  ...(steps ? { steps: steps.slice(0, mostSteps).map((step) => plainText(step, longestStep)) } : {}),
})

const plainAgreement = ({
  inputs,
  samples,
  sameAnswers,
  largestDifference,
  meanDifference,
  library,
}: ModelAgreement): ModelAgreement => ({
  ...{ inputs, samples, sameAnswers, largestDifference, meanDifference },
  ...(library === undefined ? {} : { library: plainText(library, longestName) }),
})

const plainDistill = ({
  layers,
  width,
  epochs,
  seconds,
  seed,
}: NonNullable<OptimizationRecipe['distill']>) => ({ layers, width, epochs, seconds, seed })

const plainPrune = ({ method, ratio, heads }: NonNullable<OptimizationRecipe['prune']>) => ({
  method,
  ratio,
  ...(heads === undefined ? {} : { heads }),
})

/** The schema allows only plain names of files. */
const plainInput = ({ format, file }: ExportInput): ExportInput => ({
  format,
  ...(file === undefined ? {} : { file }),
})

type Custody = Pick<
  Imported['version'],
  'recordDigest' | 'sourceRevision' | 'signature' | 'requestedBy' | 'tools'
>

/** Where the version comes from, and who asked for it. The schema allows only plain texts in all but the first. */
const custodyOf = ({ recordDigest, sourceRevision, signature, requestedBy, tools }: Custody): Custody => ({
  ...(recordDigest === undefined ? {} : { recordDigest }),
  ...(sourceRevision === undefined ? {} : { sourceRevision: plainText(sourceRevision, longestRevision) }),
  ...(signature && {
    signature: { key: signature.key, files: signature.files, digest: signature.digest },
  }),
  ...(requestedBy && {
    requestedBy: {
      ...{ uid: requestedBy.uid, generation: requestedBy.generation },
      ...{ namespace: requestedBy.namespace, name: requestedBy.name },
    },
  }),
  ...(tools && {
    tools: {
      ...{ gantry: tools.gantry, onnxruntime: tools.onnxruntime },
      ...(tools.optimizer === undefined ? {} : { optimizer: tools.optimizer }),
    },
  }),
})

/** Members are named one by one: what a stranger adds goes no further. */
const importedOf = ({ version, pruned, rewrapped }: Imported): Imported => {
  const { id, label, revision, source, digest, task, sizeBytes, createdAt, parent, input, encryptionKey } =
    version
  const optimization = version.optimization && plainOptimization(version.optimization)
  return {
    version: {
      ...{ id, revision, source: plainText(source, longestSource), digest, task, sizeBytes, createdAt },
      ...(label === undefined ? {} : { label }),
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
      ...(input ? { input: plainInput(input) } : {}),
      ...(parent === undefined || !optimization ? {} : { parent, optimization }),
      ...custodyOf(version),
    },
    pruned,
    ...(rewrapped ? { rewrapped } : {}),
  }
}

/** The pattern of a time allows 30 February, which the API server refuses in a status. */
const isDay = (time: string): boolean => {
  const day = time.slice(0, 10)
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}

/** @returns undefined for what is no report of an import */
export const readImportReport = (given: unknown): Done<Imported> | Failed<ImportFailure> | undefined => {
  if (!isImportReport(given)) return undefined
  if (given.outcome === 'failed') return failedOf(given)
  return isDay(given.version.createdAt) ? { kind: 'done', report: importedOf(given) } : undefined
}
