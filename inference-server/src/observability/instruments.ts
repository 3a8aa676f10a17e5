/** The counters and histograms of requests. */
import { serverMetrics } from '@gantry/contract/metrics.ts'
import { counter, histogram } from './series.ts'

/** Seconds: from a tiny model's half millisecond to the default deadline. */
const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const rows = [1, 2, 4, 8, 16, 32, 64, 128, 256]

const durations = () => ({
  total: histogram(
    serverMetrics.requestDuration,
    'Seconds from body to answer, of answered requests.',
    seconds,
  ),
  preprocess: histogram(serverMetrics.preprocessDuration, 'Seconds spent making tensors.', seconds),
  queue: histogram(serverMetrics.queueDuration, 'Seconds spent waiting for a worker.', seconds),
  infer: histogram(serverMetrics.inferDuration, 'Seconds spent inside onnxruntime.', seconds),
  postprocess: histogram(serverMetrics.postprocessDuration, 'Seconds spent making the answer.', seconds),
})

const writing = () => ({
  tokens: counter(
    serverMetrics.tokens,
    'Tokens that the model read for answered requests (prompt) and that it wrote (generated).',
  ),
  firstToken: histogram(
    serverMetrics.timeToFirstToken,
    'Seconds from asking for a text to its first token, its wait included.',
    seconds,
  ),
  nextToken: histogram(serverMetrics.timePerOutputToken, 'Seconds between two tokens of a text.', seconds),
})

const explaining = () => ({
  explanations: counter(
    serverMetrics.explanations,
    'Requests for explanations by outcome: answered, or the kind of failure. They count nowhere else.',
  ),
  explanationTime: histogram(
    serverMetrics.explanationDuration,
    'Seconds from body to answer, of answered explanations.',
    seconds,
  ),
  evaluations: counter(serverMetrics.evaluations, 'Rows that explanations asked the model about.'),
})

/** The instruments, in the order of the exposition. */
export const createInstruments = () => ({
  requests: counter(serverMetrics.requests, 'Inference requests by endpoint and outcome.'),
  copies: counter(
    serverMetrics.copies,
    'Copies of requests that a gateway sent for comparison, by outcome. They count as no requests.',
  ),
  errors: counter(serverMetrics.errors, 'Inference requests that failed, by kind.'),
  ...durations(),
  batchRows: histogram(serverMetrics.batchRows, 'Rows per batch.', rows),
  ...writing(),
  ...explaining(),
})

export type Instruments = ReturnType<typeof createInstruments>
