import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { eventually } from '../../local-cluster/kubectl.ts'
import { operatorWrites } from '../operator.ts'
import { storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

let world: World
before(async () => {
  world = openWorld('quiet')
  for (const name of ['one', 'two', 'three']) {
    world.applyModel(name, {
      model: {
        task: 'tensor',
        source: storedModel('breast-cancer'),
      },
      ...small,
    })
  }
  for (const name of ['one', 'two', 'three']) await world.ready(name)
})
after(() => world.close())

test('settled models cause no write to the API server but the leader Lease', async () => {
  await eventually('namespaces of other tests are gone', () =>
    world.kubectl.list('namespace').every((namespace) => namespace['status'].phase === 'Active'),
  )
  // The last status and Events of becoming Ready, and the first costs, which are read once a minute.
  let before = await operatorWrites(world.kubectl)
  await eventually('nothing is left to write', async () => {
    const last = before
    await sleep(10_000)
    before = await operatorWrites(world.kubectl)
    return isDeepStrictEqual(before, last)
  })
  await sleep(30_000) // longer than a Lease lives, and than the first retries of anything that failed
  const after = await operatorWrites(world.kubectl)
  assert.deepEqual(after, before)
})

test('touching a ModelDeployment without a change writes nothing', async () => {
  const before = await operatorWrites(world.kubectl)
  world.kubectl.run(['annotate', 'mdl', 'one', '-n', world.namespace, 'example.com/touched=yes'])
  await sleep(5_000)
  assert.deepEqual(await operatorWrites(world.kubectl), before)
})
