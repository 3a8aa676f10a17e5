import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from './metrics.ts'

test('however many versions come and go, the labels stay bounded', async () => {
  const metrics = createMetrics({
    byVersion: true,
    versions: () => [],
    requestLog: undefined,
    tracing: undefined,
  })
  for (let version = 1; version <= 100; version++) metrics.failed('infer', 'invalid', String(version))
  const lines = (await metrics.text()).body
    .split('\n')
    .filter((line) => line.startsWith('gantry_request_errors_total'))
  assert.equal(lines.length, 17)
  assert.ok(lines.includes('gantry_request_errors_total{kind="invalid",version="1"} 1'))
  assert.ok(lines.includes('gantry_request_errors_total{kind="invalid",version="other"} 84'))
  assert.deepEqual(metrics.stats().errors, { invalid: 100 })
})

test('one model alone has no label for its version', async () => {
  const metrics = createMetrics({
    byVersion: false,
    versions: () => [],
    requestLog: undefined,
    tracing: undefined,
  })
  metrics.failed('infer', 'invalid', '1')
  assert.match((await metrics.text()).body, /^gantry_request_errors_total\{kind="invalid"\} 1$/m)
})

test('callers who left are no errors of the server, and are counted all the same', () => {
  const metrics = createMetrics({
    byVersion: false,
    versions: () => [],
    requestLog: undefined,
    tracing: undefined,
  })
  metrics.failed('infer', 'cancelled', '1')
  assert.equal(metrics.stats().error_rate, 0)
  metrics.failed('infer', 'invalid', '1')
  assert.equal(metrics.stats().error_rate, 0.5)
  assert.deepEqual(metrics.stats().errors, { cancelled: 1, invalid: 1 })
})
