/** What is counted of a round. */

/** Latencies in memory that grows by doubling: no object for each of them. */
const series = () => {
  let values = new Float64Array(1024)
  let count = 0
  return {
    push: (value: number): void => {
      if (count === values.length) {
        const longer = new Float64Array(2 * count)
        longer.set(values)
        values = longer
      }
      values[count] = value
      count += 1
    },
    values: (): Float64Array => values.slice(0, count),
  }
}

/** Share of a request that lies between `fromMs` and `toMs`. */
const shareWithin = (sentMs: number, answeredMs: number, fromMs: number, toMs: number): number => {
  const lengthMs = answeredMs - sentMs
  const withinMs = Math.min(answeredMs, toMs) - Math.max(sentMs, fromMs)
  return lengthMs > 0 ? Math.max(0, withinMs) / lengthMs : 1
}

export interface Tally {
  /** When the measured time ends. */
  readonly toMs: number
  readonly add: (sentMs: number, answeredMs: number) => void
  /** Answers of the measured time. A request that is in flight at either end counts by its share. */
  readonly answers: () => number
  /** Latencies of requests that began in the measured time, in milliseconds. */
  readonly latenciesMs: () => Float64Array
}

/** Counts from `fromMs` to `toMs`. */
export const createTally = (fromMs: number, toMs: number): Tally => {
  const latencies = series()
  let answers = 0
  return {
    toMs,
    add: (sentMs, answeredMs) => {
      if (answeredMs > fromMs) answers += shareWithin(sentMs, answeredMs, fromMs, toMs)
      if (sentMs >= fromMs && sentMs < toMs) latencies.push(answeredMs - sentMs)
    },
    answers: () => answers,
    latenciesMs: latencies.values,
  }
}
