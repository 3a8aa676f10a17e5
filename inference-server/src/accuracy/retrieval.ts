/** Metrics of vectors: which documents come first when all are ranked by their cosine with a query. */
import { meanOf, type Statistics } from './statistics.ts'

export type Vector = ArrayLike<number>

/** A query and the places of the documents that answer it. */
export interface Query {
  readonly vector: Vector
  readonly relevant: readonly number[]
}

/** The vector at length 1; one of zeros stays, and has the cosine 0 with every other. */
const unit = (vector: Vector): Float64Array => {
  let squares = 0
  for (let at = 0; at < vector.length; at += 1) squares += (vector[at] as number) ** 2
  const length = Math.sqrt(squares)
  return Float64Array.from(vector, (value) => (length === 0 ? 0 : value / length))
}

const dot = (one: Float64Array, other: Float64Array): number => {
  let sum = 0
  for (let at = 0; at < one.length; at += 1) sum += (one[at] as number) * (other[at] as number)
  return sum
}

/**
 * Ranks of the documents that answer a query, from 1, best first. Of documents with the same cosine the one that stands earlier in the
 * data set comes first.
 */
const ranksOf = ({ vector, relevant }: Query, documents: readonly Float64Array[]): readonly number[] => {
  const query = unit(vector)
  const cosines = documents.map((document) => dot(query, document))
  const rankOf = (place: number): number => {
    const own = cosines[place] as number
    let rank = 1
    cosines.forEach((cosine, other) => {
      if (cosine > own || (cosine === own && other < place)) rank += 1
    })
    return rank
  }
  return relevant.map(rankOf).sort((one, other) => one - other)
}

/** Ranks of the right documents of each query, best first. */
export const ranking = (
  queries: readonly Query[],
  documents: readonly Vector[],
): readonly (readonly number[])[] => {
  const units = documents.map(unit)
  return queries.map((query) => ranksOf(query, units))
}

/** Share of a query's right documents among the k that come first. */
export const recallStatistics = (ranks: readonly (readonly number[])[], topK: number): Statistics =>
  meanOf(ranks.map((own) => own.filter((rank) => rank <= topK).length / own.length))

/** One over the rank of the first right document, over all documents. */
export const reciprocalRankStatistics = (ranks: readonly (readonly number[])[]): Statistics =>
  meanOf(ranks.map(([first = Number.POSITIVE_INFINITY]) => 1 / first))
