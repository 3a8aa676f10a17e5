import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSampled, newTrace, readTrace, traceparent } from './traceparent.ts'

const header = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('continues the trace of the caller with a part of its own', () => {
  const trace = readTrace(header) ?? assert.fail('was not read')
  assert.equal(trace.traceId, '0af7651916cd43dd8448eb211c80319c')
  assert.equal(trace.parentId, 'b7ad6b7169203331')
  assert.notEqual(trace.spanId, trace.parentId)
  assert.equal(traceparent(trace), `00-${trace.traceId}-${trace.spanId}-01`)
})

test('a later version may say more, version 00 may not', () => {
  assert.ok(readTrace(`01${header.slice(2)}-and-more`))
  assert.equal(readTrace(`${header}-more`), undefined)
})

for (const wrong of [
  undefined,
  '',
  'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
  '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331',
]) {
  test(`takes ${JSON.stringify(wrong)} for no trace`, () => assert.equal(readTrace(wrong), undefined))
}

test('a new trace can be read again', () => {
  const trace = newTrace()
  assert.equal(readTrace(traceparent(trace))?.traceId, trace.traceId)
})

test('samples the share of traces that was asked for, and each trace alike everywhere', () => {
  const traces = Array.from({ length: 4000 }, newTrace)
  const sampled = traces.filter((trace) => isSampled(trace, 0.25))
  assert.ok(sampled.length > 800 && sampled.length < 1200, String(sampled.length))
  assert.ok(sampled.every((trace) => isSampled({ ...trace, spanId: 'another' }, 0.25)))
  assert.ok(traces.every((trace) => isSampled(trace, 1)))
})
