/** A model whose rollout is carried out as the plan says, with gateways and a clock. */
import { defaultLimits } from '@gantry/evaluation/canary/verdict.ts'
import { planOf } from '../canary/plan.ts'
import {
  type CanaryStatus,
  defaultMaxStepSeconds,
  type Plan,
  type Rejection,
  type Rollout,
  type Situation,
} from '../canary/rollout.ts'
import { type Gateway, gateway, type Quality, type Random } from './gateways.ts'

export const twoSteps: Rollout = {
  steps: [
    { weight: 10, holdSeconds: 60 },
    { weight: 50, holdSeconds: 60 },
  ],
  limits: defaultLimits,
  unit: 'request',
  shadowPercent: 0,
  maxStepSeconds: defaultMaxStepSeconds,
}

export const healthy: Quality = { canary: 0.01, stable: 0.01 }
export const broken: Quality = { canary: 0.5, stable: 0.01 }

export interface World {
  nowMs: number
  rollout: Rollout
  active: string
  candidate: string
  isStableWhole: boolean
  isCanaryReady: boolean
  hasNextPods: boolean
  annotation: string | undefined
  canary: CanaryStatus | undefined
  rejection: Rejection | undefined
  gateways: Gateway[]
  quality: Quality
  /** Gateways read status after each pass. */
  isRead: boolean
  readonly random: Random
}

export const worldOf = (random: Random, more: Partial<World> = {}): World => ({
  nowMs: Date.parse('2026-11-26T12:00:00Z'),
  rollout: twoSteps,
  active: 'v_1',
  candidate: 'v_2',
  isStableWhole: true,
  isCanaryReady: true,
  hasNextPods: true,
  annotation: undefined,
  canary: undefined,
  rejection: undefined,
  gateways: [gateway('gateway-a'), gateway('gateway-b')],
  quality: healthy,
  isRead: true,
  random,
  ...more,
})

export const situationOf = ({
  gateways,
  canary,
  random: _,
  quality: __,
  isRead: ___,
  ...world
}: World): Situation => ({
  ...world,
  canary,
  answers: canary === undefined ? [] : gateways.map((one) => one.answer(canary.run)),
  instances: gateways.map(({ instance }) => instance),
  latencies: canary === undefined ? [] : gateways.map((one) => one.latencies(canary.run, canary.step)),
})

/** One pass of the operator. Status goes through JSON, as it does on the API server. */
export const pass = (world: World): Plan => {
  const plan = planOf(situationOf(world))
  const canary = plan.kind === 'run' || plan.kind === 'promote' ? plan.canary : undefined
  world.canary = canary === undefined ? undefined : (JSON.parse(JSON.stringify(canary)) as CanaryStatus)
  world.rejection = plan.rejection
  if (plan.kind === 'promote' && world.active !== world.candidate)
    [world.active, world.isStableWhole] = [world.candidate, false]
  if (world.isRead) for (const one of world.gateways) one.read(world.canary)
  return plan
}

/** Seconds with requests at all gateways, then a pass. */
export const passAfter = (world: World, seconds: number, requests: number): Plan => {
  world.nowMs += 1000 * seconds
  for (const one of world.gateways) one.serve(requests, world.quality, world.random)
  return pass(world)
}

/** Passes every ten seconds until the plan is of a kind. @throws Error after a thousand */
export const passUntil = (world: World, isReached: (plan: Plan) => boolean, requests = 100): Plan => {
  for (let count = 0; count < 1000; count += 1) {
    const plan = passAfter(world, 10, requests)
    if (isReached(plan)) return plan
  }
  throw new Error('a thousand passes did not reach it')
}
