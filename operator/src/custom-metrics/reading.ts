/** What one pod says of its load at one moment, and what follows for autoscalers. Pure. */
import { scalingMetrics, serverMetrics } from '@gantry/contract/metrics.ts'
import { isCount, samplesOf } from '../runtime/metrics-text.ts'

/** One answer of a pod. A number is undefined where the server does not have the metric, as one of an earlier release. */
export interface Reading {
  /** When it was asked, in milliseconds of a clock that only moves forward. */
  readonly atMs: number
  /** The same moment, in milliseconds since the epoch. */
  readonly wallMs: number
  /** Seconds since the epoch at which the server started; another one means that it counts from zero again. */
  readonly startedAt: number
  readonly queueLength: number | undefined
  readonly inFlight: number | undefined
  /** Requests that ended since the start, failed ones included. */
  readonly requests: number | undefined
  /** Tokens written since the start. */
  readonly tokens: number | undefined
}

/** The value of a metric, and the seconds that it is the mean of; 0 for the value of a moment. */
export interface Measurement {
  readonly value: number
  readonly windowSeconds: number
  /** Milliseconds since the epoch. */
  readonly wallMs: number
}

const processStart = 'process_start_time_seconds'

/** A counter without a sample has counted nothing yet, where the server has the counter at all. */
const counted = (text: string, name: string, sums: ReadonlyMap<string, number>): number | undefined =>
  sums.get(name) ?? (text.includes(`# TYPE ${name} `) ? 0 : undefined)

/** @returns undefined for a text that is not a server's metrics */
export const readingOf = (text: string, at: Pick<Reading, 'atMs' | 'wallMs'>): Reading | undefined => {
  const sums = new Map<string, number>()
  for (const { name, labels, value } of samplesOf(text)) {
    if (name === serverMetrics.tokens && !labels.includes('direction="generated"')) continue
    if (!isCount(value)) continue
    sums.set(name, (sums.get(name) ?? 0) + value)
  }
  const startedAt = sums.get(processStart)
  if (startedAt === undefined) return undefined
  return {
    ...at,
    startedAt,
    queueLength: sums.get(serverMetrics.queueLength),
    inFlight: sums.get(serverMetrics.inFlight),
    requests: counted(text, serverMetrics.requests, sums),
    tokens: counted(text, serverMetrics.tokens, sums),
  }
}

/** Shortest time that a rate is the mean of: in a shorter one, single requests make it jump. */
const shortestWindowMs = 10_000
/** Longest time: a mean over more says little of the present. */
export const longestWindowMs = 300_000

type Counter = 'requests' | 'tokens'

/** The increase in a second, from the latest reading and the one before it that is old enough. */
const rate =
  (counter: Counter) =>
  (readings: readonly Reading[]): Measurement | undefined => {
    const latest = readings.at(-1)
    const base = readings.findLast(({ atMs, startedAt }) => {
      const ageMs = latest ? latest.atMs - atMs : 0
      return ageMs >= shortestWindowMs && ageMs <= longestWindowMs && startedAt === latest?.startedAt
    })
    const [before, after] = [base?.[counter], latest?.[counter]]
    if (!latest || !base || before === undefined || after === undefined || after < before) return undefined
    const windowSeconds = (latest.atMs - base.atMs) / 1000
    return { value: (after - before) / windowSeconds, windowSeconds, wallMs: latest.wallMs }
  }

const moment =
  (gauge: 'queueLength' | 'inFlight') =>
  (readings: readonly Reading[]): Measurement | undefined => {
    const latest = readings.at(-1)
    const value = latest?.[gauge]
    return latest && value !== undefined ? { value, windowSeconds: 0, wallMs: latest.wallMs } : undefined
  }

/** The metrics by name: what readings of one pod, the latest at the end, say. Undefined where they do not say it. */
export const podMetrics: ReadonlyMap<string, (readings: readonly Reading[]) => Measurement | undefined> =
  new Map([
    [scalingMetrics.queueLength, moment('queueLength')],
    [scalingMetrics.inFlight, moment('inFlight')],
    [scalingMetrics.requestsPerSecond, rate('requests')],
    [scalingMetrics.tokensPerSecond, rate('tokens')],
  ])
