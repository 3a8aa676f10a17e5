/** Events of a model's settings, and of its namespace. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../../local-cluster/kubectl.ts'
import { versionSource } from '../busy-model.ts'
import { small } from '../world.ts'
import { inNamespace, one, type Scene, uidsOf } from './scene.ts'

const name = 'settings'

export const settingsEvents = (scene: () => Scene): void => {
  test('a changed setting rolls out without a lost request', async () => {
    const { world, record, busy, round } = scene()
    const before = uidsOf(busy.settings.pods())
    await record.during({
      name: 'settings changed',
      models: [busy.settings],
      happens: async () => {
        world.patchModel(name, { serve: { timeoutSeconds: 20 + (round % 2) } })
        await busy.settings.settled()
      },
    })
    assert.ok(uidsOf(busy.settings.pods()).every((uid) => !before.includes(uid)))
  })

  test('autoscaling takes the pods over and gives them back without a lost request', async () => {
    const { world, record, busy } = scene()
    const autoscaler = () => world.kubectl.get('hpa', name, world.namespace)
    await record.during({
      name: 'autoscaling on and off',
      models: [busy.settings],
      happens: async () => {
        world.patchModel(name, { replicas: null, autoscaling: { minReplicas: 2, maxReplicas: 3 } })
        await eventually(
          'the autoscaler has looked at the pods',
          () => autoscaler()?.['status'].currentReplicas === 2,
        )
        await busy.settings.settled()
        world.patchModel(name, { replicas: 2, autoscaling: null })
        await eventually('the autoscaler is gone', () => !autoscaler())
        await busy.settings.settled()
      },
    })
  })

  test('a claim that is refused to another model costs those that serve nothing', async () => {
    const { world, record, busy } = scene()
    await record.during({
      name: "another model's claim refused",
      models: [busy.settings],
      happens: async () => {
        world.kubectl.apply({
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: { name: 'no-claims', namespace: world.namespace },
          spec: { hard: { persistentvolumeclaims: '0' } },
        })
        world.applyModel('refused', { model: { task: 'tensor', source: versionSource(one) }, ...small })
        await world.condition('refused', 'Stalled', 'True', 'QuotaRefused')
      },
    })
    inNamespace(world, 'delete', 'modeldeployment', 'refused')
    inNamespace(world, 'delete', 'resourcequota', 'no-claims')
  })
}
