/** Which models' answers are explained, and as what. */
import { Failure, quoted } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'

/** What stands in front of the model: words, patches of a picture, or the features of a row. */
export type ExplanationKind = 'text' | 'picture' | 'table'

const kinds: Readonly<Record<string, ExplanationKind>> = {
  'text-classification': 'text',
  'zero-shot-classification': 'text',
  'image-classification': 'picture',
  tensor: 'table',
}

/** Rows of features: [rows, features] or [rows] for each input. */
const isTable = ({ inputs }: Pick<Served['model'], 'inputs'>): boolean =>
  inputs.length > 0 &&
  inputs.every(({ shape, anyRank }) => anyRank || shape.length === 1 || shape.length === 2)

/** @returns undefined where the model's answers are not explained */
export const explanationKind = ({ model }: Pick<Served, 'model'>): ExplanationKind | undefined => {
  const kind = kinds[model.task]
  return kind === 'table' && !isTable(model) ? undefined : kind
}

/** @throws Failure that says which are, where those of this model are not */
export const requireKind = (served: Pick<Served, 'model'>): ExplanationKind => {
  const kind = explanationKind(served)
  if (kind) return kind
  const { name, task } = served.model
  throw new Failure(
    'unknown-path',
    kinds[task]
      ? `model "${name}" takes tensors that are no rows of a table, whose answers are not explained; inputs of [rows, features] or [rows] are`
      : `model "${name}" has task ${task}, whose answers are not explained; those of tasks ${quoted(Object.keys(kinds))} are`,
  )
}
