/** Entities, as seqeval's default mode finds and counts them. */
import { byCodePoint } from '../datasets/order.ts'
import type { EntitySpan, Span } from '../datasets/sample.ts'
import { type ClassScore, scoreOf } from './classification.ts'
import type { TaggedToken } from './prediction.ts'
import { rowsOf, type Statistics } from './statistics.ts'

/** A tag in its parts: `B-PER` is B and PER; a tag without a type has the type `_`. */
interface TagParts {
  readonly place: string
  readonly type: string
}

const partsOf = (tag: string): TagParts => {
  const [place = 'O'] = tag
  const rest = tag.slice(place.length)
  return { place, type: (rest.startsWith('-') ? rest.slice(1) : rest.slice(rest.indexOf('-') + 1)) || '_' }
}

const outside: TagParts = { place: 'O', type: '' }

/** Places that follow B or I and do not continue its entity. */
const breaking = ['B', 'S', 'O']
/** Places within an entity that begin one behind its end. */
const within = ['E', 'I']

const isInside = ({ place }: TagParts): boolean => place !== 'O' && place !== '.'

const ends = (previous: TagParts, next: TagParts): boolean => {
  if (previous.place === 'E' || previous.place === 'S') return true
  if ((previous.place === 'B' || previous.place === 'I') && breaking.includes(next.place)) return true
  return isInside(previous) && previous.type !== next.type
}

const begins = (previous: TagParts, next: TagParts): boolean => {
  if (next.place === 'B' || next.place === 'S') return true
  if (['E', 'S', 'O'].includes(previous.place) && within.includes(next.place)) return true
  return isInside(next) && previous.type !== next.type
}

/**
 * Entities of a sequence of tags of IOB1, IOB2, IOE or BIOES, also of sequences that break the rules of their scheme.
 * @returns places of the first tag and behind the last one
 */
export const entitiesOfTags = (tags: readonly string[]): readonly EntitySpan[] => {
  const found: EntitySpan[] = []
  let previous = outside
  let start = 0
  for (const [at, tag] of [...tags, 'O'].entries()) {
    const next = partsOf(tag)
    if (ends(previous, next)) found.push({ type: previous.type, start, end: at })
    if (begins(previous, next)) start = at
    previous = next
  }
  return found
}

/** The tags of words: each has that of the first token that begins in it, as models for tagging are evaluated by custom. */
export const tagsOfWords = (words: readonly Span[], tokens: readonly TaggedToken[]): readonly string[] => {
  const sorted = [...tokens].sort((one, other) => one.start - other.start)
  let at = 0
  return words.map(({ start, end }) => {
    // The place of a token may hold the space before it.
    while (at < sorted.length && (sorted[at] as TaggedToken).end <= start) at += 1
    const token = sorted[at]
    return token !== undefined && token.start < end && token.start <= start ? token.tag : 'O'
  })
}

const keyOf = ({ type, start, end }: EntitySpan): string => `${start} ${end} ${type}`

/** Entities of one sample; one that is named twice counts once. */
export interface EntityPair {
  readonly expected: readonly EntitySpan[]
  readonly predicted: readonly EntitySpan[]
}

interface EntityCounts {
  both: number
  predicted: number
  expected: number
}

const distinct = (entities: readonly EntitySpan[]): ReadonlyMap<string, EntitySpan> =>
  new Map(entities.map((entity) => [keyOf(entity), entity]))

/** Counts of one sample by type. */
const countsByType = (pair: EntityPair): ReadonlyMap<string, EntityCounts> => {
  const counts = new Map<string, EntityCounts>()
  const of = (type: string): EntityCounts => {
    const found = counts.get(type) ?? { both: 0, predicted: 0, expected: 0 }
    counts.set(type, found)
    return found
  }
  const expected = distinct(pair.expected)
  for (const { type } of expected.values()) of(type).expected += 1
  for (const [key, { type }] of distinct(pair.predicted)) {
    of(type).predicted += 1
    if (expected.has(key)) of(type).both += 1
  }
  return counts
}

const sum = (counts: Iterable<EntityCounts>): EntityCounts => {
  const all = { both: 0, predicted: 0, expected: 0 }
  for (const { both, predicted, expected } of counts) {
    all.both += both
    all.predicted += predicted
    all.expected += expected
  }
  return all
}

/** F1 over all entities of all samples; 0 where there are none. */
export const entityStatistics = (pairs: readonly EntityPair[]): Statistics => ({
  rows: rowsOf(
    pairs.map((pair) => {
      const { both, predicted, expected } = sum(countsByType(pair).values())
      return [
        [0, both],
        [1, predicted + expected],
      ]
    }),
  ),
  width: 2,
  value: (sums) => ((sums[1] as number) === 0 ? 0 : (2 * (sums[0] as number)) / (sums[1] as number)),
})

/** Precision, recall and F1 of each type, sorted by code point. */
export const typeScores = (pairs: readonly EntityPair[]): readonly ClassScore[] => {
  const byType = new Map<string, EntityCounts[]>()
  for (const pair of pairs)
    for (const [type, counts] of countsByType(pair)) {
      const list = byType.get(type)
      if (list === undefined) byType.set(type, [counts])
      else list.push(counts)
    }
  return [...byType]
    .sort(([one], [other]) => byCodePoint(one, other))
    .map(([type, counts]) => scoreOf(type, sum(counts)))
}
