/** What is done to a model before it is served, and what its programs tell each other about it. */
import type * as documents from './documents.gen.ts'
import type { Frozen } from './documents.ts'
import type { Task } from './server.ts'

export { type OptimizationFailure, optimizationFailures } from './documents.gen.ts'

/** What is done to a model before it is served. Steps that are not taken are left out: two recipes that do the same are the same. */
export type OptimizationRecipe = Frozen<documents.OptimizationRecipe>
/** A recipe as a spec writes it: what is left out has its default. */
export interface GivenRecipe {
  readonly export?: { readonly missingValues?: boolean }
  /** At least one of layers and width. */
  readonly distill?: {
    readonly layers?: number
    readonly width?: number
    readonly epochs?: number
    readonly seconds?: number
    readonly seed?: number
  }
  readonly graph?: 'none' | 'basic' | 'all'
  readonly prune?: {
    readonly method: 'l1-unstructured' | 'structured'
    readonly ratio?: number
    readonly heads?: boolean
  }
  readonly quantize?: NonNullable<OptimizationRecipe['quantize']>
}

type Distillation = NonNullable<OptimizationRecipe['distill']>

const distillationOf = ({
  layers = 1,
  width = 1,
  epochs = defaultDistillation.epochs,
  seconds = defaultDistillation.seconds,
  seed = defaultDistillation.seed,
}: NonNullable<GivenRecipe['distill']>): Distillation => ({ layers, width, epochs, seconds, seed })

const pruningOf = ({ method, ratio, heads }: NonNullable<GivenRecipe['prune']>) => ({
  ...{ method, ratio: ratio ?? defaultPruneRatios[method] },
  ...(heads ? { heads: true } : {}),
})

/** The recipe that makes a graph of a model of another library; the other steps begin from that graph. */
export const exportRecipeOf = ({ export: given }: GivenRecipe): OptimizationRecipe => ({
  export: { missingValues: given?.missingValues ?? true },
})

/** The steps that are taken of a graph; those that are `none` are left out. */
export const recipeOf = ({
  distill,
  graph = 'none',
  prune,
  quantize = 'none',
}: GivenRecipe): OptimizationRecipe => ({
  ...(distill ? { distill: distillationOf(distill) } : {}),
  ...(graph === 'none' ? {} : { graph }),
  ...(prune ? { prune: pruningOf(prune) } : {}),
  ...(quantize === 'none' ? {} : { quantize }),
})

/** A share of 1 keeps all, and the optimizer takes no such option. */
const distillOptions = ({ layers, width, epochs, seconds, seed }: Distillation) => ({
  distill: Object.entries({ layers, width })
    .filter(([, share]) => share < 1)
    .map(([part, share]) => `${part}:${share}`)
    .join(','),
  'distill-epochs': epochs,
  'distill-seconds': seconds,
  'distill-seed': seed,
})

/** The recipe of an export as options of the optimizer. */
export const exportOptions = ({ export: how }: OptimizationRecipe) => ({
  'no-missing-values': how?.missingValues === false,
})

/** A recipe as options of the optimizer. */
export const recipeOptions = ({ distill, graph, prune, quantize }: OptimizationRecipe) => ({
  ...(distill ? distillOptions(distill) : {}),
  graph,
  ...(prune ? { prune: `${prune.method}:${prune.ratio}`, 'prune-heads': prune.heads ?? false } : {}),
  quantize,
})

/** A model of another library, of which an export makes a graph. */
export type ExportInput = Frozen<documents.ExportInput>
/** How the answers of a version differ from those of its parent. */
export type ModelAgreement = Frozen<documents.ModelAgreement>
/** What the optimizer writes to --report. */
export type OptimizationReport = Frozen<documents.OptimizationReport>
/** What the optimizer writes to --report of an export. */
export type ExportReport = Frozen<documents.ExportReport>
export type OptimizedReport = Frozen<documents.OptimizedReport>
/** How a version was made from its parent. */
export type VersionOptimization = Frozen<documents.VersionOptimization>
/** What one run of `samples` writes. */
export type SamplesRequest = Frozen<documents.SamplesRequest>

/** What their graphs are given depends on what they have written: no samples can be made of a data set before. */
export const writingTasks: readonly Task[] = [
  'text-generation',
  'code-generation',
  'translation',
  'image-to-text',
]

/** Share of the weights that go where a recipe gives none. The CRD documents them; the optimizer's file of defaults is generated from them. */
export const defaultPruneRatios = { 'l1-unstructured': 0.3, structured: 0.4 } as const

/** How long a student learns where nothing is said, and its seed. The CRD documents them; the optimizer's file has them, too. */
export const defaultDistillation = { epochs: 60, seconds: 1800, seed: 0 } as const

/** How much accuracy may be lost where nothing is said, and the share of answers that may differ. The CRD has the same, and the optimizer's file. */
export const defaultMaxAccuracyDrop = 0.01

/**
 * Names in the file that `samples` writes (safetensors): the tensor of an input of row 12 is `000012/INPUT`, with the shape of a
 * request of that row alone. What is missing of the metadata is not known.
 */
export const sampleNames = {
  /** Digits of a row's number. */
  digits: 6,
  /** int64 [rows]: the number of the sample that a row belongs to; a sample may make several rows. */
  samples: 'samples',
  /** int64 [rows]: the answer that the label says, -1 where none follows from it. See `answer`. */
  expected: 'expected',
  metadata: {
    /** Always 1. */
    format: 'format',
    rows: 'rows',
    /** Samples of the whole data set, before a part of it was taken. */
    total: 'total',
    /** sha256:… of the data set. */
    digest: 'digest',
    /** Name of the output that is compared with `expected`. */
    output: 'output',
    /** `argmax`: the place of the largest value of a row; `value`: the one value of a row. */
    answer: 'answer',
  },
} as const
