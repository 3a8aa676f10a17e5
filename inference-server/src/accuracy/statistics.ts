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
  /** Groups of columns that belong to a class, where there are any: class i has the columns from i * width / classes. */
  readonly classes?: readonly string[]
  /** The metric of sums over samples; NaN where it is undefined. */
  readonly value: (sums: Float64Array) => number
  /** Whether each sample is right (1) or wrong (0), in the first column, and the metric is their mean. */
  readonly binary: boolean
}
