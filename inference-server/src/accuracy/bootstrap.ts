/** Intervals of metrics: samples are drawn again with replacement, and the metric computed anew. */
import { seededRandom } from '../generation/random.ts'
import { quantile } from './quantile.ts'
import { unitRows, unitsOf } from './resampling.ts'
import { addRow, type Rows, rowCount, type Statistics } from './statistics.ts'

const resamples = 1000
/** Probabilities of the bounds of a 95 % interval. */
const bounds = [0.025, 0.975] as const

export type Interval = readonly [lower: number, upper: number]

/** Percentiles of the values that are defined. */
const percentiles = (values: Float64Array): Interval | undefined => {
  const sorted = values.filter((value) => Number.isFinite(value)).sort()
  return sorted.length === 0 ? undefined : [quantile(sorted, bounds[0]), quantile(sorted, bounds[1])]
}

/** What is computed from one resample: the metric of each of the statistics. */
type Combined = (values: readonly number[]) => number

/** Sums over the drawn units for all rows; statistics that share their rows share the sums. */
const sumsOfDraws = (all: ReadonlyMap<Rows, UnitRows>, draws: Uint32Array): void => {
  for (const { rows, sums } of all.values()) {
    sums.fill(0)
    for (const row of draws) addRow(sums, rows, row)
  }
}

interface UnitRows {
  readonly rows: Rows
  readonly sums: Float64Array
}

/**
 * Percentile intervals of values that are computed from the same resamples.
 * @param statistics all over the same samples
 * @param combined for each interval, what the metrics of a resample make
 */
const intervals = (
  statistics: readonly Statistics[],
  combined: readonly Combined[],
  seed: number,
): readonly (Interval | undefined)[] => {
  const samples = statistics[0] === undefined ? 0 : rowCount(statistics[0].rows)
  const units = unitsOf(samples, seed)
  const all = new Map<Rows, UnitRows>()
  for (const { rows, width } of statistics)
    if (!all.has(rows)) all.set(rows, { rows: unitRows(rows, units), sums: new Float64Array(width) })
  const values = combined.map(() => new Float64Array(resamples))
  const draws = new Uint32Array(units.count)
  const random = seededRandom(seed)
  for (let resample = 0; resample < resamples; resample += 1) {
    for (let at = 0; at < draws.length; at += 1) draws[at] = Math.floor(random() * units.count)
    sumsOfDraws(all, draws)
    const metrics = statistics.map(({ rows, value }) => value((all.get(rows) as UnitRows).sums))
    combined.forEach((combine, at) => {
      ;(values[at] as Float64Array)[resample] = combine(metrics)
    })
  }
  return values.map(percentiles)
}

/** 95 % interval of each metric. Resamples where a metric is undefined are left out. @param seed equal seeds give equal intervals */
export const bootstrap = (
  statistics: readonly Statistics[],
  seed: number,
): readonly (Interval | undefined)[] =>
  intervals(
    statistics,
    statistics.map((_, at) => (metrics) => metrics[at] as number),
    seed,
  )

/** 95 % interval of a metric of one candidate less that of another, over the same samples. */
export const differenceInterval = (one: Statistics, other: Statistics, seed: number): Interval | undefined =>
  intervals([one, other], [([first = 0, second = 0]) => first - second], seed)[0]
