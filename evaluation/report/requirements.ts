/** What was required, and who can do it. */
import { meets } from '../requirements.ts'
import { type Section, table } from './section.ts'
import type { EvaluationSummary } from './summary.ts'

export const requirementsSection = ({ spec }: EvaluationSummary): Section => {
  const rows = Object.entries(spec.requirements ?? {}).map(([name, isRequired]) => {
    const able = spec.candidates.filter((candidate) => meets(candidate, name))
    const unable = spec.candidates.filter((candidate) => !meets(candidate, name))
    const names = (candidates: typeof able): string => candidates.map((one) => one.name).join(', ') || 'none'
    return [name, isRequired ? 'required' : 'not required', names(able), names(unable)]
  })
  return {
    heading: 'Requirements',
    blocks: rows.length === 0 ? [] : [table(['Requirement', 'Required', 'Can', 'Cannot'], rows)],
  }
}
