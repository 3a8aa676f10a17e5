/** What a container says of an evaluation goes into a status: nothing that the CRD does not know may come along. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataset, measurement } from '../testing/simulated-evaluation.ts'
import { readEvaluationReport } from './kind.ts'

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
