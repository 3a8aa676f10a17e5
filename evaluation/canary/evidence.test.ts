import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atLeast, type Look, logEvidence, logEvidenceAbove, rateAtLeast } from './evidence.ts'

const looks: readonly Look[] = [
  { weight: 0.1, canaryEvents: 3, stableEvents: 9 },
  { weight: 0.1, canaryEvents: 7, stableEvents: 8 },
  { weight: 0.5, canaryEvents: 12, stableEvents: 4 },
]
const close = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`)

test('evidence and its bound are those of the same formula in numpy', () => {
  close(logEvidence(looks), 7.336195, 5e-7)
  close(logEvidence(looks, 1.5), 3.536211, 5e-7)
  close(atLeast(looks, Math.log(60)), 1.401, 5e-4)
})

test('evidence depends neither on the order of looks nor on how they are divided', () => {
  const whole: readonly Look[] = [
    { weight: 0.5, canaryEvents: 12, stableEvents: 4 },
    { weight: 0.1, canaryEvents: 10, stableEvents: 17 },
  ]
  close(logEvidence(whole, 1.5), logEvidence(looks, 1.5), 1e-12)
})

test('under the hypothesis the mean of evidence after one event is 1, and less where the canary is better', () => {
  for (const weight of [0.01, 0.1, 0.5, 0.99])
    for (const margin of [0.5, 1, 1.5]) {
      const mean = (ratio: number): number => {
        const chance = (weight * ratio) / (weight * ratio + 1 - weight)
        const evidence = (canaryEvents: number): number =>
          Math.exp(logEvidence([{ weight, canaryEvents, stableEvents: 1 - canaryEvents }], margin))
        return chance * evidence(1) + (1 - chance) * evidence(0)
      }
      close(mean(margin), 1, 1e-12)
      assert.ok(mean(margin * 0.8) < 1)
      assert.ok(mean(margin * 1.2) > 1)
    }
})

test('the mean of evidence against a limit is 1 at the limit', () => {
  for (const limit of [0.001, 0.01, 0.05, 0.5]) {
    const evidence = (events: number): number => Math.exp(logEvidenceAbove({ events, trials: 1 }, limit))
    close(limit * evidence(1) + (1 - limit) * evidence(0), 1, 1e-12)
  }
})

test('a weight at which nothing is compared, and a look without events, say nothing', () => {
  for (const weight of [0, 1]) assert.equal(logEvidence([{ weight, canaryEvents: 1000, stableEvents: 3 }]), 0)
  assert.equal(logEvidence([]), 0)
  assert.equal(logEvidence([...looks, { weight: 1, canaryEvents: 9, stableEvents: 9 }]), logEvidence(looks))
  close(logEvidence([{ weight: 0.5, canaryEvents: 0, stableEvents: 0 }]), 0, 1e-12)
  close(logEvidenceAbove({ events: 0, trials: 0 }, 0.01), 0, 1e-12)
  assert.equal(atLeast([], Math.log(60)), 0)
  assert.equal(rateAtLeast({ events: 0, trials: 10_000 }, Math.log(60)), 0)
})

test('huge counts stay numbers', () => {
  const huge: readonly Look[] = [{ weight: 0.1, canaryEvents: 1e15, stableEvents: 9e15 }]
  assert.ok(Number.isFinite(logEvidence(huge)))
  assert.ok(logEvidence(huge) < 0)
  close(atLeast([{ weight: 0.5, canaryEvents: 3e15, stableEvents: 1e15 }], Math.log(60)), 3, 1)
  assert.ok(Number.isFinite(logEvidenceAbove({ events: 1e15, trials: 2e15 }, 1e-9)))
})

test('a limit of 0 is refuted by the first event, and a limit of 1 by none', () => {
  assert.equal(logEvidenceAbove({ events: 1, trials: 1e6 }, 0), Number.POSITIVE_INFINITY)
  assert.equal(logEvidenceAbove({ events: 0, trials: 1e6 }, 0), 0)
  assert.equal(logEvidenceAbove({ events: 10, trials: 10 }, 1), 0)
})

test('the bound of a rate lies below what was observed', () => {
  const bound = rateAtLeast({ events: 40, trials: 1000 }, Math.log(60))
  assert.ok(bound > 0.015 && bound < 0.04, `${bound}`)
})
