/** A measurement beside the limit it is held against, both taken in the same run. */
export interface Row {
  readonly what: string
  /** Medians, in `unit`. */
  readonly ours: number
  readonly limit: number
  readonly unit: 's' | 'ms' | 'MB' | 'per minute' | 'per second'
  /** What the limit is. */
  readonly against: string
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

const show = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

const ratio = ({ ours, limit }: Row): string =>
  limit === 0 ? (ours === 0 ? '0 = 0' : '> 0') : (ours / limit).toFixed(2)

export const print = (rows: readonly Row[]): void => {
  const cells = rows.map((row) => [
    row.what,
    `${show(row.ours)} ${row.unit}`,
    `${show(row.limit)} ${row.unit}`,
    ratio(row),
    row.against,
  ])
  const head = ['what', 'ours', 'limit', 'ratio', 'the limit is']
  const all = [head, ...cells]
  const widths = head.map((_, column) => Math.max(...all.map((cell) => cell[column]?.length ?? 0)))
  for (const line of all)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}
