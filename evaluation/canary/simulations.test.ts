/** Short forms of the simulations; `npm run verdict` repeats them with 10,000 rollouts each. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { powers } from './testing/powers.ts'
import { quantile, requestsPerLook, simulate } from './testing/simulation.ts'
import { rows } from './testing/situations.ts'

const rollouts = 300
const looks = 100

/** Four standard deviations above the nominal share: a valid test fails one run of thirty thousand. */
const mostOf = (nominal: number): number => nominal + 4 * Math.sqrt((nominal * (1 - nominal)) / rollouts)

for (const { name, kind, nominal, situation } of rows)
  test(`${name}: ${kind === 'valid' ? 'rejected no more often than promised' : 'rejected far too often'}`, () => {
    const { rejected } = simulate(situation(looks), rollouts)
    const most = mostOf(nominal)
    assert.equal(rejected <= most, kind === 'valid', `${rejected}, and at most ${most} are allowed`)
  })

test('a version that is worse is rejected as soon as the measured table says, within 10 %', () => {
  for (const { name, weight, expected, situation } of powers.slice(0, -1)) {
    const { canaryRequests } = simulate(situation, 1000)
    for (const [index, share] of [0.5, 0.8].entries()) {
      const [found, of] = [quantile(canaryRequests, share), expected[index]]
      if (of === undefined) continue
      // The table's figures are rounded to looks.
      const rounding = (requestsPerLook * weight) / 2
      assert.ok(Math.abs(found - of) <= 0.1 * of + rounding, `${name}: ${found} is not ${of}`)
    }
  }
})
