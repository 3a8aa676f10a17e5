/** Events of a model's versions. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionOf } from '../../local-cluster/kubectl.ts'
import { versionSource } from '../busy-model.ts'
import { one, type Scene, two, uidsOf } from './scene.ts'

const name = 'versions'

interface Version {
  readonly id: string
  readonly label: string
  readonly phase: string
}

export const versionEvents = (scene: () => Scene): void => {
  const versionsNow = (): readonly Version[] => scene().world.model(name)['status'].versions
  const phaseOf = (id: string): string | undefined =>
    versionsNow().find((version) => version.id === id)?.phase
  /** The id of the version that serves before anything happens. */
  let first: string

  test('a new version takes over without a lost request', async () => {
    const { world, record, busy, round } = scene()
    first = world.model(name)['status'].activeVersion
    const label = `two-${round}`
    await busy.versions.traffic.expect([one, two])
    await record.during({
      name: 'new version',
      models: [busy.versions],
      happens: async () => {
        world.patchModel(name, { model: { source: versionSource(two), version: label } })
        await busy.versions.settled()
      },
    })
    await busy.versions.traffic.expect([two])
    const { activeVersion } = world.model(name)['status']
    assert.deepEqual(
      versionsNow().find(({ id }) => id === activeVersion),
      { ...versionsNow().find((version) => version.label === label), phase: 'Serving' },
    )
    assert.equal(phaseOf(first), 'Imported')
  })

  test('the id of an older version brings it back without an import and without a lost request', async () => {
    const { world, record, busy } = scene()
    const jobs = (): readonly string[] =>
      uidsOf(world.kubectl.list('job', world.namespace, `gantry.dev/model=${name}`))
    const before = jobs()
    await busy.versions.traffic.expect([one, two])
    await record.during({
      name: 'back by its id',
      models: [busy.versions],
      happens: async () => {
        world.patchModel(name, { model: { version: first } })
        await busy.versions.settled()
      },
    })
    await busy.versions.traffic.expect([one])
    assert.equal(phaseOf(first), 'Serving')
    assert.deepEqual(
      jobs().filter((uid) => !before.includes(uid)),
      [],
    )
  })

  test('a version that cannot be imported leaves the old one serving', async () => {
    const { world, record, busy, round } = scene()
    const pods = uidsOf(busy.versions.pods())
    world.kubectl.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'bad', namespace: world.namespace },
      data: { 'model.onnx': '<!doctype html><title>Sign in</title>' },
    })
    await record.during({
      name: 'bad version',
      models: [busy.versions],
      happens: async () => {
        const source = { configMapRef: { name: 'bad' } }
        world.patchModel(name, { model: { source, version: `bad-${round}` } })
        await world.condition(name, 'Stalled', 'True', 'NotOnnx')
      },
    })
    const live = world.model(name)
    assert.equal(live['status'].activeVersion, first)
    assert.equal(conditionOf(live, 'Available')?.status, 'True')
    assert.deepEqual(uidsOf(busy.versions.pods()), pods)
    world.patchModel(name, { model: { source: versionSource(one), version: first } })
    await busy.versions.settled()
  })
}
