/** Latency and throughput of all candidates that were measured. */
import { latencyRanges } from './plots/latency-ranges.ts'
import { throughputLines } from './plots/throughput-lines.ts'
import { bytes, milliseconds, percent, perSecond } from './quantities.ts'
import { paragraph, plot, type Section, table } from './section.ts'
import { type EvaluationSummary, measurements } from './summary.ts'

export const latencySection = (summary: EvaluationSummary): Section => {
  const all = measurements(summary)
  if (all.length === 0) return { heading: 'Latency', blocks: [] }
  const rows = all.map(({ name, performance }) => [
    name,
    ...[performance.meanMs, performance.p50Ms, performance.p95Ms, performance.p99Ms].map(milliseconds),
    milliseconds(performance.loadMs),
    bytes(performance.peakMemoryBytes),
    performance.joulesPerInference === undefined ? '–' : `${performance.joulesPerInference.toPrecision(3)} J`,
  ])
  const ranges = all.map(({ name, performance }) => ({ name, ...performance }))
  return {
    heading: 'Latency',
    blocks: [
      paragraph('One request at a time, by HTTP, on a warm server.'),
      plot('From the median to the 99th percentile; the mark between them is the 95th.', () =>
        latencyRanges(ranges),
      ),
      table(
        ['Candidate', 'Mean#', 'p50#', 'p95#', 'p99#', 'Load time#', 'Peak memory#', 'Energy per inference#'],
        rows,
      ),
    ],
  }
}

export const throughputSection = (summary: EvaluationSummary): Section => {
  const all = measurements(summary).filter(({ performance }) => performance.byConcurrency.length > 0)
  if (all.length === 0) return { heading: 'Throughput', blocks: [] }
  const rows = all.flatMap(({ name, performance }) =>
    performance.byConcurrency.map((one) => [
      name,
      String(one.concurrency),
      perSecond(one.throughputPerSecond),
      percent(one.spread),
      ...[one.p50Ms, one.p95Ms, one.p99Ms].map(milliseconds),
      String(one.requests),
    ]),
  )
  const lines = all.map(({ name, performance }) => ({ name, points: performance.byConcurrency }))
  const caption = 'Samples per second by the number of requests in flight. Bars are the spread of the rounds.'
  return {
    heading: 'Throughput',
    blocks: [
      plot(caption, () => throughputLines(lines)),
      table(
        ['Candidate', 'Requests in flight#', 'Throughput#', 'Spread#', 'p50#', 'p95#', 'p99#', 'Requests#'],
        rows,
      ),
    ],
  }
}
