import type { Metric } from '@gantry/contract/evaluation.ts'
import { DatasetError } from '../datasets/dataset-error.ts'
import { byCodePoint } from '../datasets/order.ts'
import type { Accuracy, NotComparable, PairedTest } from './accuracy.ts'
import { differenceInterval } from './bootstrap.ts'
import { exchangeTest } from './exchange.ts'
import { mcnemar } from './mcnemar.ts'
import { metricOf, rowCount, type Statistics } from './statistics.ts'

/** Columns of other classes: those of a class move to the place of its name among `names`. */
const moved = (statistics: Statistics, names: readonly string[]): Statistics => {
  const { rows, width, classes = [] } = statistics
  const perClass = width / classes.length
  const places = classes.map((name) => names.indexOf(name))
  const columns = rows.columns.map(
    (column) => (places[Math.floor(column / perClass)] as number) * perClass + (column % perClass),
  )
  return { ...statistics, rows: { ...rows, columns }, width: names.length * perClass, classes: names }
}

/** The same statistics with columns that mean the same in both: candidates may answer different classes. */
const aligned = (one: Statistics, other: Statistics): readonly [Statistics, Statistics] => {
  if (one.classes === undefined || other.classes === undefined) return [one, other]
  const names = [...new Set([...one.classes, ...other.classes])].sort(byCodePoint)
  return [moved(one, names), moved(other, names)]
}

/** Samples that the one gets right and the other does not. */
const onlyRight = ({ rows }: Statistics, other: Statistics): number => {
  let count = 0
  for (let row = 0; row < rowCount(rows); row += 1) {
    const [own, others] = [
      rows.amounts[rows.starts[row] as number],
      other.rows.amounts[other.rows.starts[row] as number],
    ]
    if (own === 1 && others === 0) count += 1
  }
  return count
}

const statisticsOf = ({ statistics, undefinedMetrics }: Accuracy, metric: Metric): Statistics => {
  const found = statistics[metric]
  if (found !== undefined) return found
  throw new DatasetError(
    'MetricUnsupported',
    undefinedMetrics[metric] ?? `${metric} was not measured; choose a metric that the task has`,
  )
}

/**
 * Compares two candidates on the same samples: the exact test of McNemar for answers that are right or wrong, a permutation test of
 * exchanged answers for every other metric.
 * @param one metrics of the candidate @param other those of the one it is compared with
 * @returns a sentence where the two were not measured on the same samples
 * @throws DatasetError MetricUnsupported where either has no value for the metric
 */
export const compare = (
  metric: Metric,
  one: Accuracy,
  other: Accuracy,
  seed = 0,
): PairedTest | NotComparable => {
  const [first, second] = aligned(statisticsOf(one, metric), statisticsOf(other, metric))
  const samples = rowCount(first.rows)
  const others = rowCount(second.rows)
  if (samples !== others)
    return {
      notComparable: `${metric} of one is over ${samples} samples and that of the other over ${others}; a comparison needs the same samples, so give both the same task and labels that both read`,
    }
  const difference = metricOf(first) - metricOf(second)
  return {
    difference,
    interval: differenceInterval(first, second, seed) ?? [difference, difference],
    pValue:
      first.binary && second.binary
        ? mcnemar(onlyRight(first, second), onlyRight(second, first))
        : exchangeTest(first, second, seed),
    samples,
  }
}
