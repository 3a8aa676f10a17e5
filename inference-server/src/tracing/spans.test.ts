import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newTrace } from '../requests/traceparent.ts'
import { type SpanOrigin, spansOf, type TracedRequest } from './spans.ts'

const origin = { model: 'm', resource: {}, instrumentationScope: { name: 'gantry' } } as SpanOrigin

/** Ended on the tenth of a second after 1 000 s, 100 ms after it came. */
const request = (over: Partial<TracedRequest> = {}): TracedRequest => ({
  trace: { ...newTrace(), flags: '01' },
  endpoint: 'infer',
  at: 1_000_100,
  durationMs: 100,
  status: 200,
  timings: { preprocessMs: 10, queueMs: 20, inferMs: 30, postprocessMs: 5, totalMs: 95 },
  ...over,
})

test('stages lie end to end before the answer; what took no time has no span', () => {
  const places = (traced: TracedRequest) =>
    spansOf(traced, origin).map(({ name, startTime, endTime }) => [name, startTime, endTime])
  const ms = 1_000_000
  const whole = ['POST /v2/models/{model}/infer', [1000, 0], [1000, 100 * ms]]
  assert.deepEqual(places(request()), [
    whole,
    ['preprocess', [1000, 35 * ms], [1000, 45 * ms]],
    ['queue', [1000, 45 * ms], [1000, 65 * ms]],
    ['infer', [1000, 65 * ms], [1000, 95 * ms]],
    ['postprocess', [1000, 95 * ms], [1000, 100 * ms]],
  ])
  const timings = { preprocessMs: 0, queueMs: 0, inferMs: 30, postprocessMs: 0, totalMs: 95 }
  assert.deepEqual(places(request({ timings })), [whole, ['infer', [1000, 70 * ms], [1000, 100 * ms]]])
})

test('a failure is one span: an error where the server is at fault', () => {
  const failed = (status: number, kind: NonNullable<TracedRequest['kind']>) => {
    const [whole, ...stages] = spansOf(request({ status, kind }), origin)
    assert.deepEqual(stages, [])
    assert.equal(whole?.attributes['error.type'], kind)
    return whole.status.code
  }
  assert.equal(failed(504, 'timeout'), 2)
  assert.equal(failed(422, 'invalid'), 0)
})

test('a text says what was asked for, and how many tokens were read and written', () => {
  const usage = { promptTokens: 12, newTokens: 7, evaluations: 0, batchRows: 0 }
  const [whole] = spansOf(request({ endpoint: 'chat/completions', usage }), origin)
  assert.equal(whole?.name, 'POST /v1/chat/completions')
  assert.deepEqual(whole.attributes, {
    'http.request.method': 'POST',
    'http.route': '/v1/chat/completions',
    'http.response.status_code': 200,
    'gantry.model.name': 'm',
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'm',
    'gen_ai.usage.input_tokens': 12,
    'gen_ai.usage.output_tokens': 7,
    'gantry.queue.ms': 20,
    'gantry.infer.ms': 30,
  })
})
