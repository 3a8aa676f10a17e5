/** A model without pods while nobody asks it anything: it falls asleep, and requests for its own address are held until it answers. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually, type Live } from '../../local-cluster/kubectl.ts'
import { adder } from '../adder.ts'
import { openWorld, small, type World } from '../world.ts'

const summand = 7
const requests = 20
let world: World

before(async () => {
  world = openWorld('sleep')
  const { namespace, kubectl } = world
  kubectl.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'adds', namespace },
    binaryData: { 'model.onnx': adder(summand).toString('base64') },
  })
  const model = { task: 'tensor', source: { configMapRef: { name: 'adds' } } }
  world.applyModel('caller', { model, ...small })
  const autoscaling = { minReplicas: 0, maxReplicas: 2, idleSeconds: 10 }
  world.applyModel('sums', { model, autoscaling, ...small })
  await Promise.all([
    world.condition('caller', 'Ready', 'True', 'Ready'),
    world.condition('sums', 'Ready', 'True'),
  ])
})
after(() => world.close())

interface Answer {
  readonly status: number
  readonly text: string
  readonly ms: number
}

/** Sends requests at the same time from a pod of the namespace, by the model's own name. */
const askAll = (count: number): readonly Answer[] => {
  const url = `http://sums.${world.namespace}.svc/v2/models/sums/infer`
  const body = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }] }
  const script = `
    const headers = { 'content-type': 'application/json' }
    const ask = async () => {
      const since = performance.now()
      const answer = await fetch('${url}', { method: 'POST', headers, body: '${JSON.stringify(body)}' })
      return { status: answer.status, text: await answer.text(), ms: performance.now() - since }
    }
    Promise.all(Array.from({ length: ${count} }, ask)).then((all) => console.log(JSON.stringify(all)))`
  const pod = world.pods('caller').find(({ status }: Live) => status.phase === 'Running')?.metadata.name ?? ''
  const { namespace, kubectl } = world
  return JSON.parse(kubectl.run(['exec', '-n', namespace, pod, '-c', 'server', '--', 'node', '-e', script]))
}

const untilAsleep = async (): Promise<void> => {
  await world.condition('sums', 'Ready', 'True', 'Asleep', { timeoutMs: 90_000 })
  await eventually(
    'its pods are gone',
    () => world.pods('sums').every(({ status }) => status.phase === 'Succeeded'),
    {
      timeoutMs: 60_000,
    },
  )
}

test('a model that sleeps answers all requests that wake it', async (context) => {
  await untilAsleep()
  const scaler = world.kubectl.get('hpa', 'sums', world.namespace)
  assert.equal(scaler?.['spec'].minReplicas, 1)
  const answers = askAll(requests)
  for (const { status, text } of answers) {
    assert.equal(status, 200, text)
    assert.deepEqual(JSON.parse(text).outputs[0].data, [1 + summand])
  }
  assert.equal(answers.length, requests)
  context.diagnostic(`the first answer came after ${Math.round(Math.min(...answers.map(({ ms }) => ms)))} ms`)
  assert.equal(world.pods('sums').filter(({ status }) => status.phase === 'Running').length, 1)
})
