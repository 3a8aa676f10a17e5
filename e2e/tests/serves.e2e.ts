import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { exampleFile, examples, infer, post, storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

let world: World
before(() => {
  world = openWorld('serves')
})
after(() => world.close())

test('the shortest ModelDeployment becomes Ready and answers', async () => {
  world.applyModel('tabular', {
    model: { task: 'tensor', source: storedModel('breast-cancer') },
    ...small,
  })
  const model = await world.ready('tabular')
  assert.equal(model['status'].readyReplicas, 1)
  assert.match(model['status'].activeVersion, /^v_\d{8}_\d{6}$/)
  assert.equal(model['status'].versions.length, 1)
  assert.equal(model['status'].versions[0].phase, 'Serving')
  const answer = (await infer(world.url('tabular'), 'tabular')) as {
    status: number
    body: { outputs: { name: string; data: number[] }[] }
  }
  assert.equal(answer.status, 200)
  const probabilities = answer.body.outputs.find((output) => output.name === 'probabilities')
  assert.ok(probabilities)
  const sum = probabilities.data.reduce((a, b) => a + b, 0)
  assert.ok(Math.abs(sum - 1) < 1e-4, `probabilities sum to ${sum}`)
})

test('the same ModelDeployment shows its way in conditions and Events', () => {
  const reasons = world.events('tabular').map((event) => event['reason'])
  assert.ok(reasons.includes('Imported'), `events: ${reasons}`)
  assert.ok(reasons.includes('Ready'), `events: ${reasons}`)
  const line = world.kubectl.run(['get', 'mdl', 'tabular', '-n', world.namespace])
  assert.match(line, /TASK\s+VERSION\s+READY\s+REASON\s+SUSPENDED\s+REPLICAS\s+CANARY\s+IMPORTED\s+AGE/)
  assert.match(line, /tensor\s+v_\S+\s+True\s+Ready\s+False\s+1/)
})

test('it owns one of each kind, and every pod runs under the restricted Pod Security standard', () => {
  for (const kind of [
    'deployment',
    'service',
    'persistentvolumeclaim',
    'poddisruptionbudget',
    'networkpolicy',
    'serviceaccount',
  ]) {
    const name = kind === 'deployment' ? 'tabular-stable' : 'tabular'
    const object = world.kubectl.get(kind, name, world.namespace)
    assert.ok(object, `${kind} is there`)
    assert.equal(object.metadata['ownerReferences' as never]?.[0]?.['kind'], 'ModelDeployment', kind)
  }
  const pod = world.pods('tabular').find((candidate) => candidate['status'].phase === 'Running')
  assert.equal(pod?.['spec'].containers[0].securityContext.readOnlyRootFilesystem, true)
})

test('the customer-service chatbot answers with category, reply template and confidence', async () => {
  const responses = { 退换货: '您可以在订单页面申请退换货。', default: '抱歉,我暂时无法处理您的请求。' }
  world.applyModel('chatbot', {
    model: { task: 'text-classification', source: storedModel('customer-service'), responses },
    ...small,
  })
  await world.ready('chatbot')
  const golden = JSON.parse(exampleFile('customer-service', 'golden.json').toString()) as {
    cases?: unknown[]
  }
  assert.ok(golden, `${examples} has golden answers`)
  const { status, body } = await post(`${world.url('chatbot')}/chat`, { text: '我想退货,衣服尺码不合适' })
  assert.equal(status, 200)
  const chat = body as { response: string; category: string; confidence: number; timestamp: string }
  assert.equal(chat.category, '退换货')
  assert.equal(chat.response, responses.退换货)
  assert.ok(chat.confidence > 0.5 && chat.confidence <= 1)
  assert.ok(!Number.isNaN(Date.parse(chat.timestamp)))
})

test('the chest-xray assistant classifies an uploaded picture and gives every probability', async () => {
  world.applyModel('xray', {
    model: { task: 'image-classification', source: storedModel('chest-xray') },
    ...small,
  })
  await world.ready('xray')
  const picture = exampleFile('chest-xray', 'samples', 'normal.png')
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(picture)], { type: 'image/png' }), 'normal.png')
  const response = await fetch(`${world.url('xray')}/analyze`, { method: 'POST', body: form })
  assert.equal(response.status, 200)
  const answer = (await response.json()) as { prediction: string; probabilities: Record<string, number> }
  assert.equal(answer.prediction, '正常')
  assert.deepEqual(
    Object.keys(answer.probabilities).sort(),
    ['正常', '肺炎', '肺癌', '肺结核', '胸腔积液'].sort(),
  )
})
