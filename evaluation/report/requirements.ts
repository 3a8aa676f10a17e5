/** What was required, and who can do it. */
import type { RankingSpec } from '../evaluation.ts'
import { meets } from '../requirements.ts'
import { type Section, table } from './section.ts'
import type { EvaluationSummary } from './summary.ts'

const names = (candidates: RankingSpec['candidates'], spec: RankingSpec): string => {
  if (candidates.length === 0) return 'none'
  return candidates.length === spec.candidates.length ? 'all' : candidates.map(({ name }) => name).join(', ')
}

export const requirementsSection = ({ spec }: EvaluationSummary): Section => {
  const rows = Object.entries(spec.requirements ?? {}).map(([name, isRequired]) => {
    const able = spec.candidates.filter((candidate) => meets(candidate, name))
    const unable = spec.candidates.filter((candidate) => !meets(candidate, name))
    return [name, isRequired ? 'yes' : 'no', names(able, spec), names(unable, spec)]
  })
  return {
    heading: 'Requirements',
    blocks: rows.length === 0 ? [] : [table(['Requirement', 'Required', 'Can', 'Cannot'], rows)],
  }
}
