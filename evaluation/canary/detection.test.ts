import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chanceOfFinding, type Rise, type Sensitivity, type Stretch } from './detection.ts'
import { exactChance } from './testing/exact-chance.ts'

const sensitivity: Sensitivity = { margin: 1, logThreshold: Math.log(60) }
const rise: Rise = { stable: 0.01, canary: 0.05 }

test('the chance of finding a rise is the exact one, to the error of a draw', () => {
  for (const weight of [0.05, 0.1, 0.5])
    for (const requests of [100, 500, 1500])
      for (const margin of [1, 1.5]) {
        const asked = { ...sensitivity, margin }
        const exact = exactChance({ weight, requests }, rise, asked)
        const found = chanceOfFinding([{ weight, requests }], rise, asked)
        assert.ok(
          Math.abs(found - exact) < 0.05,
          `${found} is not ${exact} at ${weight}, ${requests}, ${margin}`,
        )
      }
})

test('500 requests find a rise from 1 to 5 % in 14 % of cases with weight 10, and in 37 % with weight 50', () => {
  const chance = (weight: number): number => exactChance({ weight, requests: 500 }, rise, sensitivity)
  // The table's figures are of looks after every 50 requests; these are of a look after every request.
  assert.ok(chance(0.1) > 0.13 && chance(0.1) < 0.18, `${chance(0.1)}`)
  assert.ok(chance(0.5) > 0.36 && chance(0.5) < 0.42, `${chance(0.5)}`)
})

test('what was counted at several weights is found together', () => {
  const [first, second]: readonly Stretch[] = [
    { weight: 0.1, requests: 1000 },
    { weight: 0.5, requests: 400 },
  ] as const
  const both = chanceOfFinding([first, second], rise, sensitivity)
  for (const each of [first, second]) assert.ok(both > chanceOfFinding([each], rise, sensitivity))
})

test('nothing is found without requests, without the canary, or where nothing rises', () => {
  assert.equal(chanceOfFinding([], rise, sensitivity), 0)
  assert.equal(chanceOfFinding([{ weight: 0.1, requests: 0 }], rise, sensitivity), 0)
  assert.equal(chanceOfFinding([{ weight: 0, requests: 5000 }], rise, sensitivity), 0)
  assert.equal(chanceOfFinding([{ weight: 1, requests: 5000 }], rise, sensitivity), 0)
  assert.ok(
    chanceOfFinding([{ weight: 0.1, requests: 5000 }], { stable: 0.01, canary: 0.01 }, sensitivity) < 0.02,
  )
  assert.equal(chanceOfFinding([{ weight: 0.5, requests: 5000 }], { stable: 0, canary: 0 }, sensitivity), 0)
})

test('a version that always fails is found within a few requests', () => {
  assert.equal(chanceOfFinding([{ weight: 0.5, requests: 100 }], { stable: 0, canary: 1 }, sensitivity), 1)
  assert.equal(
    chanceOfFinding(
      [{ weight: 0.5, requests: 1e12 }],
      { stable: 1, canary: 1 },
      { ...sensitivity, margin: 0.1 },
    ),
    1,
  )
})
