import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { conditionOf, eventually } from '../../local-cluster/kubectl.ts'
import { infer, storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

const source = storedModel('breast-cancer')
let world: World
before(() => {
  world = openWorld('gpu')
})
after(() => world.close())

test('a pod that asks for a GPU is scheduled with one, and says that it fell back to the CPU', async () => {
  world.applyModel('tabular', {
    model: { task: 'tensor', source },
    ...small,
    serve: { ...small.serve, device: 'auto', gpu: { count: 1 } },
  })
  await world.ready('tabular')
  const pod = world.pods('tabular').find((candidate) => candidate['status'].phase === 'Running')
  assert.equal(pod?.['spec'].containers[0].resources.limits['nvidia.com/gpu'], '1')
  // The node advertises GPUs without having one, which is just what a pod with a broken driver sees.
  const accelerator = conditionOf(world.model('tabular'), 'AcceleratorActive')
  assert.equal(accelerator?.status, 'False')
  assert.equal(accelerator?.reason, 'CpuFallback')
  assert.equal((await infer(world.url('tabular'), 'tabular')).status, 200)
  const metadata = (await (await fetch(`${world.url('tabular')}/v2/models/tabular`)).json()) as {
    gantry: { device: { active: string } }
  }
  assert.equal(metadata.gantry.device.active, 'cpu')
})

test('more GPUs than any node has are explained in a sentence', async () => {
  world.applyModel('huge', {
    model: { task: 'tensor', source },
    ...small,
    serve: { ...small.serve, device: 'gpu', gpu: { count: 8 } },
  })
  const message = await eventually('the reason is told', () => {
    const conditions = world.model('huge')['status']?.conditions ?? []
    return conditions.find((c: { message: string }) => /nvidia\.com\/gpu/.test(c.message))?.message as
      | string
      | undefined
  })
  assert.match(message, /nvidia\.com\/gpu/)
})
