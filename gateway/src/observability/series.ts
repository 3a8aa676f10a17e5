/** Counts by model and track that cost nanoseconds to update; prom-client's registry reads them at a scrape. */

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

/** Values that are kept elsewhere, read at a scrape. */
export const series = (
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

export interface Histogram {
  readonly observe: (value: number) => void
  readonly samples: (name: string, labels: Sample['labels']) => readonly Sample[]
}

/** @param bounds upper bounds of the buckets, ascending, without +Inf */
export const createHistogram = (bounds: readonly number[]): Histogram => {
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0
  return {
    observe: (value) => {
      let at = 0
      while (at < bounds.length && value > (bounds[at] as number)) at += 1
      counts[at] = (counts[at] as number) + 1
      sum += value
    },
    samples: (name, labels) => {
      let count = 0
      const buckets = [...bounds, '+Inf'].map((le, at) => {
        count += counts[at] as number
        return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count }
      })
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: count },
      ]
    },
  }
}
