import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noCounts, type SourceCounts, type StepCounts } from './counts.ts'
import {
  emptyTally,
  groupsOf,
  heard,
  type Listening,
  mostSources,
  type Tally,
  totalOf,
  totals,
} from './tally.ts'

const listening: Listening = { steps: 2, unit: 'request', instances: ['gateway-a', 'gateway-b'] }

const counted = (step: number, requests: number, errors = 0): StepCounts => ({
  ...noCounts(step),
  stable: { requests: requests * 9, errors, slow: 0, overLimit: 0 },
  canary: { requests, errors, slow: 0, overLimit: 0 },
})

const answer = (instance: string, startedAt: string, ...steps: StepCounts[]): SourceCounts => ({
  instance,
  startedAt,
  steps,
})

const after = (tally: Tally, answers: readonly SourceCounts[], more: Partial<Listening> = {}): Tally =>
  heard(tally, answers, { ...listening, ...more }).tally

const requestsOf = (tally: Tally, step = 1): number => totalOf(tally, step).canary.requests

test('what several gateways count at several steps is added up, each at the step whose weight it drew with', () => {
  const tally = after(emptyTally, [
    answer('gateway-a', '1', counted(1, 100), counted(2, 7)),
    answer('gateway-b', '2', counted(1, 50)),
  ])
  assert.deepEqual([requestsOf(tally, 1), requestsOf(tally, 2)], [150, 7])
})

test('an answer that is read again, late, or after a restart of the operator counts once', () => {
  const [early, late] = [
    answer('gateway-a', '1', counted(1, 100, 2)),
    answer('gateway-a', '1', counted(1, 130, 3)),
  ]
  const tally = after(emptyTally, [early, late, early])
  assert.equal(requestsOf(tally), 130)
  const afterRestart = JSON.parse(JSON.stringify(tally)) as Tally
  assert.deepEqual(after(afterRestart, [late]), tally)
})

test('a gateway that restarts counts from 0, and what it counted before stays', () => {
  const before = after(emptyTally, [answer('gateway-a', '1', counted(1, 100))])
  const restarted = after(before, [answer('gateway-a', '2', counted(1, 4))])
  assert.equal(requestsOf(restarted), 104)
  assert.equal(restarted.sources.length, 1)
  assert.deepEqual(after(restarted, [answer('gateway-a', '1', counted(1, 100))]), restarted)
})

test('a gateway that starts anew again and again changes nothing any more, and leaves room for others', () => {
  let { tally } = heard(emptyTally, [], listening)
  for (let start = 1; start <= 20; start += 1)
    tally = after(tally, [answer('gateway-a', `${start}`, counted(1, 10))])
  const again = heard(tally, [answer('gateway-a', '21', counted(1, 10))], listening)
  assert.deepEqual(again.tally, tally)
  assert.match(again.problems.join(), /gateway gateway-a were left out: it has started anew 8 times/)
  assert.equal(requestsOf(after(tally, [answer('gateway-b', '1', counted(1, 5))])), requestsOf(tally) + 5)
})

test('the counts of a pod that is gone stay, and an old list of pods does not bring them a second time', () => {
  const before = after(emptyTally, [
    answer('gateway-a', '1', counted(1, 100)),
    answer('gateway-b', '1', counted(1, 10)),
  ])
  const gone = after(before, [], { instances: ['gateway-b'] })
  assert.equal(requestsOf(gone), 110)
  assert.deepEqual(after(gone, [answer('gateway-a', '1', counted(1, 100))]), gone)
})

test('a gateway that does not answer for a while keeps its counts', () => {
  const before = after(emptyTally, [answer('gateway-a', '1', counted(1, 100))])
  assert.deepEqual(after(before, []), before)
})

test('the tally stays small however often gateways are replaced', () => {
  let tally = emptyTally
  for (let pod = 0; pod < 500; pod += 1)
    tally = after(tally, [answer(`gateway-${pod}`, '1', counted(1, 1), counted(2, 1))], {
      instances: [`gateway-${pod}`],
    })
  assert.equal(requestsOf(tally), 500)
  assert.ok(JSON.stringify(tally).length < 2000)
})

test('counts that cannot be are left out by name, and the others count', () => {
  const bad: readonly (readonly [StepCounts, RegExp])[] = [
    [counted(1, Number.NaN), /stable.requests is NaN/],
    [counted(1, -1), /is -9, which is no whole number/],
    [counted(1, 1.5), /no whole number/],
    [counted(1, 3, 4), /canary.errors is 4, more than the 3 requests/],
    [counted(3, 1), /step 3 is none of the steps 0 to 2/],
    [{ ...counted(1, 1), shadow: { copies: 1, disagreements: 2 } }, /2 disagreements among 1 copies/],
    [counted(1, 2 ** 60), /no whole number/],
  ]
  for (const [steps, expected] of bad) {
    const { tally, problems } = heard(
      emptyTally,
      [answer('gateway-a', '1', steps), answer('gateway-b', '1', counted(1, 5))],
      listening,
    )
    assert.match(problems.join(), expected)
    assert.match(problems.join(), /gateway-a/)
    assert.equal(requestsOf(tally), 5)
  }
  const twice = heard(emptyTally, [answer('gateway-a', '1', counted(1, 1), counted(1, 1))], listening)
  assert.match(twice.problems.join(), /a step is there twice/)
})

test('more gateways than status has room for are named', () => {
  const instances = Array.from({ length: mostSources + 1 }, (_, index) => `gateway-${index}`)
  const { tally, problems } = heard(
    emptyTally,
    instances.map((name) => answer(name, '1', counted(1, 1))),
    { ...listening, instances },
  )
  assert.equal(tally.sources.length, mostSources)
  assert.match(problems.join(), new RegExp(`gateway-${mostSources} were left out`))
})

test('sessions of different gateways stand each by itself, with shares that never add up to more than 1', () => {
  let tally = emptyTally
  let shares = 0
  for (let pod = 0; pod < 1000; pod += 1) {
    const instance = `gateway-${pod}`
    const listened = { unit: 'session', instances: [instance] } as const
    tally = after(tally, [answer(instance, '1', counted(1, 10))], listened)
    for (const { share } of groupsOf(tally, 'session')) shares += share
  }
  assert.ok(shares < 1)
  assert.deepEqual(totals(tally), [counted(1, 10)])
  assert.equal(groupsOf(tally, 'request').length, 1)
})
