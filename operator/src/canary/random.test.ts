/** Random lives of a rollout: whatever happens, no step is skipped, nothing rejected is promoted, and it comes to an end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomOf } from '@gantry/evaluation/random.ts'
import { gateway } from '../testing/gateways.ts'
import {
  broken,
  healthy,
  pass,
  passAfter,
  situationOf,
  twoSteps,
  type World,
  worldOf,
} from '../testing/rollouts.ts'
import { planOf } from './plan.ts'
import { type Plan, type Rollout, revisionOf } from './rollout.ts'

const lives = Number(process.env['GANTRY_RANDOM_ROLLOUTS'] ?? 100)
const firstSeed = Number(process.env['GANTRY_RANDOM_SEED'] ?? 1)

const rollouts: readonly Rollout[] = [
  twoSteps,
  { ...twoSteps, steps: [{ weight: 100, holdSeconds: 0 }] },
  { ...twoSteps, steps: [1, 5, 10, 25, 50].map((weight) => ({ weight, holdSeconds: 30 })) },
  { ...twoSteps, limits: { ...twoSteps.limits, maxErrorRate: 0.02, minRequests: 0 } },
  { ...twoSteps, unit: 'session' },
]
const versions = ['v_1', 'v_2', 'v_3']
const annotations = [
  undefined,
  ...['promote', 'abort', 'pause', 'resume', 'stop'].flatMap((action) =>
    versions.map((version) => `${action}@${version}`),
  ),
]

type Event = (world: World, random: () => number) => void
const oneOf = <Item>(items: readonly Item[], random: () => number): Item =>
  items[Math.floor(random() * items.length)] as Item

const events: readonly Event[] = [
  (world, random) => Object.assign(world, { annotation: oneOf(annotations, random) }),
  (world, random) => Object.assign(world, { candidate: oneOf(versions, random) }),
  (world, random) => Object.assign(world, { rollout: oneOf(rollouts, random) }),
  (world, random) => Object.assign(world, { quality: oneOf([healthy, broken], random) }),
  (world, random) => Object.assign(world, { isCanaryReady: random() < 0.8 }),
  (world, random) => Object.assign(world, { hasNextPods: random() < 0.8 }),
  (world, random) => Object.assign(world, { isRead: random() < 0.8 }),
  (world, random) => Object.assign(world, { isStableWhole: random() < 0.5 }),
  (world, random) => Object.assign(world, { nowMs: world.nowMs + Math.floor((random() - 0.5) * 1e9) }),
  ({ gateways }, random) => oneOf(gateways, random).restart(),
  (world, random) => {
    world.gateways = [...world.gateways.slice(random() < 0.5 ? 1 : 0, 3), gateway(`gateway-${random()}`)]
  },
  // The write of status was lost: the next pass sees the status of before.
  (world) => {
    const { canary, rejection, active, isStableWhole } = world
    pass(world)
    Object.assign(world, { canary, rejection, active, isStableWhole })
  },
]

/** What must hold between two passes. */
const assertStep = (before: World, plan: Plan, annotationBefore: string | undefined): void => {
  const { rollout, candidate, canary, rejection, annotation } = before
  const revision = revisionOf(candidate, rollout)
  const isPromoting = canary?.phase === 'Promoting' && candidate === before.active
  if (plan.kind === 'idle' || plan.kind === 'rejected' || isPromoting) return
  const next = plan.canary
  assert.equal(next.weight, rollout.steps[next.step - 1]?.weight ?? 0)
  if (rejection?.revision === revision)
    assert.ok(annotation === `resume@${candidate}` && annotation !== annotationBefore, 'tried again unasked')
  if (canary?.run !== next.run) assert.equal(next.step, 0)
  else assert.ok(next.step === canary.step || next.step === canary.step + 1, 'a step was skipped')
  if (plan.kind !== 'promote' || canary?.phase === 'Promoting') return
  const asked = annotation === `promote@${candidate}`
  assert.ok(asked || next.step === rollout.steps.length, 'promoted before the last step')
  assert.ok(before.isCanaryReady)
}

/** Nothing disturbs the rollout any more. */
const calm = (world: World): void => {
  const { candidate } = world
  Object.assign(world, {
    annotation: `resume@${candidate}`,
    isCanaryReady: true,
    hasNextPods: true,
    isRead: true,
  })
}

const isOver = (plan: Plan): boolean => plan.kind === 'idle' || plan.kind === 'rejected'

const live = (seed: number): void => {
  const random = randomOf(seed)
  const world = worldOf(random, { rollout: oneOf(rollouts, random) })
  for (let count = 0; count < 40; count += 1) {
    if (random() < 0.3) oneOf(events, random)(world, random)
    const seconds = Math.floor(random() * 40)
    const before = { ...world }
    const plan = passAfter(world, seconds, Math.floor(random() * 150))
    assertStep(before, plan, before.rejection?.annotation)
    const again = planOf(situationOf(world))
    if (plan.kind === 'run' && again.kind === 'run' && plan.hold !== 'Starting' && again.hold !== 'Advancing')
      assert.deepEqual(JSON.parse(JSON.stringify(again.canary)), world.canary, 'the same pass writes again')
  }
  calm(world)
  for (let count = 0; count < 400; count += 1) {
    if (isOver(passAfter(world, 10, 150))) return
    if (!world.isStableWhole) world.isStableWhole = true
  }
  assert.fail(`the rollout did not end: ${JSON.stringify(world.canary)}`)
}

test(`${lives} random rollouts skip no step, promote nothing that was rejected, and end`, () => {
  for (let seed = firstSeed; seed < firstSeed + lives; seed += 1)
    try {
      live(seed)
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
})
