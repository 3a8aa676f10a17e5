/** What an evaluation measures: its candidates, or with spec.variants each candidate in several ways. */
import type { Comparison } from '@gantry/contract/evaluation.ts'
import { type OptimizationRecipe, writingTasks } from '@gantry/contract/optimizing.ts'
import type { RankingSpec } from '@gantry/evaluation/evaluation.ts'
import { type DropOf, dropsOf } from '@gantry/evaluation/objective.ts'
import { asCandidates, isOptimized, variantProblems, variantsOf } from '@gantry/evaluation/variants.ts'
import type { Candidate, ModelEvaluation } from './model-evaluation.ts'

/** A candidate, or a variant of one under the name of the variant. */
export interface Subject extends Candidate {
  /** Undefined: as spec.serve says. */
  readonly threads?: number | undefined
  readonly maxRows?: number | undefined
  /** Undefined: the model as it is. */
  readonly recipe?: OptimizationRecipe | undefined
  /** Name of the variant that its answers are compared with; undefined where nothing asks for that. */
  readonly comparedWith?: string | undefined
}

/** Those of spec, in its order. A Job measures each. */
export const subjectsOf = ({ spec }: Pick<ModelEvaluation, 'spec'>): readonly Subject[] => {
  const byName = new Map(spec.candidates.map((candidate) => [candidate.name, candidate]))
  const isCompared = spec.objective?.subjectTo?.accuracyDrop !== undefined
  return variantsOf(spec).flatMap(({ name, candidate, threads, maxRows, recipe, base }) => {
    const given = byName.get(candidate)
    const made = isOptimized(recipe) ? { recipe, ...(isCompared ? { comparedWith: base } : {}) } : {}
    return given ? [{ ...given, name, threads, maxRows, ...made }] : []
  })
}

/** Whether a part of the data set calibrates: it judges nobody then, or the candidates would be judged by different samples. */
export const isCalibrated = (evaluation: Pick<ModelEvaluation, 'spec'>): boolean =>
  subjectsOf(evaluation).some(({ recipe, task }) => recipe && !writingTasks.includes(task))

/** Most Jobs of one evaluation: each measures in full. */
const mostSubjects = 16

/** What the CRD refuses as well, as far as it can. */
export const subjectProblems = ({ spec }: Pick<ModelEvaluation, 'spec'>): readonly string[] => {
  const count = variantsOf(spec).length
  return [
    ...variantProblems(spec),
    ...(count > mostSubjects
      ? [
          `spec asks for ${count} variants, each is measured in full, and at most ${mostSubjects} are; with objective.subjectTo.accuracyDrop, each candidate as it is is one of them; shorten a list of spec.variants`,
        ]
      : []),
  ]
}

/**
 * How much worse a variant is than its candidate as it is, by the comparisons of its own Job. Threads and rows change no answer.
 * @param comparisons of all variants that are measured
 */
export const dropOf = (
  { spec }: Pick<ModelEvaluation, 'spec'>,
  comparisons: readonly Comparison[],
): DropOf => {
  const byName = new Map(variantsOf(spec).map((variant) => [variant.name, variant]))
  const measured = dropsOf(comparisons, (name) => byName.get(name)?.base)
  return (name) => (isOptimized(byName.get(name)?.recipe ?? {}) ? measured(name) : 0)
}

/** The name of the candidate that a subject is, or is a variant of: names of candidates have no dot. */
export const candidateName = ({ name }: Pick<Subject, 'name'>): string => name.split('.', 1)[0] ?? name

/** The spec with what is measured as its candidates, as it is ranked. */
export const rankedSpec = ({ spec }: Pick<ModelEvaluation, 'spec'>): RankingSpec => ({
  ...spec,
  candidates: asCandidates(spec, variantsOf(spec)),
})
