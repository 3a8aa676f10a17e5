import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type GateEvidence, gateVerdict } from './gate.ts'
import { comparison } from './testing/measurements.ts'

const evidence = (changes: Partial<GateEvidence> = {}): GateEvidence => ({
  metrics: { accuracy: 0.871, meanAbsoluteError: 2.5 },
  p95Ms: 61,
  hourlyCost: 0.12,
  ...changes,
})

const failures = (...args: Parameters<typeof gateVerdict>): readonly string[] => {
  const verdict = gateVerdict(...args)
  return verdict.passed ? [] : verdict.failures.map(({ reason, sentence }) => `${reason}: ${sentence}`)
}
const passes = (...args: Parameters<typeof gateVerdict>): string => {
  const verdict = gateVerdict(...args)
  assert.ok(verdict.passed, JSON.stringify(verdict))
  return verdict.sentence
}

test('says every limit that is not met, with its numbers', () => {
  const gate = { metric: 'accuracy', minAccuracy: 0.9, maxLatencyP95Ms: 50, maxHourlyCost: 0.1 } as const
  assert.deepEqual(failures(gate, evidence()), [
    'AccuracyTooLow: accuracy 0.871 is below minAccuracy 0.9',
    'LatencyTooHigh: p95 61 ms is above maxLatencyP95Ms 50',
    'CostTooHigh: hourly cost 0.12 is above maxHourlyCost 0.1',
  ])
})

test('passes at the limits themselves and says the numbers', () => {
  const gate = { metric: 'accuracy', minAccuracy: 0.871, maxLatencyP95Ms: 61, maxHourlyCost: 0.12 } as const
  assert.equal(
    passes(gate, evidence()),
    'accuracy 0.871 (minAccuracy 0.871); p95 61 ms (maxLatencyP95Ms 61); hourly cost 0.12 (maxHourlyCost 0.12)',
  )
  assert.equal(passes({ metric: 'accuracy' }, evidence()), 'no limit is set')
})

test('a number just past its limit does not read as the limit', () => {
  assert.deepEqual(
    failures({ metric: 'accuracy', minAccuracy: 0.9 }, evidence({ metrics: { accuracy: 0.899996 } })),
    ['AccuracyTooLow: accuracy 0.899996 is below minAccuracy 0.9'],
  )
})

test('an error has a largest value, not a smallest one', () => {
  const metric = 'meanAbsoluteError'
  assert.equal(passes({ metric, maxError: 3 }, evidence()), 'meanAbsoluteError 2.5 (maxError 3)')
  assert.deepEqual(failures({ metric, maxError: 2 }, evidence()), [
    'AccuracyTooLow: meanAbsoluteError 2.5 is above maxError 2',
  ])
  assert.deepEqual(failures({ metric, minAccuracy: 0.9 }, evidence()), [
    'NotComparable: minAccuracy needs a metric where more is better, and of meanAbsoluteError less is better; set maxError',
  ])
  assert.deepEqual(failures({ metric: 'accuracy', maxError: 0.1 }, evidence()), [
    'NotComparable: maxError needs a metric where less is better, and of accuracy more is better; set minAccuracy',
  ])
})

test('what cannot be judged does not pass', () => {
  const gate = {
    metric: 'f1Macro',
    minAccuracy: 0.1,
    maxLatencyP95Ms: 50,
    maxHourlyCost: 1,
    maxAccuracyDrop: 0.5,
  } as const
  const unknown = {
    metrics: {},
    hourlyCost: { unknown: 'no price for node worker-1' },
    comparison: { unknown: 'the serving version v_1 was not measured' },
  }
  assert.deepEqual(failures(gate, unknown), [
    'NotComparable: f1Macro was not measured, so minAccuracy 0.1 cannot be judged',
    'NotComparable: maxAccuracyDrop 0.5 cannot be judged: the serving version v_1 was not measured',
    'NotComparable: the latency was not measured, so maxLatencyP95Ms 50 cannot be judged',
    'CostUnknown: maxHourlyCost 1 cannot be judged: no price for node worker-1',
  ])
  assert.deepEqual(failures({ metric: 'accuracy', maxHourlyCost: 1 }, { metrics: {} }), [
    'CostUnknown: maxHourlyCost 1 cannot be judged: there is no price sheet',
  ])
  const broken = evidence({ metrics: { accuracy: Number.NaN }, p95Ms: Number.NaN, hourlyCost: Number.NaN })
  assert.equal(
    failures({ metric: 'accuracy', minAccuracy: 0, maxLatencyP95Ms: 9, maxHourlyCost: 9 }, broken).length,
    3,
  )
})

const dropGate = { metric: 'accuracy', maxAccuracyDrop: 0.01 } as const

test('fails a drop that the paired samples show to be larger than the limit', () => {
  assert.deepEqual(failures(dropGate, evidence({ comparison: comparison() })), [
    'AccuracyDropped: accuracy is 0.03 below that of the serving version on the same 500 samples, more than maxAccuracyDrop 0.01 (95 % interval 0.012 to 0.048)',
  ])
})

test('fails an observed drop beyond the limit that few samples cannot tell from chance, and says how many could', () => {
  const few = comparison({ samples: 50, interval: [-0.09, 0.03] })
  assert.deepEqual(failures(dropGate, evidence({ comparison: few })), [
    'AccuracyDropped: accuracy is 0.03 below that of the serving version on the same 50 samples, more than maxAccuracyDrop 0.01 (95 % interval -0.03 to 0.09); these samples do not exclude a drop within the limit; about 450 could tell',
  ])
})

test('passes a drop within the limit, and says what the samples do not exclude', () => {
  const slight = comparison({ difference: -0.005, interval: [-0.02, 0.01] })
  assert.equal(
    passes(dropGate, evidence({ comparison: slight })),
    'accuracy is 0.005 below that of the serving version on the same 500 samples (maxAccuracyDrop 0.01, 95 % interval -0.01 to 0.02); these samples do not exclude a drop of 0.02',
  )
  const better = comparison({ difference: 0.04, interval: [0.01, 0.07] })
  assert.equal(
    passes(dropGate, evidence({ comparison: better })),
    'accuracy is 0.04 above that of the serving version on the same 500 samples (maxAccuracyDrop 0.01, 95 % interval -0.07 to -0.01)',
  )
})

test('few samples without any difference do not show that there is none', () => {
  const alike = comparison({ difference: 0, interval: [0, 0], samples: 20 })
  assert.equal(
    passes(dropGate, evidence({ comparison: alike })),
    'accuracy is the same as that of the serving version on the same 20 samples (maxAccuracyDrop 0.01, 95 % interval 0 to 0); these samples do not exclude a drop of 0.15',
  )
  assert.doesNotMatch(
    passes(dropGate, evidence({ comparison: { ...alike, samples: 300 } })),
    /do not exclude/,
  )
})

test('a drop of exactly the limit passes', () => {
  const atLimit = comparison({ difference: -0.01, interval: [-0.01, -0.01], samples: 1000 })
  assert.match(passes(dropGate, evidence({ comparison: atLimit })), /accuracy is 0.01 below/)
})

test('a drop of exactly the limit passes although its parts are no exact binary numbers', () => {
  const rounded = comparison({ difference: 0.89 - 0.9, interval: [-0.02, 0], samples: 1000 })
  assert.ok(0.9 - 0.89 > 0.01)
  assert.match(passes(dropGate, evidence({ comparison: rounded })), /accuracy is 0.01 below/)
})

test('a rise of an error is a drop', () => {
  const gate = { metric: 'meanAbsoluteError', maxAccuracyDrop: 0.5 } as const
  const worse = comparison({ metric: 'meanAbsoluteError', difference: 0.9, interval: [0.6, 1.2] })
  assert.deepEqual(failures(gate, evidence({ comparison: worse })), [
    'AccuracyDropped: meanAbsoluteError is 0.9 above that of the serving version on the same 500 samples, more than maxAccuracyDrop 0.5 (95 % interval 0.6 to 1.2)',
  ])
  const better = comparison({ metric: 'meanAbsoluteError', difference: -2, interval: [-2.2, -1.8] })
  assert.match(passes(gate, evidence({ comparison: better })), /^meanAbsoluteError is 2 below/)
})

test('a first version has nothing to drop from', () => {
  assert.equal(passes(dropGate, evidence()), 'no version serves that it could be compared with')
})

test('a comparison by another metric, or of no sample, judges nothing', () => {
  assert.deepEqual(failures(dropGate, evidence({ comparison: comparison({ metric: 'f1Macro' }) })), [
    'NotComparable: maxAccuracyDrop 0.01 cannot be judged: the versions were compared by f1Macro, not by accuracy',
  ])
  assert.deepEqual(failures(dropGate, evidence({ comparison: comparison({ samples: 0 }) })), [
    'NotComparable: maxAccuracyDrop 0.01 cannot be judged: there is no sample that both versions answered',
  ])
})
