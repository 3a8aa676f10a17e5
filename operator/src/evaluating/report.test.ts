/** What a container says of an evaluation goes into a status: nothing that the CRD does not know may come along. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { dataset, measurement } from '../testing/simulated-evaluation.ts'
import { readEvaluationReport } from './kind.ts'
import { unpackedReports, unpackedTogether } from './report-log.ts'

test('members that nobody declared go no further, and texts become plain', () => {
  const { performance, hardware, ...rest } = measurement('small')
  const read = readEvaluationReport({
    outcome: 'measured',
    dataset: { ...dataset, source: 'https://x/\u202e.jsonl', more: 1 },
    candidates: [
      {
        ...{ ...rest, more: 1 },
        performance: {
          ...performance,
          more: 1,
          byConcurrency: performance.byConcurrency.map((one) => ({ ...one, more: 1 })),
        },
        hardware: { ...hardware, processor: 'a\u0007b\nc', more: 1 },
      },
      { name: 'large', reason: 'LoadFailed', message: 'No.\u001b[31m', more: 1 },
    ],
    more: 1,
  })
  assert.equal(read?.kind, 'done')
  const text = JSON.stringify(read)
  assert.doesNotMatch(text, /more/)
  assert.doesNotMatch(text, /[\p{Cc}\p{Bidi_Control}]|\\u00|\\n/u)
  assert.deepEqual(read?.kind === 'done' && read.report.candidates[0], {
    ...measurement('small'),
    hardware: { ...hardware, processor: 'a\ufffdb c' },
  })
})

test('reports that are small when packed are not unpacked all at once', () => {
  const message = 'x'.repeat(9 * 2 ** 20)
  const gzipped = gzipSync(
    JSON.stringify({
      ...{ evaluatedAt: '2026-11-23T10:00:00Z', dataset, metric: 'accuracy' },
      candidates: [{ name: 'large', reason: 'LoadFailed', message }],
    }),
  )
  assert.ok(unpackedReports(gzipped), 'one alone is a report')
  assert.equal(unpackedTogether([gzipped, gzipped, gzipped]).length, 1)
})
