/** The folders that the variants of a search are served from. */
import type { EvaluationCandidate, Unmeasured } from '@gantry/contract/evaluation.ts'
import { isOptimized, recipeName, type Variant } from '@gantry/evaluation/variants.ts'
import { attempt, type Known } from './attempt.ts'
import { type CandidateFolder, openCandidate } from './candidate-folder.ts'
import type { Evaluation } from './evaluation.ts'
import { type Optimizing, optimizedFolder } from './optimized-folder.ts'

/** A variant and what it is served from. */
export interface ServedVariant {
  readonly variant: Variant
  readonly candidate: EvaluationCandidate
  readonly folder: CandidateFolder
}

/** The folder of a variant, or why there is none. */
export type VariantFolder = ServedVariant | { readonly variant: Variant; readonly unmeasured: Unmeasured }

export const isServed = (one: VariantFolder): one is ServedVariant => 'folder' in one

const fetched = async (
  evaluation: Evaluation,
  candidate: EvaluationCandidate,
  variants: readonly Variant[],
  optimizing: Optimizing,
): Promise<readonly VariantFolder[]> => {
  const opened = await attempt(candidate, evaluation, () =>
    openCandidate(candidate, evaluation.volume, evaluation.fetching),
  )
  if ('unmeasured' in opened)
    return variants.map((variant) => ({ variant, unmeasured: { ...opened.unmeasured, name: variant.name } }))
  const made = new Map<string, Known<CandidateFolder>>()
  const recipes = new Map(variants.map(({ recipe }) => [recipeName(recipe), recipe]))
  for (const [done, [name, recipe]] of [...recipes].entries()) {
    evaluation.onProgress({ candidate: candidate.name, step: 'optimizing', done, all: recipes.size })
    const wanted = { candidate, folder: opened.value, recipe }
    const folder = isOptimized(recipe)
      ? await attempt(candidate, evaluation, () => optimizedFolder(optimizing, wanted))
      : opened
    made.set(name, folder)
  }
  return variants.flatMap((variant): readonly VariantFolder[] => {
    const known = made.get(recipeName(variant.recipe))
    if (!known) return []
    return 'value' in known
      ? [{ variant, candidate, folder: known.value }]
      : [{ variant, unmeasured: { ...known.unmeasured, name: variant.name } }]
  })
}

/** Fetches each candidate once, and makes each of its recipes once. What one fails with is its own result. */
export const variantFolders = async (
  evaluation: Evaluation,
  variants: readonly Variant[],
  optimizing: Optimizing,
): Promise<readonly VariantFolder[]> => {
  const all: VariantFolder[] = []
  for (const candidate of evaluation.request.candidates) {
    const own = variants.filter((variant) => variant.candidate === candidate.name)
    all.push(...(await fetched(evaluation, candidate, own, optimizing)))
  }
  return all
}
