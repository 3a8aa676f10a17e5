/** Events of a model's pods. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../../local-cluster/kubectl.ts'
import type { BusyModel } from '../busy-model.ts'
import type { World } from '../world.ts'
import { evict, inNamespace, type Scene, uidsOf } from './scene.ts'

const name = 'pods'

/** kubectl's own wait may miss that an object was deleted which is created again at once, and never end. Resolves when the operator has created the Deployment again and its pods are ready. */
const deleteDeployment = async (
  world: World,
  { deployments, settled }: BusyModel,
  ...flags: readonly string[]
): Promise<void> => {
  const before = uidsOf(deployments())
  inNamespace(
    world,
    'delete',
    'deployment',
    '--selector',
    `gantry.dev/model=${name}`,
    '--wait=false',
    ...flags,
  )
  await eventually('a new Deployment has its pods', () => {
    const now = deployments()
    return (
      now.length === before.length &&
      now.every(({ metadata, status }) => !before.includes(metadata.uid) && status.readyReplicas === 2)
    )
  })
  await settled()
}

export const podEvents = (scene: () => Scene): void => {
  test('one of two pods is deleted without a lost request', async () => {
    const { world, record, busy } = scene()
    await record.during({
      name: 'one of two pods deleted',
      models: [busy.pods],
      happens: async () => {
        inNamespace(world, 'delete', 'pod', busy.pods.pods()[0]?.metadata.name ?? '', '--wait=true')
        await busy.pods.settled()
      },
    })
  })

  test('all pods are evicted without a lost request', async () => {
    const { world, record, busy } = scene()
    const before = busy.pods.pods()
    await record.during({
      name: 'both pods evicted',
      models: [busy.pods],
      happens: async () => {
        for (const pod of before) await evict(world, pod)
        await busy.pods.settled()
      },
    })
    const left = uidsOf(busy.pods.pods())
    assert.ok(before.every(({ metadata }) => !left.includes(metadata.uid)))
  })

  test('kubectl scale adds a pod and takes it away without a lost request', async () => {
    const { world, record, busy } = scene()
    await record.during({
      name: 'scaled out and in',
      models: [busy.pods],
      happens: async () => {
        for (const replicas of [3, 2]) {
          inNamespace(world, 'scale', 'modeldeployment', name, `--replicas=${replicas}`)
          await busy.pods.settled()
        }
      },
    })
  })

  test('a Deployment deleted without its pods takes them again, without a lost request', async () => {
    const { world, record, busy } = scene()
    const before = uidsOf(busy.pods.pods())
    await record.during({
      name: 'Deployment deleted with --cascade=orphan',
      models: [busy.pods],
      happens: () => deleteDeployment(world, busy.pods, '--cascade=orphan'),
    })
    assert.deepEqual(uidsOf(busy.pods.pods()), before)
  })

  test('a Deployment deleted with its pods comes back', async () => {
    const { world, record, busy } = scene()
    await record.during({
      name: 'Deployment deleted',
      models: [busy.pods],
      promise: 'not promised',
      happens: () => deleteDeployment(world, busy.pods),
    })
  })
}
