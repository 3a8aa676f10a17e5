/** What lines about disagreements hold. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServedModel } from '../balancing/served-model.ts'
import type { RequestLogMode } from '../models/model.ts'
import { comparisonOf } from './compare.ts'
import { createExampleRate, type Disagreed, exampleOf } from './examples.ts'
import type { Job } from './job.ts'

const secret = 'my order 4711'
const answerOf = (label: string) => ({
  ...{ status: 200, jsonBytes: undefined },
  body: Buffer.from(JSON.stringify({ label, text: secret })),
})
const served = { key: 'shop/support' } as ServedModel
const lineIn = (logMode: RequestLogMode): string | undefined => {
  const call = {
    ...{ served, path: '/predict?key=k', trace: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    body: Buffer.from(JSON.stringify({ text: secret })),
  }
  const comparison = { percent: 10, logMode, ...comparisonOf({}) }
  const job = { call, stable: answerOf('refund'), comparison } as unknown as Job
  const result: Disagreed = {
    ...{ kind: 'disagreed', reason: 'values', output: 'label' },
    canary: answerOf('return'),
  }
  const line = exampleOf(job, result)
  return line && JSON.stringify(line)
}

test('an example holds contents where the request log of the model does so in the clear, and nowhere else', () => {
  assert.equal(lineIn('off'), undefined)
  const full = lineIn('full') ?? ''
  for (const part of [secret, 'refund', 'return', 'label']) assert.ok(full.includes(part), part)
  for (const mode of ['metadata', 'hashed', 'encrypted'] as const) {
    const line = lineIn(mode) ?? ''
    assert.ok(line.includes('a'.repeat(32)), 'the trace leads to the lines of the pods')
    for (const part of [secret, 'refund', 'return', 'key=k'])
      assert.ok(!line.includes(part), `${mode}: ${part}`)
  }
  assert.match(lineIn('hashed') ?? '', /keys are not in the gateway/)
})

test('a model has ten examples a minute at most', () => {
  let nowMs = 0
  const mayWrite = createExampleRate(() => nowMs)
  const written = () => Array.from({ length: 30 }, () => mayWrite(served)).filter(Boolean).length
  assert.equal(written(), 10)
  nowMs = 60_000
  assert.equal(written(), 10)
})
