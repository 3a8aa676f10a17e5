/**
 * What a metric needs of each sample. A metric is a function of sums over samples: of right answers and their number, of n-grams
 * that match, of true and predicted cases of each class. So a resample, or two candidates with some of their answers exchanged, costs
 * a sum, whatever the metric is.
 */

/** Rows of a sparse matrix: row i has `amounts[k]` in column `columns[k]`, for k from `starts[i]` up to `starts[i + 1]`. */
export interface Rows {
  readonly starts: Uint32Array
  readonly columns: Uint32Array
  readonly amounts: Float64Array
}

export interface Statistics {
  /** One row for each sample, in the order of the samples. */
  readonly rows: Rows
  /** Number of columns. */
  readonly width: number
  /** The classes that columns belong to, where they do: class i has the columns from i * width / classes on. */
  readonly classes?: readonly string[]
  /** The metric of sums over samples; NaN where it is undefined. Sums of more classes may be given, in any order. */
  readonly value: (sums: Float64Array) => number
  /** Whether the first column is 1 for a right answer and 0 for a wrong one, and the metric is their mean. */
  readonly binary?: true
}

/** What a row has in a column. */
export type Entry = readonly [column: number, amount: number]

export const rowCount = ({ starts }: Rows): number => starts.length - 1

export const rowsOf = (entries: readonly (readonly Entry[])[]): Rows => {
  const starts = new Uint32Array(entries.length + 1)
  entries.forEach((row, at) => {
    starts[at + 1] = (starts[at] as number) + row.length
  })
  const total = starts[entries.length] as number
  const columns = new Uint32Array(total)
  const amounts = new Float64Array(total)
  let at = 0
  for (const row of entries)
    for (const [column, amount] of row) {
      columns[at] = column
      amounts[at] = amount
      at += 1
    }
  return { starts, columns, amounts }
}

/** Adds a row to sums, as many times as `factor` says. */
export const addRow = (
  sums: Float64Array,
  { starts, columns, amounts }: Rows,
  row: number,
  factor = 1,
): void => {
  const end = starts[row + 1] as number
  for (let at = starts[row] as number; at < end; at += 1) {
    const column = columns[at] as number
    sums[column] = (sums[column] as number) + factor * (amounts[at] as number)
  }
}

/** Sums over all samples. */
export const totals = ({ rows, width }: Pick<Statistics, 'rows' | 'width'>): Float64Array => {
  const sums = new Float64Array(width)
  for (let row = 0; row < rowCount(rows); row += 1) addRow(sums, rows, row)
  return sums
}

/** The metric over all samples. */
export const metricOf = (statistics: Statistics): number => statistics.value(totals(statistics))

/** The mean of a value over samples. */
export const meanOf = (values: readonly number[]): Statistics => ({
  rows: rowsOf(
    values.map((value) => [
      [0, value],
      [1, 1],
    ]),
  ),
  width: 2,
  value: (sums) => (sums[0] as number) / (sums[1] as number),
})

/** The share of samples that are right. */
export const shareOf = (values: readonly boolean[]): Statistics => ({
  ...meanOf(values.map(Number)),
  binary: true,
})
