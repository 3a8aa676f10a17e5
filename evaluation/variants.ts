/** Ways to serve the candidates of an evaluation: combinations of recipes, threads and rows of a batch. */
import { type GivenRecipe, type OptimizationRecipe, recipeOf } from '@gantry/contract/optimizing.ts'
import type { Candidate, RankingSpec } from './evaluation.ts'

/** The parts of a spec that say what is searched. */
export interface SearchSpec extends RankingSpec {
  readonly candidates: readonly (Candidate & { readonly optimize?: GivenRecipe })[]
  readonly variants?: {
    readonly optimize?: readonly GivenRecipe[]
    readonly threads?: readonly number[]
    readonly maxRows?: readonly number[]
  }
}

export interface Variant {
  /** Name in the results: that of the candidate, and what tells it from its other variants. */
  readonly name: string
  /** Name of the candidate. */
  readonly candidate: string
  /** Without a step: the model as it is. */
  readonly recipe: OptimizationRecipe
  /** Undefined: as spec.serve says. */
  readonly threads: number | undefined
  readonly maxRows: number | undefined
  /** Name of the variant that its accuracy is compared with: the candidate as it is. Undefined where that is not measured. */
  readonly base: string | undefined
}

/** Most variants of all candidates together: status names each of them. */
const mostVariants = 64

const asItIs = 'as-is'

/** Whether the spec has more than its candidates as they are. */
export const isSearch = (spec: SearchSpec): boolean =>
  spec.variants !== undefined ||
  spec.objective?.subjectTo?.accuracyDrop !== undefined ||
  spec.candidates.some(({ optimize }) => optimize !== undefined)

export const isOptimized = (recipe: OptimizationRecipe): boolean => Object.keys(recipe).length > 0

/** `graph-all_structured-0.4_int8-dynamic`: other characters are not in keys of ConfigMaps and in names of files. */
export const recipeName = ({ graph, prune, quantize }: OptimizationRecipe): string => {
  const pruned = prune && `${prune.method}${prune.heads ? '-heads' : ''}-${prune.ratio}`
  const steps = [graph && `graph-${graph}`, pruned, quantize].filter((step) => step !== undefined)
  return steps.length === 0 ? asItIs : steps.join('_')
}

/** A limit of the drop needs the model as it is, so that it is measured, too. */
const recipesOf = (
  { variants, objective }: SearchSpec,
  { optimize }: SearchSpec['candidates'][number],
): readonly OptimizationRecipe[] => {
  const given = (optimize ? [optimize] : (variants?.optimize ?? [{}])).map(recipeOf)
  const needsBase = objective?.subjectTo?.accuracyDrop !== undefined && given.every(isOptimized)
  return needsBase ? [{}, ...given] : given
}

/** A part of a name only where there is something to tell apart. */
const part = (values: readonly unknown[], text: string): string => (values.length > 1 ? `.${text}` : '')

const variantsOfOne = (spec: SearchSpec, candidate: SearchSpec['candidates'][number]): readonly Variant[] => {
  const recipes = recipesOf(spec, candidate)
  const threads = spec.variants?.threads ?? [undefined]
  const rows = spec.variants?.maxRows ?? [undefined]
  const combinations = recipes.flatMap((recipe) =>
    threads.flatMap((thread) => rows.map((maxRows) => ({ recipe, threads: thread, maxRows }))),
  )
  const named = combinations.map((one) => {
    const recipe = part(recipes, recipeName(one.recipe))
    const name = `${candidate.name}${recipe}${part(threads, `t${one.threads}`)}${part(rows, `r${one.maxRows}`)}`
    return { ...one, name, candidate: candidate.name }
  })
  const base = named.find(({ recipe }) => !isOptimized(recipe))?.name
  return named.map((one) => ({ ...one, base }))
}

/** In the order of the candidates, and of the lists of spec.variants. Two names are the same only where `variantProblems` says so. */
export const variantsOf = (spec: SearchSpec): readonly Variant[] =>
  spec.candidates.flatMap((candidate) => variantsOfOne(spec, candidate))

/** Candidates of a ranking of variants. */
export const asCandidates = (spec: SearchSpec, variants: readonly Variant[]): readonly Candidate[] =>
  variants.flatMap(({ name, candidate }) =>
    spec.candidates
      .filter((one) => one.name === candidate)
      .map(({ task, capabilities }) => ({ name, task, ...(capabilities && { capabilities }) })),
  )

const twice = (values: readonly string[]): string | undefined =>
  values.find((value, index) => values.indexOf(value) !== index)

/** What of spec.variants a CRD cannot refuse, a sentence each. */
export const variantProblems = (spec: SearchSpec): readonly string[] => {
  const recipe = twice((spec.variants?.optimize ?? []).map((given) => recipeName(recipeOf(given))))
  const count = variantsOf(spec).length
  return [
    ...(recipe === undefined ? [] : [`spec.variants.optimize has the recipe ${recipe} twice`]),
    ...(count > mostVariants
      ? [
          `spec asks for ${count} variants, and at most ${mostVariants} are searched; shorten a list of spec.variants`,
        ]
      : []),
  ]
}
