import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually } from '../../local-cluster/kubectl.ts'
import { infer, startLoad, storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

const { uri } = storedModel('breast-cancer')
let world: World
before(async () => {
  world = openWorld('rolls')
  world.applyModel('tabular', {
    model: { task: 'tensor', source: { uri }, version: 'one' },
    replicas: 2,
    ...small,
  })
  await world.ready('tabular')
})
after(() => world.close())

const underLoad = async (change: () => Promise<unknown>): Promise<void> => {
  const url = world.url('tabular')
  const stop = startLoad(4, () => infer(url, 'tabular'))
  let report: Awaited<ReturnType<typeof stop>> | undefined
  try {
    await change()
  } finally {
    report = await stop()
  }
  assert.deepEqual(report.failures, [], `of ${report.sent} requests`)
  assert.ok(report.sent > 100, `only ${report.sent} requests were sent`)
}

test('a changed setting rolls out without one failed request', async () => {
  const before = new Set(world.pods('tabular').map((pod) => pod.metadata.uid))
  await underLoad(async () => {
    world.patchModel('tabular', { serve: { timeoutSeconds: 20 } })
    await world.ready('tabular')
    await eventually('the old pods are gone', () =>
      world
        .pods('tabular')
        .every((pod) => !before.has(pod.metadata.uid) || pod['status'].phase === 'Succeeded'),
    )
  })
})

test('a new version is imported beside the old one and takes over without one failed request', async () => {
  const old = world.model('tabular')['status'].activeVersion
  await underLoad(async () => {
    world.patchModel('tabular', { model: { version: 'two' } })
    await world.ready('tabular')
  })
  const { activeVersion, versions } = world.model('tabular')['status']
  assert.notEqual(activeVersion, old)
  assert.deepEqual(
    versions.map((version: { label: string; phase: string }) => [version.label, version.phase]),
    [
      ['one', 'Imported'],
      ['two', 'Serving'],
    ],
  )
})

test('the id of an older version brings it back without a new import', async () => {
  const { versions } = world.model('tabular')['status']
  const [one] = versions
  const jobs = world.kubectl.list('job', world.namespace).map((job) => job.metadata.uid)
  world.patchModel('tabular', { model: { version: one.id } })
  const live = await world.ready('tabular')
  assert.equal(live['status'].activeVersion, one.id)
  const imported = world.kubectl
    .list('job', world.namespace)
    .filter((job) => !jobs.includes(job.metadata.uid))
  assert.deepEqual(imported, [])
})

test('a version that cannot be imported leaves the old one serving', async () => {
  const { activeVersion } = world.model('tabular')['status']
  await underLoad(async () => {
    world.patchModel('tabular', {
      model: { version: 'three', source: { uri: uri.replace('breast', 'no-such') } },
    })
    await world.condition('tabular', 'Stalled', 'True', 'SourceNotFound')
  })
  const live = world.model('tabular')
  assert.equal(live['status'].activeVersion, activeVersion)
  assert.equal(live['status'].conditions.find((c: { type: string }) => c.type === 'Available').status, 'True')
})
