/** What may be shown of a request for an explanation and of its answer. */
import { each, hidden, listOf, membersOf, oneOf, type Rule, scalar, shown } from './rules.ts'

/** What the owner of a model declares, as far as explanations show it. */
export interface Explained {
  readonly labels: readonly string[]
  readonly outputs: readonly string[]
  readonly parameters: readonly string[]
  readonly lists: readonly string[]
  /** Names that the owner calls sensitive. */
  readonly sensitive: ReadonlySet<string>
  /** Members that make up an item. */
  readonly item: Readonly<Record<string, Rule>>
  /** Rule of a word of the item's text. */
  readonly word: Rule
}

/** Names that are sensitive hide what has them. */
const without = (
  rules: Readonly<Record<string, Rule>>,
  { sensitive }: Explained,
): Readonly<Record<string, Rule>> => ({
  ...rules,
  ...each(
    Object.keys(rules).filter((name) => sensitive.has(name)),
    hidden,
  ),
})

/** Rows of a table and of its background are data of people, and what stands for a hidden word may be any text. */
export const explainRequest = (of: Explained): Rule => {
  const settings = {
    ...each(of.parameters, scalar),
    ...each(of.lists, hidden),
    ...each(['maxEvaluations', 'timeout', 'samples', 'seed', 'patch', 'stride'], scalar),
    windows: listOf(scalar),
    target: oneOf(of.labels),
    output: oneOf(of.outputs),
    method: oneOf(['leave-one-out', 'occlusion']),
    fill: oneOf(['grey', 'blur']),
    link: oneOf(['identity', 'logit']),
    mask: hidden,
  }
  return membersOf({
    ...of.item,
    ...each(['inputs', 'background', 'id'], hidden),
    parameters: membersOf(without(settings, of)),
  })
}

/** Weights are numbers about an item; its own words and values follow its rule. */
export const explainAnswer = (of: Explained): Rule => {
  const places = ['start', 'end', 'words', 'weight', 'x', 'y', 'width', 'height']
  const part = membersOf(without({ ...each(places, scalar), text: of.word }, of))
  const answer = {
    // The server wrote these.
    ...each(['model_name', 'model_version', 'task', 'method', 'fill', 'link'], shown),
    ...each(['score', 'base', 'evaluations', 'samples', 'seed', 'exact', 'patch', 'stride'], scalar),
    target: oneOf(of.labels),
    output: oneOf(of.outputs),
    ...each(['words', 'phrases', 'cells'], listOf(part)),
    ...each(['features', 'mask', 'picture', 'background'], hidden),
  }
  return membersOf(without(answer, of))
}
