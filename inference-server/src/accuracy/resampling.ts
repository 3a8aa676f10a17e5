/** Units that are drawn again or exchanged: samples, or in large sets random blocks of them. */
import { seededRandom } from '../generation/random.ts'
import { type Entry, type Rows, rowCount, rowsOf } from './statistics.ts'

/**
 * Most units. Blocks of samples that were dealt at random vary as the samples do, so that an interval of blocks is as wide as one of
 * samples, up to a few per cent. The time does not grow with the samples then.
 */
const maxUnits = 2_000

/** The unit of each sample. */
export interface Units {
  readonly count: number
  /** Undefined where every sample is a unit. */
  readonly unitOf: Uint32Array | undefined
}

export const unitsOf = (samples: number, seed: number): Units => {
  if (samples <= maxUnits) return { count: samples, unitOf: undefined }
  const unitOf = Uint32Array.from({ length: samples }, (_, at) => at % maxUnits)
  const random = seededRandom(seed)
  for (let at = samples - 1; at > 0; at -= 1) {
    const from = Math.floor(random() * (at + 1))
    const drawn = unitOf[from] as number
    unitOf[from] = unitOf[at] as number
    unitOf[at] = drawn
  }
  return { count: maxUnits, unitOf }
}

/** Rows of units: the sums of the rows of their samples. */
export const unitRows = (rows: Rows, { count, unitOf }: Units): Rows => {
  if (unitOf === undefined) return rows
  const sums = Array.from({ length: count }, () => new Map<number, number>())
  for (let row = 0; row < rowCount(rows); row += 1) {
    const unit = sums[unitOf[row] as number] as Map<number, number>
    for (let at = rows.starts[row] as number; at < (rows.starts[row + 1] as number); at += 1) {
      const column = rows.columns[at] as number
      unit.set(column, (unit.get(column) ?? 0) + (rows.amounts[at] as number))
    }
  }
  return rowsOf(sums.map((unit): readonly Entry[] => [...unit]))
}
