import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Comparison } from '../../contract/evaluation.ts'
import { servedVerdict } from './final-numbers.ts'

const compared = (difference: number, more: Partial<Comparison> = {}) => ({
  reports: [
    {
      comparisons: [
        {
          ...{ name: 'after', with: 'before', metric: 'accuracy', difference, pValue: 0.5, samples: 50 },
          interval: [difference - 0.02, difference + 0.02],
          ...more,
        } satisfies Comparison,
      ],
    },
  ],
})

test('final numbers have an interval, and say what so few samples do not exclude', () => {
  const { passed, sentence } = servedVerdict(compared(-0.01), 'accuracy', 0.01)
  assert.equal(passed, true)
  assert.match(sentence, /that of the original on the same 50 samples .*95 % interval -0\.01 to 0\.03/)
  assert.match(sentence, /do not exclude a drop of 0\.06/)
})

test('a model that loses more than is allowed as it is served is refused by the gate of a ModelDeployment', () => {
  const verdict = servedVerdict(compared(-0.02), 'accuracy', 0.01)
  assert.deepEqual([verdict.passed, verdict.reason], [false, 'AccuracyDropped'])
  assert.match(verdict.sentence, /0\.02 below .* more than maxAccuracyDrop 0\.01 .*gentler recipe/)
  const error = { metric: 'meanSquaredError' } as const
  assert.equal(servedVerdict(compared(1, error), 'meanSquaredError', 0.01).passed, false)
  assert.equal(servedVerdict(compared(-1, error), 'meanSquaredError', 0.01).passed, true)
})

test('a model that the server could not measure is refused for a reason of its own', () => {
  for (const results of [{}, { reports: [{}] }, compared(0, { samples: 0 })]) {
    const { reason, sentence } = servedVerdict(results, 'accuracy', 1)
    assert.equal(reason, 'NotComparable')
    assert.match(sentence, /cannot be judged/)
  }
})
