/** The conditions of a suspended model are true of the generation that they name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveEvent } from '@gantry/kube/live.ts'
import { settledCluster, type TestCluster, testCluster } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'

const isReady = (cluster: TestCluster): boolean => cluster.condition('Ready')?.status === 'True'
const messages = (cluster: TestCluster): string =>
  (cluster.model().status?.conditions ?? []).map(({ reason, message }) => `${reason}: ${message}`).join('\n')

test('a model that is suspended and meets its spec stays Ready, and says that it is suspended', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.suspend = true
  })
  assert.ok(isReady(cluster))
  const suspended = cluster.condition('Suspended')
  assert.equal(suspended?.status, 'True')
  assert.equal(suspended?.observedGeneration, cluster.model().metadata.generation)
  assert.equal(cluster.condition('Reconciling')?.status, 'False')
  const told = cluster.all<LiveEvent>('Event').filter(({ reason }) => reason === 'Suspended')
  assert.deepEqual(
    told.map(({ type }) => type),
    ['Normal'],
  )
  await cluster.change((spec) => {
    spec.suspend = false
  })
  assert.equal(cluster.condition('Suspended')?.status, 'False')
  assert.ok(isReady(cluster))
})

const changes: Readonly<
  Record<string, (spec: ReturnType<typeof modelDeployment>['spec'] & Record<string, unknown>) => object>
> = {
  replicas: () => ({ replicas: 4 }),
  'the source': ({ model }) => ({ model: { ...model, source: { uri: 'https://models.example/2.tar.gz' } } }),
  'resources of the pods': ({ serve }) => ({ serve: { ...serve, resources: { requests: { cpu: '2' } } } }),
  'how requests share runs': ({ serve }) => ({ serve: { ...serve, batching: { maxRows: 4 } } }),
  'the size of the volume': ({ storage }) => ({ storage: { ...storage, size: '20Gi' } }),
  'a field that is not allowed here': ({ serve }) => ({
    serve: { ...serve, podTemplate: { priorityClassName: 'system-node-critical' } },
  }),
}

for (const [what, change] of Object.entries(changes))
  test(`a suspended model is not Ready for a generation that changes ${what}`, async () => {
    const cluster = await settledCluster()
    await cluster.change((spec) => Object.assign(spec, change(spec as never), { suspend: true }))
    assert.equal(cluster.condition('Ready')?.status, 'False')
    assert.equal(cluster.condition('Ready')?.reason, 'Suspended')
    assert.match(cluster.condition('Ready')?.message ?? '', /^spec\.suspend is true, and .+/)
    assert.equal(cluster.condition('Available')?.status, 'True')
    assert.doesNotMatch(messages(cluster), /being imported/)
  })

test('a suspended model whose Service is gone is not Ready, and nothing is written', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.suspend = true
  })
  cluster.erase('Service')
  await cluster.settle()
  assert.match(cluster.condition('Ready')?.message ?? '', /Service intents/)
  assert.equal(cluster.find('Service'), undefined)
})

test('a model that is suspended from the start says that nothing is imported', async () => {
  const cluster = testCluster({ model: modelDeployment({ spec: { suspend: true } }) })
  await cluster.settle()
  assert.equal(cluster.condition('Imported')?.reason, 'Suspended')
  assert.equal(cluster.condition('Ready')?.status, 'False')
  assert.doesNotMatch(messages(cluster), /being imported/)
  assert.deepEqual(cluster.all('Job'), [])
})

test('an import that runs when its model is suspended ends, and what follows it waits', async () => {
  const cluster = testCluster()
  await cluster.pass()
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.suspend = true
  })
  await cluster.pass()
  assert.match(cluster.condition('Imported')?.message ?? '', /is being imported/)
  await cluster.settle()
  assert.equal(cluster.condition('Imported')?.status, 'True')
  assert.match(cluster.condition('Ready')?.message ?? '', /Deployment intents/)
  assert.equal(cluster.find('Deployment'), undefined)
})
