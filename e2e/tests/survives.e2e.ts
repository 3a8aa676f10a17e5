import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { modelSelector } from '../../contract/labels.ts'
import { eventually, type Live } from '../../local-cluster/kubectl.ts'
import { leader, operatorNamespace, operatorPods, processIds } from '../operator.ts'
import { infer, startLoad, storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

const source = storedModel('breast-cancer')
let world: World
before(() => {
  world = openWorld('survives')
})
after(() => world.close())

const killLeader = (): void => {
  const name = leader(world.kubectl)
  const pod = operatorPods(world.kubectl).find((candidate) => candidate.metadata.name === name)
  if (!pod) return
  for (const pid of processIds(pod, 'main.ts')) process.kill(pid, 'SIGKILL')
}

/** What was made for a model, without what differs from one making to the next. */
const made = (name: string): unknown => {
  const kinds = [
    'deployment',
    'service',
    'persistentvolumeclaim',
    'poddisruptionbudget',
    'networkpolicy',
    'serviceaccount',
    'job',
    'configmap',
  ]
  const essence = (object: Live): unknown => ({
    kind: object.kind,
    name: object.metadata.name.replaceAll(name, 'NAME').replace(/-[0-9a-f]{8}$/, '-HASH'),
    labels: Object.keys(object.metadata.labels ?? {}).sort(),
  })
  return kinds.flatMap((kind) => world.kubectl.list(kind, world.namespace, modelSelector(name)).map(essence))
}

test('an operator killed again and again in the middle of its work comes to the same end', async () => {
  world.applyModel('undisturbed', { model: { task: 'tensor', source }, ...small })
  await world.ready('undisturbed')
  world.applyModel('disturbed', { model: { task: 'tensor', source }, ...small })
  for (const pauseMs of [150, 400, 900]) {
    await sleep(pauseMs)
    killLeader()
    await eventually('an operator leads again', () => leader(world.kubectl), { timeoutMs: 60_000 })
  }
  await world.ready('disturbed', { timeoutMs: 240_000 })
  assert.deepEqual(made('disturbed'), made('undisturbed'))
  assert.equal(world.model('disturbed')['status'].versions.length, 1)
})

test('the other operator takes over when the leader dies, and models answer meanwhile', async () => {
  await eventually('both operators run', () =>
    operatorPods(world.kubectl).every((pod) => pod['status'].containerStatuses?.[0]?.ready === true),
  )
  const first = leader(world.kubectl)
  const url = world.url('undisturbed')
  const stop = startLoad(2, () => infer(url, 'undisturbed'))
  world.kubectl.run(['delete', 'pod', first ?? '', '-n', operatorNamespace, '--wait=false'])
  await eventually(
    'another one leads',
    () => {
      const now = leader(world.kubectl)
      return now !== undefined && now !== first
    },
    { timeoutMs: 30_000 },
  )
  const { failures } = await stop()
  assert.deepEqual(failures, [])
  world.patchModel('undisturbed', { serve: { timeoutSeconds: 21 } })
  await world.ready('undisturbed')
})
