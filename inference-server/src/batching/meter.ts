/** Measures what runners get done, from the end of one batch to the end of another. */

export interface MeterOptions {
  /** Number of batches that run at a time. */
  readonly runners: () => number
  /** Whether a measurement that has got so much done may end at once. */
  readonly isHopeless: (done: number) => boolean
  /** A measurement is over. @param done in a unit of time, as a logarithm; undefined where it says nothing */
  readonly complete: (done: number | undefined) => void
  readonly nowMs: () => number
  /**
   * Processor time of the whole process. Where it is given, a way is judged by that as much as by the time that passed: other
   * programs lengthen one and hardly the other. Of no use where a GPU computes.
   */
  readonly processorMs?: (() => number) | undefined
}

export interface Meter {
  /** Notes that a batch begins after an idle time. */
  readonly resumed: () => void
  /** Notes the end of a batch that counts. */
  readonly ended: (elements: number) => void
  /** Ends the measurement without a result. */
  readonly drop: () => void
}

/** A measurement has at least so many batches of each runner, and takes at least so long; fewer will do where they are long. */
const leastBatches = 3
const leastMs = 100
const longMs = 500

/** Where runners were idle for a larger share of a measurement, it was the callers that were measured. */
const mostIdle = 0.25

/** Work done from the end of one batch to the end of another. */
interface Measurement {
  readonly sinceMs: number
  readonly sinceProcessorMs: number
  latestMs: number
  idleMs: number
  batches: number
  elements: number
}

export const createMeter = (options: MeterOptions): Meter => {
  const { runners, isHopeless, complete, nowMs, processorMs } = options
  let measurement: Measurement | undefined

  const begin = (atMs: number): Measurement => ({
    sinceMs: atMs,
    sinceProcessorMs: processorMs?.() ?? 0,
    latestMs: atMs,
    idleMs: 0,
    batches: 0,
    elements: 0,
  })

  /** Work done in a unit of time, as a logarithm. */
  const doneIn = ({ elements, sinceProcessorMs }: Measurement, tookMs: number): number => {
    const processing = processorMs ? processorMs() - sinceProcessorMs : tookMs
    return Math.log(elements) - (Math.log(tookMs) + Math.log(Math.max(1, processing))) / 2
  }

  const suffices = ({ batches }: Measurement, tookMs: number): boolean =>
    batches >= leastBatches * runners() || tookMs >= longMs

  /** Counts a batch of the way whose turn it is. */
  const count = (current: Measurement, elements: number): void => {
    const atMs = nowMs()
    current.latestMs = atMs
    current.batches += 1
    current.elements += elements
    const tookMs = atMs - current.sinceMs
    // Reading the processor time takes a while, so it is not read at every batch.
    if (tookMs < leastMs || current.batches <= runners()) return
    const done = doneIn(current, tookMs)
    if (!suffices(current, tookMs) && !isHopeless(done)) return
    measurement = begin(atMs)
    // Requests of no rows have no elements.
    complete(current.idleMs > tookMs * mostIdle || !Number.isFinite(done) ? undefined : done)
  }

  return {
    resumed: () => {
      if (measurement) measurement.idleMs += nowMs() - measurement.latestMs
    },
    ended: (elements) => {
      if (measurement) count(measurement, elements)
      else measurement = begin(nowMs())
    },
    drop: () => {
      measurement = undefined
    },
  }
}
