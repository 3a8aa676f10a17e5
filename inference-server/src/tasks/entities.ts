/** Groups labelled tokens into entities as the token-classification pipeline of Python's transformers does. */
import { argmax } from './softmax.ts'

/** How the labels of tokens become those of words and entities. */
export const aggregationStrategies = ['none', 'simple', 'first', 'average', 'max'] as const
export type AggregationStrategy = (typeof aggregationStrategies)[number]

/** A token with the probabilities of its labels. */
export interface LabelledToken {
  readonly token: string
  /** Place among the model's tokens, special ones counted. */
  readonly index: number
  /** Code points of the text. */
  readonly start: number
  readonly end: number
  /** Whether it continues a word. */
  readonly continues: boolean
  readonly probabilities: ArrayLike<number>
}

/** One token (`entity`, `index`) or a group of them (`entity_group`); `start` and `end` count code points. */
export interface Entity {
  readonly entity?: string
  readonly entity_group?: string
  readonly score: number
  readonly index?: number
  readonly word: string
  readonly start: number
  readonly end: number
}

export interface EntityOptions {
  readonly strategy: AggregationStrategy
  /** Labels or groups that are left out. */
  readonly ignored: readonly string[]
  /** Names of the labels, in the order of the probabilities. */
  readonly labels: readonly string[]
  /** Tokens -> text. */
  readonly join: (tokens: readonly string[]) => string
}

export const entitiesOf = (tokens: readonly LabelledToken[], options: EntityOptions): readonly Entity[] => {
  const { strategy, ignored, labels } = options
  if (strategy === 'none') {
    const all = tokens.map((token) => {
      const { label, score } = best(token.probabilities, labels)
      const { index, token: word, start, end } = token
      return { entity: label, score, index, word, start, end }
    })
    return all.filter(({ entity }) => !ignored.includes(entity))
  }
  const words =
    strategy === 'simple' ? tokens.map((token) => simple(token, labels)) : wordsOf(tokens, options)
  return grouped(words, options).filter(({ entity_group: group }) => !ignored.includes(String(group)))
}

/** Something with one label: a token, or a word. */
interface Labelled {
  readonly label: string
  readonly score: number
  readonly word: string
  readonly start: number
  readonly end: number
}

const best = (probabilities: ArrayLike<number>, labels: readonly string[]) => {
  const at = argmax(probabilities)
  return { label: String(labels[at]), score: Number(probabilities[at]) }
}

const simple = (
  { token, start, end, probabilities }: LabelledToken,
  labels: readonly string[],
): Labelled => ({
  ...best(probabilities, labels),
  word: token,
  start,
  end,
})

const wordsOf = (tokens: readonly LabelledToken[], options: EntityOptions): readonly Labelled[] => {
  const words: LabelledToken[][] = []
  for (const token of tokens) {
    const last = words.at(-1)
    if (last && token.continues) last.push(token)
    else words.push([token])
  }
  return words.map((word) => ({
    ...best(probabilitiesOf(word, options.strategy), options.labels),
    word: options.join(word.map(({ token }) => token)),
    start: word[0]?.start ?? 0,
    end: word.at(-1)?.end ?? 0,
  }))
}

/** Probabilities of a word: those of its first token, of the token that is surest, or the mean of all. */
const probabilitiesOf = (
  word: readonly LabelledToken[],
  strategy: AggregationStrategy,
): ArrayLike<number> => {
  const all = word.map(({ probabilities }) => probabilities)
  const [first = []] = all
  if (strategy === 'first') return first
  if (strategy === 'average')
    return Array.from(first, (_, label) => mean(all.map((probabilities) => Number(probabilities[label]))))
  const surest = all.map((probabilities) => Number(probabilities[argmax(probabilities)]))
  return all[argmax(surest)] ?? first
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** `B-PER` -> begins a PER; what has neither B- nor I- goes on like I-. */
const tagOf = (label: string): { readonly begins: boolean; readonly tag: string } =>
  /^[BI]-/.test(label)
    ? { begins: label.startsWith('B-'), tag: label.slice(2) }
    : { begins: false, tag: label }

const grouped = (words: readonly Labelled[], { join }: EntityOptions): readonly Entity[] => {
  const groups: Labelled[][] = []
  for (const word of words) {
    const group = groups.at(-1)
    const { begins, tag } = tagOf(word.label)
    const goesOn = group !== undefined && !begins && tag === tagOf(group.at(-1)?.label ?? '').tag
    if (goesOn) group.push(word)
    else groups.push([word])
  }
  return groups.map((group) => {
    const [first] = group as [Labelled, ...Labelled[]]
    const dash = first.label.indexOf('-')
    return {
      entity_group: first.label.slice(dash + 1),
      score: mean(group.map(({ score }) => score)),
      word: join(group.map(({ word }) => word)),
      start: first.start,
      end: group.at(-1)?.end ?? 0,
    }
  })
}

/** Entities without overlaps: where two windows found some at one place, the longer one stays, and of equally long ones the likelier. */
export const withoutOverlaps = (entities: readonly Entity[]): readonly Entity[] => {
  const kept: Entity[] = []
  for (const entity of entities.toSorted((one, other) => one.start - other.start)) {
    const previous = kept.at(-1)
    if (!previous || entity.start >= previous.end) kept.push(entity)
    else if (isBetter(entity, previous)) kept[kept.length - 1] = entity
  }
  return kept
}

const isBetter = (one: Entity, other: Entity): boolean => {
  const longer = one.end - one.start - (other.end - other.start)
  return longer > 0 || (longer === 0 && one.score > other.score)
}
