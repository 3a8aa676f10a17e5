/**
 * Counters and histograms that cost nanoseconds to update. prom-client's own hash their labels on every observation,
 * which at 30,000 requests per second is a tenth of a core; its registry only sees these at a scrape.
 */

/** One sample as prom-client's registry writes it. */
export interface Sample {
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
}

/** What prom-client's registry needs of a metric. */
export interface Series {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly get: () => {
    readonly name: string
    readonly help: string
    readonly type: string
    readonly values: readonly Sample[]
  }
}

export interface Counter extends Series {
  readonly increment: (labels: Readonly<Record<string, string>>, by?: number) => void
}

export interface Histogram extends Series {
  /** @param version whose it is, where several are told apart */
  readonly observe: (value: number, version?: string) => void
  /** All observations so far. */
  readonly total: () => { readonly sum: number; readonly count: number }
}

const series = (
  name: string,
  help: string,
  type: Series['type'],
  values: () => readonly Sample[],
): Series => ({
  name,
  help,
  type,
  get: () => ({ name, help, type, values: values() }),
})

export const counter = (name: string, help: string): Counter => {
  const counts = new Map<string, { readonly labels: Readonly<Record<string, string>>; value: number }>()
  return {
    ...series(name, help, 'counter', () => [...counts.values()]),
    increment: (labels, by = 1) => {
      let key = ''
      for (const label in labels) key += `${labels[label]}\n`
      const found = counts.get(key)
      if (found) found.value += by
      else counts.set(key, { labels, value: by })
    },
  }
}

/** A value that is read at a scrape. */
export const gauge = (name: string, help: string, read: () => readonly Sample[]): Series =>
  series(name, help, 'gauge', read)

/** A count that is kept elsewhere, read at a scrape. */
export const countOf = (name: string, help: string, read: () => number): Series =>
  series(name, help, 'counter', () => [{ labels: {}, value: read() }])

interface Cell {
  readonly counts: Float64Array
  sum: number
}

const observations = ({ counts }: Cell): number => counts.reduce((all, count) => all + count, 0)

/** @param bounds upper bounds of the buckets, ascending, without +Inf */
export const histogram = (name: string, help: string, bounds: readonly number[]): Histogram => {
  const newCell = (): Cell => ({ counts: new Float64Array(bounds.length + 1), sum: 0 })
  const plain = newCell()
  const byVersion = new Map<string, Cell>()
  const cellOf = (version: string): Cell => {
    const cell = byVersion.get(version) ?? newCell()
    byVersion.set(version, cell)
    return cell
  }
  const samplesOf = (cell: Cell, labels: Sample['labels']): readonly Sample[] => {
    let total = 0
    const buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound, index) => {
      total += cell.counts[index] as number
      const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : bound
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: total }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: cell.sum },
      { metricName: `${name}_count`, labels, value: total },
    ]
  }
  const samples = (): readonly Sample[] => [
    ...(byVersion.size === 0 || observations(plain) > 0 ? samplesOf(plain, {}) : []),
    ...[...byVersion].flatMap(([version, cell]) => samplesOf(cell, { version })),
  ]
  return {
    ...series(name, help, 'histogram', samples),
    total: () => {
      const cells = [plain, ...byVersion.values()]
      return {
        sum: cells.reduce((all, cell) => all + cell.sum, 0),
        count: cells.reduce((all, cell) => all + observations(cell), 0),
      }
    },
    observe: (value, version) => {
      const cell = version === undefined ? plain : cellOf(version)
      let bucket = 0
      while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket += 1
      cell.counts[bucket] = (cell.counts[bucket] as number) + 1
      cell.sum += value
    },
  }
}
