/** Where the time of one request went; the one source of Server-Timing, histograms and request log. All milliseconds. */
export interface Timings {
  /** Reading the body and making tensors of it. */
  preprocessMs: number
  /** Waiting for a runner. */
  queueMs: number
  /** Inside onnxruntime. */
  inferMs: number
  /** Making the answer. */
  postprocessMs: number
  /** Time from the first byte of the body to the answer. */
  totalMs: number
}

export const newTimings = (): Timings => ({
  preprocessMs: 0,
  queueMs: 0,
  inferMs: 0,
  postprocessMs: 0,
  totalMs: 0,
})

const microseconds = (ms: number): number => Math.round(ms * 1000) / 1000

/** The Server-Timing header, its name and its value. */
export const serverTiming = (timings: Timings): readonly string[] => [
  'server-timing',
  `preprocess;dur=${microseconds(timings.preprocessMs)}, queue;dur=${microseconds(timings.queueMs)}, infer;dur=${microseconds(timings.inferMs)}, postprocess;dur=${microseconds(timings.postprocessMs)}`,
]
