import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newTrace, readTrace, type Trace } from '../requests/traceparent.ts'
import { decided, readSampling } from './sampling.ts'

const calledWith = (flags: string): Trace => {
  const trace = readTrace(`00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${flags}`)
  assert.ok(trace)
  return trace
}
const sampled = calledWith('01')
const unsampled = calledWith('00')

describe('OTEL_TRACES_SAMPLER', () => {
  /** Whether a trace is recorded: one that begins here, one that its caller records, one that its caller does not. */
  const cases: readonly (readonly [name: string | undefined, boolean, boolean, boolean])[] = [
    [undefined, true, true, false],
    ['', true, true, false],
    ['parentbased_always_on', true, true, false],
    ['parentbased_always_off', false, true, false],
    ['always_on', true, true, true],
    ['always_off', false, false, false],
  ]
  for (const [name, ...expected] of cases) {
    test(JSON.stringify(name ?? null), () => {
      const { sampler, problem } = readSampling({ OTEL_TRACES_SAMPLER: name })
      assert.deepEqual([newTrace(), sampled, unsampled].map(sampler), expected)
      assert.equal(problem, undefined)
    })
  }

  test('traceidratio decides alone, parentbased_traceidratio follows the caller first', () => {
    const env = { OTEL_TRACES_SAMPLER_ARG: '0' }
    const plain = readSampling({ ...env, OTEL_TRACES_SAMPLER: 'traceidratio' }).sampler
    const parent = readSampling({ ...env, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' }).sampler
    assert.deepEqual([newTrace(), sampled, unsampled].map(plain), [false, false, false])
    assert.deepEqual([newTrace(), sampled, unsampled].map(parent), [false, true, false])
  })

  test('a share is a share of the traces', () => {
    const env = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' }
    const { sampler } = readSampling(env)
    const count = Array.from({ length: 4000 }, newTrace).filter(sampler).length
    assert.ok(count > 800 && count < 1200, String(count))
  })

  test('an unknown name is told, and the usual sampler used', () => {
    const { sampler, problem } = readSampling({ OTEL_TRACES_SAMPLER: 'jaeger_remote' })
    assert.match(String(problem), /^OTEL_TRACES_SAMPLER is "jaeger_remote": it must be one of always_on, /)
    assert.deepEqual([newTrace(), sampled, unsampled].map(sampler), [true, true, false])
  })

  for (const argument of ['-0.1', '1.5', 'half', 'NaN']) {
    test(`the argument ${argument} is told, and everything recorded`, () => {
      const { sampler, problem } = readSampling({
        OTEL_TRACES_SAMPLER: 'traceidratio',
        OTEL_TRACES_SAMPLER_ARG: argument,
      })
      assert.match(String(problem), /^OTEL_TRACES_SAMPLER_ARG is ".*": it must be a number from 0 to 1/)
      assert.equal(sampler(newTrace()), true)
    })
  }
})

test('the decision goes on in the flags, beside what else they say', () => {
  assert.equal(decided(calledWith('03'), () => false).flags, '02')
  assert.equal(decided(calledWith('02'), () => true).flags, '03')
  assert.equal(decided(newTrace(), () => true).flags, '01')
})
