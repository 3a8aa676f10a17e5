/**
 * The story of a search: each candidate is fetched, each recipe makes a folder of it, and rounds measure the variants, of which the worse
 * half is dropped each time. Which ones these are is decided in evaluation/, by what was measured.
 */
import { type EvaluationRequest, isCandidateReport, type Unmeasured } from '@gantry/contract/evaluation.ts'
import { defaultMaxAccuracyDrop, writingTasks } from '@gantry/contract/optimizing.ts'
import { shownSource } from '@gantry/contract/source.ts'
import type { CostOf } from '@gantry/evaluation/cost.ts'
import type { Ineligible, Ranking } from '@gantry/evaluation/evaluation.ts'
import { advancing, rungsOf } from '@gantry/evaluation/halving.ts'
import { dropsOf } from '@gantry/evaluation/objective.ts'
import { rank } from '@gantry/evaluation/ranking.ts'
import {
  asCandidates,
  isOptimized,
  type SearchSpec,
  type Variant,
  variantsOf,
} from '@gantry/evaluation/variants.ts'
import { StartError } from '../failures/errors.ts'
import { openDataset } from './dataset-folder.ts'
import { readDatasets } from './datasets.ts'
import type { Evaluated, Evaluation } from './evaluation.ts'
import { openRounds } from './measured-rounds.ts'
import type { Optimizing } from './optimized-folder.ts'
import { measureRound, type RoundPlan } from './search-round.ts'
import { isServed, variantFolders } from './variant-folders.ts'

export interface SearchOptions {
  readonly spec: SearchSpec
  readonly costOf: CostOf | undefined
  /** Words of the command that starts the optimizer; undefined where there is none. */
  readonly optimizer: readonly string[] | undefined
  /** Absolute folder for what the next run may go on with; undefined: nothing is kept. */
  readonly work: string | undefined
}

export interface Searched {
  /** The spec with the variants as its candidates. */
  readonly spec: SearchSpec
  /** The last round; undefined where no variant was left for it. */
  readonly evaluated: Evaluated | undefined
  readonly ranking: Ranking
}

const usualBudgetSeconds = 600

/** The data set on this machine, so that it is fetched once. A quarter of it calibrates where a recipe is calibrated on samples. */
const localRequest = async (
  { request, workspace, datasetFetching }: Evaluation,
  variants: readonly Variant[],
): Promise<EvaluationRequest> => {
  const { sha256: _, ...dataset } = request.dataset
  const path = await openDataset(request.dataset, workspace, datasetFetching)
  const writing = request.candidates.filter(({ task }) => writingTasks.includes(task)).map(({ name }) => name)
  const isCalibrated = variants.some(
    ({ recipe, candidate }) => isOptimized(recipe) && !writing.includes(candidate),
  )
  return {
    ...request,
    dataset: {
      ...dataset,
      source: `file://${path}`,
      sourceName: shownSource(dataset.sourceName ?? dataset.source),
      ...(isCalibrated && { calibration: 'without' as const }),
    },
  }
}

const measuredOf = ({ candidates }: Evaluated) =>
  candidates.map((one) => (isCandidateReport(one) ? one.measurement : one))

/** Why those that do not go on were dropped. */
const droppedOf = (
  { results }: Ranking,
  kept: ReadonlySet<string>,
  { number, rungs }: RoundPlan,
  { dataset, spec }: { readonly dataset: { readonly samples: number }; readonly spec: SearchSpec },
): readonly Ineligible[] =>
  results.flatMap(({ name, performance }, index) => {
    if (kept.has(name)) return []
    const by = spec.objective ? `spec.objective (${spec.objective.minimize})` : 'its score'
    const figures = `p95 ${performance.p95Ms?.toPrecision(3)} ms, ${dataset.samples} samples`
    return [
      {
        name,
        reasons: [
          `dropped after round ${number} of ${rungs.length}: place ${index + 1} of ${results.length} by ${by} (${figures})`,
        ],
      },
    ]
  })

const baseIn =
  (variants: readonly Variant[]) =>
  (name: string): string | undefined =>
    variants.find((variant) => variant.name === name)?.base

/** What is known of the variants after all rounds. */
interface Outcome {
  /** The last round; undefined where no variant was left for it. */
  readonly evaluated: Evaluated | undefined
  readonly unmeasured: readonly Unmeasured[]
  readonly dropped: readonly Ineligible[]
}

const optimizingOf = (
  evaluation: Evaluation,
  dataset: string,
  { spec, optimizer = [], work }: SearchOptions,
): Optimizing => {
  const { request, workspace } = evaluation
  const { timeBudgetSeconds = usualBudgetSeconds * request.candidates.length } = request
  return {
    ...{ evaluation, optimizer, dataset },
    work: work ?? workspace,
    maxAccuracyDrop: Math.min(1, spec.objective?.subjectTo?.accuracyDrop ?? defaultMaxAccuracyDrop), // a share; errors may have larger limits
    limitMs: (timeBudgetSeconds * 1000) / request.candidates.length,
  }
}

/** The ranking of some variants by what a round measured. */
const rankRound = (
  { spec, costOf }: SearchOptions,
  variants: readonly Variant[],
  evaluated: Evaluated | undefined,
  unmeasured: readonly Unmeasured[] = [],
): Ranking =>
  rank(
    { ...spec, candidates: asCandidates(spec, variants) },
    [...(evaluated ? measuredOf(evaluated) : []), ...unmeasured],
    costOf,
    dropsOf(evaluated?.comparisons ?? [], baseIn(variants)),
  )

const measureAll = async (
  evaluation: Evaluation,
  variants: readonly Variant[],
  options: SearchOptions,
): Promise<Outcome> => {
  const { request, workspace, datasetFetching } = evaluation
  const { spec, work } = options
  const [dataset] = (await readDatasets(request, workspace, datasetFetching)).values()
  const { digest = '', used = 0 } = dataset ?? {}
  const folders = await variantFolders(evaluation, variants, optimizingOf(evaluation, digest, options))
  const unmeasured = folders.flatMap((one) => (isServed(one) ? [] : [one.unmeasured]))
  const dropped: Ineligible[] = []
  const rounds = work === undefined ? undefined : openRounds(work)
  let served = folders.filter(isServed)
  const rungs = rungsOf(served.length)
  for (const [index, rung] of rungs.entries()) {
    if (served.length === 0) break
    const plan: RoundPlan = { number: index + 1, rungs, rung, served, samples: used, dataset: digest }
    const evaluated = await measureRound(evaluation, rounds, plan)
    const next = rungs[index + 1]
    if (!next) return { evaluated, unmeasured, dropped }
    const own = served.map(({ variant }) => variant)
    const ranking = rankRound(options, own, evaluated)
    const order = ranking.results.map(({ name }) => name)
    const kept = advancing(order, next, baseIn(variants))
    const failed = ranking.ineligible.filter(({ name }) => !kept.has(name))
    dropped.push(...failed, ...droppedOf(ranking, kept, plan, { dataset: evaluated.dataset, spec }))
    served = served.filter(({ variant: { name } }) => kept.has(name))
  }
  return { evaluated: undefined, unmeasured, dropped }
}

const byVariants =
  (variants: readonly Variant[]) =>
  (one: Ineligible, other: Ineligible): number => {
    const place = ({ name }: Ineligible): number => variants.findIndex((variant) => variant.name === name)
    return place(one) - place(other)
  }

/**
 * Searches the variants of the candidates of a request.
 * @throws DatasetError where the data set cannot be used; StartError where the optimizer is missing; AbortError where the
 * signal says so
 */
export const search = async (given: Evaluation, options: SearchOptions): Promise<Searched> => {
  const { spec, optimizer } = options
  const wanted = new Set(given.request.candidates.map(({ name }) => name))
  const variants = variantsOf(spec).filter(({ candidate }) => wanted.has(candidate))
  if (!optimizer && variants.some(({ recipe }) => isOptimized(recipe)))
    throw new StartError(
      'the recipes of spec need the optimizer; give its command with --optimizer, as `npm run evaluate` of a checkout does',
      2,
    )
  const evaluation = { ...given, request: await localRequest(given, variants) }
  const { evaluated, unmeasured, dropped } = await measureAll(evaluation, variants, options)
  const all = variantsOf(spec)
  const ranking = rankRound(options, all, evaluated, unmeasured)
  const ineligible = [...ranking.ineligible, ...dropped].toSorted(byVariants(all))
  return {
    spec: { ...spec, candidates: asCandidates(spec, all) },
    evaluated,
    ranking: { ...ranking, ineligible },
  }
}
