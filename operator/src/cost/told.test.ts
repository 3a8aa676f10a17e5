import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HourlyCost } from '@gantry/evaluation/hourly-cost.ts'
import { nextTold } from './told.ts'
import type { CostedModel, KnownCost } from './world.ts'

const minuteMs = 60_000
const cost = (over: Partial<HourlyCost> = {}): HourlyCost => {
  const { base, hardware, inference } = { base: 1, hardware: 4, inference: 5, ...over }
  return { base, hardware, inference, total: base + hardware + inference }
}
const known = (over: Partial<KnownCost> = {}): KnownCost => ({
  ...{ kind: 'known', currency: 'EUR', cost: cost(), perPod: 4, over: { budget: 20, is: false } },
  ...over,
})
const model: CostedModel = {
  ...{ key: 'shop/m', namespace: 'shop', name: 'm', uid: 'u', pods: [], volumes: [] },
  ...{ budget: 20, bounds: { min: 1, max: 9 }, shown: undefined, wasOver: false },
}
const isTold = (now: KnownCost, ageMs = 0): boolean => nextTold(model, known(), now, ageMs) === now

for (const [what, now, ageMs, told] of [
  ['the same', known(), 60 * minuteMs, false],
  ['requests that cost a little more', known({ cost: cost({ inference: 5.9 }) }), 60 * minuteMs, false],
  [
    'requests that cost a tenth more of the total',
    known({ cost: cost({ inference: 6.2 }) }),
    10 * minuteMs,
    true,
  ],
  ['the same before ten minutes', known({ cost: cost({ inference: 6.2 }) }), 9 * minuteMs, false],
  ['another pod', known({ cost: cost({ hardware: 8 }) }), 0, true],
  ['a larger volume', known({ cost: cost({ base: 3 }) }), 0, true],
  ['a budget that is exceeded', known({ over: { budget: 20, is: true } }), 0, true],
  ['another budget', known({ over: { budget: 21, is: false } }), 0, true],
  ['another currency', known({ currency: 'USD' }), 0, true],
  ['a dearer pod that lowers the ceiling', known({ perPod: 5 }), 0, true],
  ['a dearer pod that leaves the ceiling', known({ perPod: 4.1 }), 0, false],
] as const)
  test(`${what} ${told ? 'is' : 'is not'} told`, () => {
    assert.equal(isTold(now, ageMs), told)
  })

test('an operator that has just started tells what the status says, where that is near', () => {
  const shown = cost({ inference: 5.5 })
  assert.deepEqual(nextTold({ ...model, shown }, { kind: 'pending' }, known(), 0), known({ cost: shown }))
  const far = cost({ inference: 9 })
  assert.deepEqual(nextTold({ ...model, shown: far }, { kind: 'pending' }, known(), 0), known())
})
