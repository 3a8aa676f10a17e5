/**
 * Events that take long, or that may cost requests. The tests record the cost, and require that the model
 * answers again, always right.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionOf, eventually } from '../../local-cluster/kubectl.ts'
import type { BusyModel } from '../busy-model.ts'
import { processIds } from '../operator.ts'
import { streams } from '../traffic.ts'
import type { World } from '../world.ts'
import { evict, inNamespace, restartsOf, type Scene, uidsOf } from './scene.ts'

/** A model of two pods, and one of one. */
export interface Exposed {
  readonly pair: BusyModel
  readonly single: BusyModel
}

interface Outage {
  readonly name: string
  readonly promise: 'none lost' | 'not promised'
  readonly model: keyof Exposed
  readonly happens: (world: World, model: BusyModel) => unknown
}

const selects = ({ name }: BusyModel): string => `gantry.dev/model=${name}`
const firstPod = ({ pods }: BusyModel): string => pods()[0]?.metadata.name ?? ''
const changeSettings = (world: World, { name }: BusyModel): void =>
  world.patchModel(name, { serve: { timeoutSeconds: 25 } })
const restart = async (world: World, model: BusyModel): Promise<void> => {
  const before = uidsOf(model.pods())
  for (const { metadata } of model.deployments())
    inNamespace(world, 'rollout', 'restart', `deployment/${metadata.name}`)
  await eventually('every pod is a new one', () => uidsOf(model.pods()).every((uid) => !before.includes(uid)))
}
/** Pods of the new setting have too little memory to start. */
const starve = async (world: World, { name }: BusyModel): Promise<void> => {
  const resources = world.model(name)['spec'].serve.resources
  const tooLittle = { requests: { memory: '16Mi' }, limits: { memory: '24Mi' } }
  world.patchModel(name, { serve: { resources: tooLittle } })
  await world.condition(name, 'Stalled', 'True', undefined, { timeoutMs: 240_000 })
  assert.equal(conditionOf(world.model(name), 'Available')?.status, 'True')
  world.patchModel(name, { serve: { resources } })
}
const killServer = async ({ kubectl }: World, model: BusyModel): Promise<void> => {
  const [pod] = model.pods()
  assert.ok(pod)
  for (const pid of processIds(pod, 'main.ts')) process.kill(pid, 'SIGKILL')
  const { name, namespace } = pod.metadata
  await eventually(
    'it is started again',
    () => restartsOf(kubectl.get('pod', name, namespace)) > restartsOf(pod),
  )
}

const outages: readonly Outage[] = [
  { name: 'settings changed, one pod', promise: 'none lost', model: 'single', happens: changeSettings },
  { name: 'kubectl rollout restart, one pod', promise: 'none lost', model: 'single', happens: restart },
  { name: 'kubectl rollout restart, two pods', promise: 'none lost', model: 'pair', happens: restart },
  { name: 'pods that do not start', promise: 'none lost', model: 'pair', happens: starve },
  {
    name: 'the only pod deleted',
    promise: 'not promised',
    model: 'single',
    happens: (world, model) => inNamespace(world, 'delete', 'pod', firstPod(model)),
  },
  {
    name: 'the only pod evicted',
    promise: 'not promised',
    model: 'single',
    happens: async (world, model) => {
      for (const pod of model.pods()) await evict(world, pod)
    },
  },
  {
    name: 'both pods deleted at once',
    promise: 'not promised',
    model: 'pair',
    happens: (world, model) => inNamespace(world, 'delete', 'pod', '--selector', selects(model)),
  },
  {
    name: 'one of two pods deleted with --grace-period=0 --force',
    promise: 'not promised',
    model: 'pair',
    happens: (world, model) =>
      inNamespace(world, 'delete', 'pod', firstPod(model), '--grace-period=0', '--force'),
  },
  { name: 'one of two servers killed', promise: 'not promised', model: 'pair', happens: killServer },
]

export const outageEvents = (scene: () => Scene, exposed: () => Exposed): void => {
  for (const { name, promise, model: which, happens } of outages) {
    test(`${name}: ${promise === 'none lost' ? 'no request is lost' : 'the model comes back, and never answers wrong'}`, async () => {
      const { world, record } = scene()
      const model = exposed()[which]
      const tallies = await record.during({
        name,
        models: [model],
        promise,
        happens: async () => {
          await happens(world, model)
          await model.settled()
        },
      })
      for (const stream of streams) assert.equal(tallies[stream].lost['wrong answer'], undefined)
    })
  }
}
