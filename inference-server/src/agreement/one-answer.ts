/** Samples with nearly one answer: there, the place of the largest score does not tell two models apart. */
import { placeOfLargest } from './same-answers.ts'

/** Share of rows with one answer from which on a model that always gives this answer would seem to agree. */
const oneAnswer = 0.9
/** Share of the spread over all rows within which scores are the same, where answers do not tell models apart. */
const partOfSpread = 0.1
/** Share of the largest number of an output: float32 has 7 digits, and a deep network loses two of them. */
const rounding = 1e-4

/** Sums over the rows that have a score at one place. */
interface Place {
  /** Rows whose largest score stands here. */
  largest: number
  rows: number
  total: number
  squares: number
}

/** Sums over the rows of an output of scores; rows may differ in width, as those of texts do. */
export const createScores = () => {
  const places: Place[] = []
  let [rows, largest] = [0, 0]

  const add = (values: ArrayLike<number>, from: number, width: number): void => {
    rows += 1
    while (places.length < width) places.push({ largest: 0, rows: 0, total: 0, squares: 0 })
    const chosen = placeOfLargest(values, from, width)
    for (let index = 0; index < width; index++) {
      const place = places[index] as Place
      const value = values[from + index] as number
      const known = Number.isFinite(value) ? value : 0
      place.largest += Number(index === chosen)
      place.rows += 1
      place.total += known
      place.squares += known * known
      largest = Math.max(largest, Math.abs(known))
    }
  }

  const spread = (): number => {
    let [within, scores] = [0, 0]
    for (const place of places) {
      within += Math.max(place.squares - place.total ** 2 / place.rows, 0)
      scores += place.rows
    }
    return Math.sqrt(within / scores)
  }

  /** Distance within which two rows are the same, where nearly all rows have one answer; else undefined. */
  const reach = (): number | undefined =>
    places.some((place) => place.largest >= oneAnswer * rows)
      ? Math.max(partOfSpread * spread(), rounding * largest)
      : undefined

  return { add, reach }
}
export type Scores = ReturnType<typeof createScores>
