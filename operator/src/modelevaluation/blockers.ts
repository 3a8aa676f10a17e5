/** Checks that run before acting: where one of them finds something, acting on spec would be wrong, and all objects stay as they are. */
import { specProblems } from '@gantry/evaluation/problems.ts'
import { leadsOutOfClaim, type Source } from '../pods/source.ts'
import type { Finding } from '../runtime/finding.ts'
import type { ModelEvaluation } from './model-evaluation.ts'
import { subjectProblems } from './subjects.ts'
import type { EvaluationReconcileConfig } from './world.ts'

interface NamedSource {
  readonly source: Source
  /** Path in spec. */
  readonly field: string
}

const sourcesOf = ({ spec }: ModelEvaluation): readonly NamedSource[] => [
  ...spec.candidates.map(({ name, source }) => ({ source, field: `spec.candidates[${name}].source` })),
  { source: spec.dataset, field: 'spec.dataset' },
]

type Blocker = (one: NamedSource, config: EvaluationReconcileConfig) => Finding | undefined

const fileSourceNotAllowed: Blocker = ({ source, field }, { allowFileSources }) =>
  source.uri?.startsWith('file:') && !allowFileSources
    ? {
        reason: 'FileSourceNotAllowed',
        message: `${field}.uri is a file:// path of the pod that evaluates, which this operator does not allow. Use https://, pvc:// or configMapRef, or install the operator with the chart value allowFileSources: true.`,
        retry: 'never',
      }
    : undefined

const unsafePath: Blocker = ({ source, field }) =>
  leadsOutOfClaim(source)
    ? {
        reason: 'UnsafePath',
        message: `${field}.uri leads out of its claim with "..". Name a path inside the claim.`,
        retry: 'never',
      }
    : undefined

export const firstBlocker = (
  evaluation: ModelEvaluation,
  config: EvaluationReconcileConfig,
): Finding | undefined => {
  const [problem] = [...specProblems(evaluation.spec), ...subjectProblems(evaluation)]
  if (problem !== undefined) return { reason: 'SpecInvalid', message: problem, retry: 'never' }
  for (const one of sourcesOf(evaluation)) {
    const finding = fileSourceNotAllowed(one, config) ?? unsafePath(one, config)
    if (finding) return finding
  }
  return undefined
}
