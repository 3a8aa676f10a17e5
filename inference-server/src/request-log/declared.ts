/** Finds the names that a served version answers to. */
import type { Declared } from '../requests/declared-names.ts'
import { namesFor } from '../tasks/labels.ts'
import type { LoadedTask } from '../tasks/task.ts'
import type { Signature } from '../tensors/tensor.ts'

const namesOf = (tensors: readonly { readonly name: string }[]): readonly string[] =>
  tensors.map(({ name }) => name)

/** Longest row of scores whose classes are counted where they have no names. */
const mostClasses = 10_000

/** Labels as answers have them: classes without names are numbered, and groups of entities leave out the mark of their place. */
const shownLabels = (labels: readonly string[] | undefined, { outputs }: Signature): readonly string[] => {
  const classes = Math.max(0, ...outputs.map(({ shape }) => shape.at(-1) ?? 0))
  const names = labels ?? namesFor(undefined, classes <= mostClasses ? classes : 0)
  return [...names, ...names.map((name) => name.replace(/^[BI]-/, ''))]
}

/** @param labels names of classes, undefined where they have none */
export const declaredOf = (
  { inputs, outputs }: Signature,
  task: Pick<LoadedTask, 'fields' | 'lists' | 'parameters' | 'outputs'> | undefined,
  labels: readonly string[] | undefined,
): Declared => ({
  inputs: namesOf(inputs),
  outputs: namesOf(outputs),
  fields: task?.fields ?? [],
  lists: task?.lists ?? [],
  parameters: task?.parameters ?? [],
  results: namesOf(task?.outputs ?? []),
  labels: shownLabels(labels, { inputs, outputs }),
})

/** Members of answers and of OpenAI's requests, which people may name as sensitive for every model. */
const answerMembers = [
  ...['label', 'score', 'probabilities', 'labels', 'scores', 'entities', 'entity', 'entity_group', 'word'],
  ...[
    'start',
    'end',
    'index',
    'answer',
    'answers',
    'token',
    'token_str',
    'sequence',
    'fillings',
    'embedding',
  ],
  ...['generated_text', 'translation_text', 'response', 'category', 'confidence', 'timestamp'],
  ...['messages', 'prompt', 'input', 'choices', 'data'],
]

/** Names in `sensitiveFields` that are unknown here: they may be misspelled. */
export const unknownNames = (sensitive: readonly string[], declared: Declared): readonly string[] => {
  const { labels: _, ...names } = declared
  const known = new Set([...Object.values(names).flat(), ...answerMembers])
  return sensitive.filter((name) => !known.has(name))
}
