import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Comparison } from '@gantry/contract/evaluation.ts'
import type { ModelAgreement } from '@gantry/contract/optimizing.ts'
import { type OptimizationEvidence, type OptimizationGate, optimizationVerdict } from './optimization-gate.ts'

const gate: OptimizationGate = { metric: 'accuracy', maxAccuracyDrop: 0.01, mustBeFaster: false }
const agreement: ModelAgreement = {
  ...{ inputs: 'generated', samples: 200, largestDifference: 0.2, meanDifference: 0.01, sameAnswers: 0.995 },
}
const comparison: Comparison = {
  ...{ name: 'v_2', with: 'v_1', metric: 'accuracy', difference: -0.005, pValue: 0.5, samples: 1000 },
  interval: [-0.012, 0.002],
}
const told = (over: Partial<OptimizationEvidence>, other: Partial<OptimizationGate> = {}) => {
  const verdict = optimizationVerdict({ ...gate, ...other }, { agreement, ...over })
  return [verdict.passed ? verdict.basis : verdict.reason, verdict.sentence] as const
}

test('labelled data decide, however much the answers to other inputs differ', () => {
  const strange = { ...agreement, sameAnswers: 0.2 }
  const [basis, sentence] = told({
    agreement: strange,
    measured: { comparison, speedup: 2.1, isOnGpu: false },
  })
  assert.equal(basis, 'labels')
  assert.match(
    sentence,
    /accuracy is 0\.005 below that of its parent on the same 1000 samples.*2\.1 times as fast/,
  )
})

test('a drop beyond the limit fails with its numbers, and another limit judges the same numbers anew', () => {
  const measured = {
    comparison: { ...comparison, difference: -0.03, interval: [-0.04, -0.02] as const },
    speedup: 2,
    isOnGpu: false,
  }
  const [reason, sentence] = told({ measured })
  assert.equal(reason, 'AccuracyDropped')
  assert.match(sentence, /0\.03 below that of its parent.*more than maxAccuracyDrop 0\.01/)
  assert.equal(told({ measured }, { maxAccuracyDrop: 0.03 })[0], 'labels')
})

test('data that could not be used are no permission', () => {
  assert.deepEqual(
    told({ measured: { unknown: 'v_1 was not measured: it does not load' } })[0],
    'NotComparable',
  )
})

test('without labels the share of changed answers stands in, and the basis says how little that is', () => {
  assert.equal(told({})[0], 'generated')
  assert.equal(told({ agreement: { ...agreement, inputs: 'dataset' } })[0], 'samples')
  assert.equal(told({ agreement: { ...agreement, sameAnswers: 0.99 } })[0], 'generated')
  const [reason, sentence] = told({ agreement: { ...agreement, sameAnswers: 0.985 } })
  assert.equal(reason, 'AgreementTooLow')
  assert.match(sentence, /1\.5 % of the answers to 200 generated inputs differ/)
})

test('a share of few samples says how much they do not exclude', () => {
  const few = { ...agreement, inputs: 'dataset' as const, samples: 4, sameAnswers: 1 }
  assert.match(told({ agreement: few })[1], /these samples do not exclude that 75 % differ/)
  assert.match(told({ agreement: { ...agreement, sameAnswers: 1 } })[1], /do not exclude that 1\.5 % differ/)
  assert.doesNotMatch(told({ agreement: { ...few, samples: 300 } })[1], /exclude/)
})

test('answers that could not be compared prove nothing', () => {
  const [reason, sentence] = told({ agreement: { unknown: 'no inputs can be generated' } })
  assert.equal(reason, 'NotComparable')
  assert.match(sentence, /nothing proves that it answers as its parent does: no inputs can be generated/)
  const measured = { comparison, speedup: 2, isOnGpu: false }
  assert.equal(told({ agreement: { unknown: 'no inputs' }, measured })[0], 'labels')
})

test('int8 on a GPU is served only where it measured faster', () => {
  const onGpu = { mustBeFaster: true }
  assert.equal(told({ measured: { comparison, speedup: 1.2, isOnGpu: true } }, onGpu)[0], 'labels')
  const [reason, sentence] = told({ measured: { comparison, speedup: 0.8, isOnGpu: true } }, onGpu)
  assert.equal(reason, 'NotFaster')
  assert.match(sentence, /0\.8 times as fast as its parent/)
  assert.equal(told({}, onGpu)[0], 'NotFaster')
  const elsewhere = told({ measured: { comparison, speedup: 1.2, isOnGpu: false } }, onGpu)
  assert.equal(elsewhere[0], 'NotFaster')
  assert.match(elsewhere[1], /not measured: one of both ran on the CPU/)
})
