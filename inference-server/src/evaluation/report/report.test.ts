/** Reports that have to fit. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { isCandidateReports, isEvaluationReport } from '@gantry/contract/documents.ts'
import type { CandidateReport, Measurement, Unmeasured } from '@gantry/contract/evaluation.ts'
import { outcomeText } from './outcome.ts'
import { packReports } from './whole-report.ts'

const digest = `sha256:${'a'.repeat(64)}` as const
const metrics = { accuracy: 0.8812345678901234, f1Macro: 1 / 3, f1Weighted: 2 / 3, topK: 0.99 }

const concurrencies = [1, 2, 4, 8, 16, 32, 64, 128, 256].map((concurrency) => ({
  concurrency,
  requests: 123_456,
  ...{ meanMs: Math.PI, p50Ms: Math.E, p95Ms: Math.SQRT2, p99Ms: Math.LN2 },
  ...{ throughputPerSecond: 10_000 / 3, spread: 1 / 7 },
}))

const measurement = (name: string): Measurement => ({
  ...{ name, task: 'tensor', digest, sizeBytes: 123_456_789, metrics },
  intervals: Object.fromEntries(Object.keys(metrics).map((metric) => [metric, [1 / 3, 2 / 3]])),
  performance: {
    ...{ meanMs: 1 / 3, p50Ms: 1 / 3, p95Ms: 1 / 3, p99Ms: 1 / 3, throughputPerSecond: 1 / 3 },
    ...{ loadMs: 1 / 3, peakMemoryBytes: 123_456_789, byConcurrency: concurrencies },
  },
  hardware: {
    ...{ processor: 'A processor', cores: 2, memoryBytes: 1e9, accelerator: 'cpu', onnxruntime: '1.30.0' },
  },
})

const dataset = { source: `https://host/${'x'.repeat(3000)}`, digest, samples: 1, total: 1 }

const read = (candidates: readonly (Measurement | Unmeasured)[]) => {
  const text = outcomeText({ outcome: 'measured', candidates: [...candidates], dataset })
  assert.ok(Buffer.byteLength(text) <= 4096, `${Buffer.byteLength(text)} bytes`)
  const report: unknown = JSON.parse(text)
  assert.ok(isEvaluationReport(report))
  return report
}

test('two measurements at nine concurrencies fit into a termination message, their metrics to the last digit', () => {
  const report = read([measurement('v_20261126_101500'), measurement('v_20261126_101501')])
  assert.ok(report.outcome === 'measured')
  const [first] = report.candidates
  assert.ok(first && 'metrics' in first)
  assert.deepEqual(first.metrics, metrics)
  assert.equal(first.performance.p95Ms, 0.333333)
})

test('a long sentence is cut before figures are left out', () => {
  const unmeasured: Unmeasured = { name: 'other', reason: 'LoadFailed', message: '语'.repeat(4000) }
  const report = read([measurement('one'), unmeasured])
  assert.ok(report.outcome === 'measured')
  const [first, other] = report.candidates
  assert.ok(first && 'metrics' in first && other && 'reason' in other)
  assert.equal(first.performance.byConcurrency.length, 9)
  assert.match(other.message, /语+…$/)
})

test('what does not fit at all is a failure with a sentence', () => {
  const report = read(Array.from({ length: 16 }, (_, index) => measurement(`candidate-${index}`)))
  assert.ok(report.outcome === 'failed')
  assert.match(report.message, /evaluate fewer at a time/)
})

const wholeReport = (mistakes: number): CandidateReport => ({
  measurement: measurement('one'),
  confusion: {
    labels: ['a', 'b'],
    counts: [
      [1, 2],
      [3, 4],
    ],
  },
  mistakes: Array.from({ length: mistakes }, (_, line) => ({
    line,
    expected: `${Math.sin(line)}`,
    predicted: `${Math.cos(line)}`,
  })),
})

const unpacked = (parts: readonly string[]) => {
  const reports: unknown = JSON.parse(gunzipSync(Buffer.from(parts.join(''), 'base64')).toString())
  assert.ok(isCandidateReports(reports))
  const [one] = reports.candidates
  assert.ok(one && 'measurement' in one)
  return one
}

test('the whole report is left as it is where it fits, in lines that no runtime cuts', () => {
  const candidates = [wholeReport(3000)]
  const { location, parts, cut } = packReports(
    { evaluatedAt: '2026-11-26T10:15:00Z', dataset, candidates },
    1e6,
  )
  assert.deepEqual([cut, location.parts], [[], parts.length])
  assert.ok(parts.length > 1 && parts.every((part) => part.length <= 12 * 1024))
  assert.deepEqual(unpacked(parts), candidates[0])
})

test('a report that is too large loses wrong answers first, and says so', () => {
  const candidates = [wholeReport(3000)]
  const reports = { evaluatedAt: '2026-11-26T10:15:00Z', dataset, candidates }
  const { location, parts, cut } = packReports(reports, 4096)
  assert.ok(location.sizeBytes <= 4096)
  assert.deepEqual(cut, ['wrong answers beyond the first ten'])
  const one = unpacked(parts)
  assert.equal(one.mistakes?.length, 10)
  assert.deepEqual(one.confusion, candidates[0]?.confusion)
})
