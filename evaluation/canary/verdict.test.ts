import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noCounts, type StepCounts, type TrackCounts } from './counts.ts'
import { seen, unseen } from './sentences.ts'
import { emptyTally, heard } from './tally.ts'
import { defaultLimits, type Limits, type Question, thresholdOf, verdictOf } from './verdict.ts'

const names = { canary: 'v_2', stable: 'v_1' }

const track = (requests: number, errors = 0, slow = 0, overLimit = 0): TrackCounts => ({
  requests,
  errors,
  slow,
  overLimit,
})

const question = (
  steps: readonly StepCounts[],
  limits: Partial<Limits> = {},
  more: Partial<Question> = {},
): Question => ({
  tally: heard(emptyTally, [{ instance: 'gateway', startedAt: '1', steps }], {
    steps: 2,
    unit: 'request',
    instances: ['gateway'],
  }).tally,
  unit: 'request',
  weights: [10, 50],
  limits: { ...defaultLimits, ...limits },
  ...more,
})

const healthy: readonly StepCounts[] = [
  { ...noCounts(1), stable: track(4500, 45, 225), canary: track(500, 5, 25) },
  { ...noCounts(2), stable: track(500, 5, 25), canary: track(500, 5, 25) },
]

const said = (asked: Question): string => seen(verdictOf(asked), asked, names)

test('a version that is as good as the one before is not rejected, and status says what was counted', () => {
  assert.equal(verdictOf(question(healthy)).kind, 'notRejected')
  assert.equal(
    said(question(healthy)),
    'nothing shows that v_2 is worse than v_1: of 1000 requests 10 errors and 50 slow, against 50 and 250 of 5000; evidence 0.078 of the 60 that reject it',
  )
})

test('a version with more errors than the margin allows is rejected, with a bound that evidence supports', () => {
  const worse = question([{ ...noCounts(1), stable: track(4500, 45), canary: track(500, 25) }])
  assert.equal(verdictOf(worse).kind, 'rejected')
  assert.match(
    said(worse),
    /^v_2 has at least 2x as many errors as v_1 \(25 of 500 requests against 45 of 4500\), evidence \d+ against 60$/,
  )
})

test('a version with more slow answers is rejected', () => {
  const slow = question([{ ...noCounts(1), stable: track(4500, 0, 225), canary: track(500, 0, 75) }])
  assert.match(
    said(slow),
    /^v_2 has at least 1\.\dx as many slow answers as v_1 \(75 of 500 requests against 225 of 4500\)/,
  )
})

test('limits that hold whatever stable does are tested by themselves', () => {
  const both = [{ ...noCounts(1), stable: track(4500, 225, 0), canary: track(500, 25, 0, 60) }]
  assert.equal(verdictOf(question(both)).kind, 'notRejected')
  assert.match(
    said(question(both, { maxErrorRate: 0.01 })),
    /^at least [23]\.?\d? % of the requests of v_2 fail \(25 of 500\), more than maxErrorRate 0.01 allows, evidence/,
  )
  assert.match(
    said(question(both, { maxLatencyP95Ms: 80 })),
    /take longer than maxLatencyP95Ms 80 \(60 of 500\), and 5 % may, evidence/,
  )
  const copies = [{ ...noCounts(0), shadow: { copies: 900, disagreements: 60 } }]
  assert.match(
    said(question(copies, { maxDisagreement: 0.01 })),
    /of the answers of v_2 differ from those of v_1 \(60 of 900\), more than 1 %/,
  )
})

test('one error is too many where none is allowed', () => {
  const one = [{ ...noCounts(1), stable: track(90), canary: track(10, 1) }]
  assert.match(
    said(question(one, { maxErrorRate: 0 })),
    /\(1 of 10\), more than maxErrorRate 0 allows, evidence more than 1000000 against 60/,
  )
})

test('the threshold divides alpha among the tests that are made, and among three at least', () => {
  assert.equal(thresholdOf(defaultLimits), 60)
  assert.equal(thresholdOf({ ...defaultLimits, maxErrorRate: 0.01 }), 60)
  assert.equal(
    thresholdOf({ ...defaultLimits, maxErrorRate: 0.01, maxLatencyP95Ms: 80, maxDisagreement: 0.1 }),
    100,
  )
  assert.equal(thresholdOf({ ...defaultLimits, alpha: 0.01 }), 300)
})

test('requests at weight 0 and 100 are compared with nothing', () => {
  const alone = [
    { ...noCounts(0), stable: track(1000), canary: track(50, 50) },
    { ...noCounts(2), stable: track(0), canary: track(1000, 900) },
  ]
  const asked = question(alone, {}, { weights: [50, 100] })
  assert.equal(verdictOf(asked).kind, 'notRejected')
  assert.equal(said(asked), 'no requests of v_2 were compared with v_1 yet')
})

test('what could not have been seen is computed from the requests that there were', () => {
  const few = [{ ...noCounts(2), stable: track(250, 2), canary: track(250, 3) }]
  assert.match(
    unseen(question(few, { errorMargin: 1 })),
    /^with 500 requests a rise of errors from 0\.8 % to 4 % is found in (2\d|3\d) % of cases$/,
  )
  const many = [{ ...noCounts(1), stable: track(90_000, 900), canary: track(10_000, 100) }]
  assert.equal(
    unseen(question(many)),
    'with 100000 requests a rise of errors from 1 % to 5 % is found in 100 % of cases',
  )
  assert.equal(
    unseen(question([])),
    'with 0 requests a rise of errors from 1 % to 5 % is found in 0 % of cases',
  )
})

test('sessions are counted as such', () => {
  const asked = question(
    [{ ...noCounts(1), stable: track(4500, 45), canary: track(500, 40) }],
    {},
    { unit: 'session' },
  )
  assert.match(said(asked), /40 of 500 sessions against 45 of 4500/)
})

test('evidence of sessions has to be that of one gateway, and has a share of alpha only', () => {
  const steps = [{ ...noCounts(1), stable: track(4500, 45), canary: track(500, 20) }]
  const verdict = (unit: 'request' | 'session') => verdictOf(question(steps, {}, { unit }))
  assert.equal(verdict('request').kind, 'rejected')
  assert.equal(verdict('session').kind, 'notRejected')
  const gateways = ['a', 'b', 'c', 'd']
  const half = [{ ...noCounts(1), stable: track(4500, 45), canary: track(500, 15) }]
  const { tally } = heard(
    emptyTally,
    gateways.map((instance) => ({ instance, startedAt: '1', steps: half })),
    { steps: 2, unit: 'session', instances: gateways },
  )
  assert.equal(verdictOf(question([], {}, { tally })).kind, 'rejected')
  assert.equal(verdictOf(question([], {}, { tally, unit: 'session' })).kind, 'notRejected')
})
