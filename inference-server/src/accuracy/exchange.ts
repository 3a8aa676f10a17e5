/**
 * The permutation test of paired answers: where there is no difference between two candidates, it does not matter which of them gave which
 * answer. For means it flips the signs of differences; for BLEU and F1 it exchanges what the samples add to the sums.
 */
import { seededRandom } from '../generation/random.ts'
import { unitRows, unitsOf } from './resampling.ts'
import { addRow, type Entry, type Rows, rowCount, rowsOf, type Statistics, totals } from './statistics.ts'

/** Most units that differ of which every exchange is tried: 2^13 is less than the exchanges that are drawn otherwise. */
const maxExact = 13
const mostDrawn = 9_999
const leastDrawn = 999
/** Work that exchanges of large sets are cut to, in additions: a second or two. */
const maxAdditions = 100_000_000
/** Differences are equal up to rounding, relative. */
const rounding = 1e-10

/** Rows of the differences of the units that differ. */
const differencesOf = (one: Rows, other: Rows): Rows => {
  const rows: (readonly Entry[])[] = []
  for (let row = 0; row < rowCount(one); row += 1) {
    const sums = new Map<number, number>()
    for (const [rows, sign] of [
      [one, 1],
      [other, -1],
    ] as const)
      for (let at = rows.starts[row] as number; at < (rows.starts[row + 1] as number); at += 1) {
        const column = rows.columns[at] as number
        sums.set(column, (sums.get(column) ?? 0) + sign * (rows.amounts[at] as number))
      }
    const entries = [...sums].filter(([, amount]) => amount !== 0)
    if (entries.length > 0) rows.push(entries)
  }
  return rowsOf(rows)
}

/** Whether a unit is exchanged in a trial. */
type Exchanged = (unit: number) => boolean

/** A fair coin for each unit, 32 from every number. */
const coins = (seed: number): Exchanged => {
  const random = seededRandom(seed)
  let [bits, left] = [0, 0]
  return () => {
    if (left === 0) {
      bits = Math.floor(random() * 2 ** 32)
      left = 32
    }
    const bit = bits & 1
    bits >>>= 1
    left -= 1
    return bit === 1
  }
}

/** @returns the chance of a difference at least as large where there is none, two-sided */
export const exchangeTest = (one: Statistics, other: Statistics, seed: number): number => {
  const units = unitsOf(rowCount(one.rows), seed)
  const rows = differencesOf(unitRows(one.rows, units), unitRows(other.rows, units))
  const [first, second] = [totals(one), totals(other)]
  const both = first.map((sum, column) => sum + (second[column] as number))
  const count = rowCount(rows)
  const differenceOf = (isExchanged: Exchanged): number => {
    const difference = new Float64Array(both.length)
    for (let unit = 0; unit < count; unit += 1) addRow(difference, rows, unit, isExchanged(unit) ? -1 : 1)
    const [left, right] = [both.slice(), both.slice()]
    difference.forEach((amount, column) => {
      left[column] = ((left[column] as number) + amount) / 2
      right[column] = ((right[column] as number) - amount) / 2
    })
    return Math.abs(one.value(left) - one.value(right))
  }
  const observed = differenceOf(() => false) * (1 - rounding)
  const isAsLarge = (isExchanged: Exchanged): boolean => !(differenceOf(isExchanged) < observed)
  return count <= maxExact ? exact(count, isAsLarge) : drawn(trialsFor(rows), coins(seed), isAsLarge)
}

const trialsFor = ({ columns }: Rows): number =>
  Math.max(leastDrawn, Math.min(mostDrawn, Math.floor(maxAdditions / columns.length)))

type IsAsLarge = (isExchanged: Exchanged) => boolean

const exact = (count: number, isAsLarge: IsAsLarge): number => {
  const all = 2 ** count
  let large = 0
  for (let mask = 0; mask < all; mask += 1) large += Number(isAsLarge((unit) => ((mask >> unit) & 1) === 1))
  return large / all
}

/** The answers as they are count as one of the trials, so that the chance is never 0. */
const drawn = (trials: number, coin: Exchanged, isAsLarge: IsAsLarge): number => {
  let large = 1
  for (let trial = 0; trial < trials; trial += 1) large += Number(isAsLarge(coin))
  return large / (trials + 1)
}
