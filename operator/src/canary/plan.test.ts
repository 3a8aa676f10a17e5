import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noCounts } from '@gantry/evaluation/canary/counts.ts'
import { randomOf } from '@gantry/evaluation/random.ts'
import { gateway } from '../testing/gateways.ts'
import {
  broken,
  pass,
  passAfter,
  passUntil,
  situationOf,
  twoSteps,
  type World,
  worldOf,
} from '../testing/rollouts.ts'
import { messageOf } from './message.ts'
import { planOf } from './plan.ts'
import type { Plan } from './rollout.ts'

const world = (more: Partial<World> = {}): World => worldOf(randomOf(7), more)
const isHold =
  (hold: string) =>
  (plan: Plan): boolean =>
    plan.kind === 'run' && plan.hold === hold
const isKind =
  (kind: Plan['kind']) =>
  (plan: Plan): boolean =>
    plan.kind === kind
const atStep =
  (step: number) =>
  (plan: Plan): boolean =>
    plan.kind === 'run' && plan.canary.step === step

test('a version that is as good goes up step by step, and takes the place of the one before', () => {
  const model = world()
  const steps: number[] = []
  const plan = passUntil(model, (next) => {
    if (next.kind === 'run' && next.canary.weight !== steps.at(-1)) steps.push(next.canary.weight)
    return next.kind === 'promote'
  })
  assert.deepEqual(steps, [0, 10, 50])
  assert.equal(plan.kind, 'promote')
  assert.match(
    messageOf(plan as Plan & { kind: 'promote' }),
    /^all steps are over; nothing shows that v_2 is worse than v_1: of \d+ requests .*; with \d+ requests a rise of errors from 1 % to 5 % is found in \d+ % of cases$/,
  )
  assert.equal(passAfter(model, 10, 100).kind, 'promote')
  model.isStableWhole = true
  assert.equal(pass(model).kind, 'idle')
  assert.equal(model.canary, undefined)
})

test('a version that is worse is rejected with a sentence, and is not tried again', () => {
  const model = world({ quality: broken })
  const plan = passUntil(model, isKind('rejected'))
  assert.equal(plan.rejection?.reason, 'CanaryWorse')
  assert.match(
    plan.rejection?.message ?? '',
    /^v_2 has at least \d+(\.\d)?x as many errors as v_1 .*, evidence .* against 60$/,
  )
  for (let count = 0; count < 20; count += 1) assert.equal(passAfter(model, 3600, 100).kind, 'rejected')
  assert.equal(model.active, 'v_1')
})

test('a step has to have its time and its requests before the next one begins', () => {
  const short = world()
  passUntil(short, atStep(1))
  for (let seconds = 0; seconds < 50; seconds += 10) assert.ok(atStep(1)(passAfter(short, 10, 2000)))
  assert.ok(atStep(2)(passAfter(short, 10, 2000)))
  const few = world()
  passUntil(few, atStep(1))
  for (let count = 0; count < 100; count += 1) assert.ok(isHold('Holding')(passAfter(few, 60, 10)))
  assert.ok(atStep(2)(passUntil(few, atStep(2), 100)))
})

test('the canary gets no requests before its pods are ready and the latencies of stable are known', () => {
  const model = world({ isCanaryReady: false })
  for (let count = 0; count < 20; count += 1) {
    passAfter(model, 60, 100)
    assert.deepEqual([model.canary?.weight, model.active], [0, 'v_1'])
  }
  assert.ok(isHold('CanaryNotReady')(passAfter(model, 60, 100)))
  model.rollout = { ...twoSteps, maxStepSeconds: 600 }
  passUntil(model, isHold('CanaryStarved'))
  const quiet = world()
  pass(quiet)
  for (let count = 0; count < 20; count += 1) assert.ok(atStep(0)(passAfter(quiet, 60, 1)))
  const plan = passUntil(quiet, atStep(1))
  assert.equal(plan.kind === 'run' ? plan.canary.slowMs : 0, 10.4)
})

test('copies are compared before the first step where a shadow is asked for', () => {
  const model = world({ rollout: { ...twoSteps, shadowPercent: 10 } })
  for (let count = 0; count < 10; count += 1) passAfter(model, 60, 100)
  const plan = passAfter(model, 60, 100)
  assert.match(plan.kind === 'run' ? plan.why : '', /^0 of 250 copies were compared before the first step$/)
  const situation = situationOf(model)
  const shadow = { copies: 250, disagreements: 0 }
  const answers = [{ instance: 'gateway-a', startedAt: '9', steps: [{ ...noCounts(0), shadow }] }]
  assert.ok(atStep(1)(planOf({ ...situation, answers })))
})

test('a step without enough requests is reported after maxStepSeconds, and goes on where they come', () => {
  const model = world({ rollout: { ...twoSteps, maxStepSeconds: 3600 } })
  passUntil(model, atStep(1))
  passUntil(model, isHold('CanaryStarved'), 0)
  assert.equal(model.canary?.weight, 10)
  passUntil(model, isKind('promote'))
})

test('a pause keeps the weight and stops the clock, and evidence still rejects', () => {
  const model = world()
  passUntil(model, atStep(1))
  model.annotation = 'pause@v_2'
  pass(model)
  const held = model.canary?.heldSeconds
  for (let count = 0; count < 20; count += 1) assert.ok(isHold('Paused')(passAfter(model, 600, 100)))
  assert.deepEqual([model.canary?.heldSeconds, model.canary?.weight], [held, 10])
  model.annotation = 'resume@v_2'
  assert.ok(isHold('Holding')(passAfter(model, 600, 0)))
  assert.equal(model.canary?.heldSeconds, held)
  model.annotation = 'pause@v_2'
  model.quality = broken
  assert.equal(passUntil(model, isKind('rejected')).rejection?.reason, 'CanaryWorse')
})

test('promote skips what is left of the steps, but not a rejection and not pods that are not ready', () => {
  const model = world({ annotation: 'promote@v_2', isCanaryReady: false })
  pass(model)
  assert.ok(isHold('CanaryNotReady')(passAfter(model, 10, 100)))
  model.isCanaryReady = true
  assert.equal(passAfter(model, 10, 100).kind, 'promote')
  const worse = world({ quality: broken })
  passUntil(worse, isKind('rejected'))
  worse.annotation = 'promote@v_2'
  assert.equal(passAfter(worse, 10, 100).kind, 'rejected')
})

test('abort rejects; another resume tries again from the start, once', () => {
  const model = world({ quality: broken, annotation: 'resume@v_2' })
  passUntil(model, isKind('rejected'))
  for (let count = 0; count < 5; count += 1) assert.equal(passAfter(model, 10, 100).kind, 'rejected')
  model.annotation = undefined
  pass(model)
  model.annotation = 'resume@v_2'
  const again = pass(model)
  assert.ok(again.kind === 'run' && again.canary.step === 0 && again.rejection === undefined)
  model.annotation = 'abort@v_2'
  assert.equal(passAfter(model, 10, 100).rejection?.reason, 'CanaryAborted')
})

test('what a try before counted is not taken for what a new one counts', () => {
  const model = world({ quality: broken })
  passUntil(model, isKind('rejected'))
  model.annotation = 'resume@v_2'
  model.quality = { canary: 0, stable: 0.01 }
  passUntil(model, isKind('promote'))
})

test('a new spec in the middle starts over, and going back to what serves ends the rollout', () => {
  const model = world()
  passUntil(model, atStep(2))
  model.candidate = 'v_3'
  assert.ok(isHold('Starting')(pass(model)))
  assert.equal(model.canary?.weight, 0)
  passUntil(model, atStep(2))
  model.rollout = { ...twoSteps, steps: [{ weight: 20, holdSeconds: 5 }] }
  assert.ok(isHold('Starting')(pass(model)))
  model.candidate = 'v_1'
  assert.equal(pass(model).kind, 'idle')
})

test('a version that was rejected stays so while another one is tried, unless how it is tried changes', () => {
  const model = world({ quality: broken })
  passUntil(model, isKind('rejected'))
  model.candidate = 'v_3'
  model.quality = { canary: 0.01, stable: 0.01 }
  passUntil(model, atStep(1))
  model.candidate = 'v_2'
  assert.equal(pass(model).kind, 'rejected')
  model.rollout = { ...twoSteps, limits: { ...twoSteps.limits, errorMargin: 3 } }
  assert.equal(pass(model).kind, 'run')
})

test('an annotation of another version is not meant, and one that cannot be read is refused by name', () => {
  const model = world({ annotation: 'abort@v_1' })
  assert.equal(passAfter(model, 10, 100).kind, 'run')
  for (const annotation of ['abrot@v_2', 'abort', 'abort@', 'abort@v_2@v_1', '@v_2']) {
    model.annotation = annotation
    const plan = passAfter(model, 10, 100)
    assert.equal(plan.kind, 'run')
    assert.match(
      plan.problems.join(),
      /gantry\.dev\/rollout is .*, not ACTION@VERSION with one of promote, abort, pause, resume/,
    )
  }
})

test('a clock that jumps neither shortens a step nor reports one', () => {
  const model = world()
  passUntil(model, atStep(1))
  model.nowMs += 30 * 86_400_000
  assert.ok(isHold('Holding')(passAfter(model, 0, 1)))
  model.nowMs -= 60 * 86_400_000
  for (let count = 0; count < 3; count += 1) assert.ok(isHold('Holding')(passAfter(model, 1, 1)))
  assert.ok((model.canary?.heldSeconds ?? 0) <= 63)
  passUntil(model, isKind('promote'))
})

test('a model that waits writes nothing but the time, and that seldom', () => {
  const model = world()
  passUntil(model, atStep(1))
  const written = new Set<string>()
  for (let count = 0; count < 60; count += 1) {
    passAfter(model, 1, 0)
    written.add(JSON.stringify(model.canary))
  }
  assert.ok(written.size <= 6, `${written.size} different statuses in a minute`)
})

test('a gateway that restarts, one that is gone and one that lags behind lose no step', () => {
  const model = world()
  passUntil(model, atStep(1))
  model.gateways[0]?.restart()
  model.isRead = false
  passUntil(model, atStep(2))
  for (let count = 0; count < 3; count += 1) passAfter(model, 10, 100)
  assert.deepEqual(
    model.canary?.tally.sources
      .flatMap(({ steps }) => steps.map(({ step }) => step))
      .filter((step) => step === 2),
    [],
  )
  model.isRead = true
  model.gateways = [gateway('gateway-c')]
  passUntil(model, isKind('promote'))
})

test('without a version that serves there is nothing to compare with', () => {
  assert.equal(planOf({ ...situationOf(world()), active: undefined }).kind, 'idle')
  assert.equal(planOf({ ...situationOf(world()), candidate: undefined }).kind, 'idle')
})

test('maxErrorRate rejects a version that has more errors than that, though stable has as many', () => {
  const quality = { canary: 0.2, stable: 0.2 }
  const model = world({
    quality,
    rollout: { ...twoSteps, limits: { ...twoSteps.limits, maxErrorRate: 0.05 } },
  })
  const plan = passUntil(model, isKind('rejected'))
  assert.match(
    plan.rejection?.message ?? '',
    /of the requests of v_2 fail .*, more than maxErrorRate 0\.05 allows/,
  )
  assert.equal(passUntil(world({ quality }), isKind('promote')).kind, 'promote')
})

/** A rollout whose version stable is taking over, pod by pod. */
const promoting = (): World => {
  const model = world()
  passUntil(model, isKind('promote'))
  assert.deepEqual([model.active, model.isStableWhole], ['v_2', false])
  return model
}

test('abort while stable takes the version over brings the version before back, and tells so', () => {
  const model = promoting()
  model.annotation = 'abort@v_2'
  const plan = pass(model)
  assert.equal(plan.rejection?.reason, 'CanaryAborted')
  assert.equal(plan.rejection?.returnsTo, 'v_1')
  assert.equal(pass(model).rejection?.returnsTo, 'v_1')
  model.active = 'v_1'
  assert.equal(pass(model).rejection?.returnsTo, 'v_1')
  model.isStableWhole = true
  assert.equal(pass(model).rejection?.returnsTo, undefined)
  for (let count = 0; count < 5; count += 1) assert.equal(passAfter(model, 10, 100).kind, 'rejected')
})

test('a version that is tried again while stable still returns is compared with the one before', () => {
  const model = promoting()
  model.annotation = 'abort@v_2'
  pass(model)
  model.annotation = 'resume@v_2'
  const plan = pass(model)
  assert.ok(plan.kind === 'run' && plan.canary.stable === 'v_1')
  assert.ok(
    pass(model).kind === 'run',
    'the version that is tried is not promoted because stable still has it',
  )
})

test('the version before in spec while stable takes the new one over ends the rollout at once', () => {
  const model = promoting()
  model.candidate = 'v_1'
  assert.equal(pass(model).kind, 'idle')
})

test('a pause while stable takes the version over is refused by a sentence', () => {
  const model = promoting()
  model.annotation = 'pause@v_2'
  const plan = pass(model)
  assert.equal(plan.kind, 'promote')
  assert.match(plan.problems.join(), /pause@v_2 comes too late/)
})
