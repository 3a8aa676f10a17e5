/** What an evaluation measures: its candidates, or with spec.variants each candidate in several ways. */
import type { RankingSpec } from '@gantry/evaluation/evaluation.ts'
import { asCandidates, isOptimized, variantsOf } from '@gantry/evaluation/variants.ts'
import type { Candidate, ModelEvaluation } from './model-evaluation.ts'

/** A candidate, or a variant of one under the name of the variant. */
export interface Subject extends Candidate {
  /** Undefined: as spec.serve says. */
  readonly threads?: number | undefined
  readonly maxRows?: number | undefined
}

/** In the order of spec. A Job measures each. */
export const subjectsOf = ({ spec }: Pick<ModelEvaluation, 'spec'>): readonly Subject[] => {
  const byName = new Map(spec.candidates.map((candidate) => [candidate.name, candidate]))
  return variantsOf(spec).flatMap(({ name, candidate, threads, maxRows }) => {
    const given = byName.get(candidate)
    return given ? [{ ...given, name, threads, maxRows }] : []
  })
}

/** Most Jobs of one evaluation: each measures in full. */
const mostSubjects = 16

/** What the CRD refuses as well. */
export const subjectProblems = ({ spec }: Pick<ModelEvaluation, 'spec'>): readonly string[] => {
  const variants = variantsOf(spec)
  return [
    ...(variants.some(({ recipe }) => isOptimized(recipe))
      ? [
          'spec has recipes, which are made by `npm run evaluate -- --file` only; list optimized models as candidates',
        ]
      : []),
    ...(variants.length > mostSubjects
      ? [
          `spec asks for more than ${mostSubjects} variants, and each is measured in full; shorten a list of spec.variants`,
        ]
      : []),
  ]
}

/** The name of the candidate that a subject is, or is a variant of: names of candidates have no dot. */
export const candidateName = ({ name }: Pick<Subject, 'name'>): string => name.split('.', 1)[0] ?? name

/** The spec with what is measured as its candidates, as it is ranked. */
export const rankedSpec = ({ spec }: Pick<ModelEvaluation, 'spec'>): RankingSpec => ({
  ...spec,
  candidates: asCandidates(spec, variantsOf(spec)),
})
