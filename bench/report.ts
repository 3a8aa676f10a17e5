/** A measurement beside the limit it is held against, both taken in the same run. */
export interface Row {
  readonly what: string
  /** Medians, in `unit`. */
  readonly ours: number
  readonly limit: number
  readonly unit: 's' | 'ms' | 'MB' | 'per minute' | 'per second'
  /** Name of the limit. */
  readonly against: string
}

/** Figures as text, to be printed as a table. */
export interface Table {
  readonly head: readonly string[]
  readonly lines: readonly (readonly string[])[]
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

/** @param share of the values that are not larger, above 0 and at most 1 @param ascending at least one */
export const percentile = (ascending: readonly number[], share: number): number =>
  ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? Number.NaN

export const show = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

const ratio = ({ ours, limit }: Row): string =>
  limit === 0 ? (ours === 0 ? '0 = 0' : '> 0') : (ours / limit).toFixed(2)

const tableOf = (rows: readonly Row[]): Table => ({
  head: ['what', 'ours', 'limit', 'ratio', 'the limit is'],
  lines: rows.map((row) => [
    row.what,
    `${show(row.ours)} ${row.unit}`,
    `${show(row.limit)} ${row.unit}`,
    ratio(row),
    row.against,
  ]),
})

/** Prints a Markdown table, to be copied into docs/benchmarks.md. */
export const print = (report: readonly Row[] | Table): void => {
  const { head, lines } = 'head' in report ? report : tableOf(report)
  const all = [head, head.map(() => '---'), ...lines]
  const widths = head.map((_, column) => Math.max(...all.map((cell) => cell[column]?.length ?? 0)))
  for (const line of all)
    console.log(`| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
}
