import type { EntitySpan, Sample } from '../datasets/sample.ts'
import { type Answered, answeredBy, type Found, mistakesOf } from './answered.ts'
import { type EntityPair, entitiesOfTags, entityStatistics, tagsOfWords, typeScores } from './entities.ts'
import type { Prediction } from './prediction.ts'

type Located = EntityPair & { readonly line: number }

/** Labels that are tags: the words' tags on both sides, and the entities that they make. */
const tagged = ({ line, label, prediction }: Answered<'tags', 'tokens'>): Located => ({
  line,
  expected: entitiesOfTags(label.tags),
  predicted: entitiesOfTags(tagsOfWords(label.words, prediction.tokens)),
})

/** The place without white space at its ends, which the place of a token may hold. */
const trimmed = (entity: EntitySpan, characters: readonly string[]): EntitySpan => {
  let { start, end } = entity
  while (start < end && /\s/.test(characters[start] ?? '')) start += 1
  while (end > start && /\s/.test(characters[end - 1] ?? '')) end -= 1
  return { ...entity, start, end }
}

const textOf = ({ inputs }: Sample): string =>
  inputs.kind === 'members' ? String(inputs.members['text'] ?? '') : ''

/** Labels that are places in the text. */
const placed = ({ line, label, prediction }: Answered<'entities', 'entities'>, text: string): Located => {
  const characters = [...text]
  const trim = (entity: EntitySpan): EntitySpan => trimmed(entity, characters)
  return { line, expected: label.entities.map(trim), predicted: prediction.entities.map(trim) }
}

const shown = (entities: readonly EntitySpan[]): string =>
  entities.map(({ type, start, end }) => `${type} ${start}-${end}`).join(', ') || 'none'

/** Pairs in the order of the samples: some labels may be tags and others places. */
const pairsOf = (samples: readonly Sample[], predictions: readonly Prediction[]): readonly Located[] =>
  samples.flatMap((sample, at) => {
    const own = [[sample], predictions.slice(at, at + 1)] as const
    return sample.label.kind === 'tags'
      ? answeredBy(...own, ['tags', 'tokens']).map(tagged)
      : answeredBy(...own, ['entities', 'entities']).map((one) => placed(one, textOf(sample)))
  })

/** Metrics of labels that are entities. @throws CandidateError PredictionFailed */
export const entityMetrics = (samples: readonly Sample[], predictions: readonly Prediction[]): Found => {
  const pairs = pairsOf(samples, predictions)
  const none = pairs.every(({ expected }) => expected.length === 0)
  return {
    statistics: none ? {} : { entityF1: entityStatistics(pairs) },
    undefinedMetrics: none ? { entityF1: 'no label of the data set has an entity' } : {},
    remarks: [],
    perClass: [...typeScores(pairs)],
    mistakes: mistakesOf(pairs, ({ expected, predicted }) => ({
      wrong: shown(expected) !== shown(predicted),
      expected: shown(expected),
      predicted: shown(predicted),
    })),
  }
}
