import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { labels, modelSelector } from '../../contract/labels.ts'
import { eventually } from '../../local-cluster/kubectl.ts'
import { storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

let world: World
before(async () => {
  world = openWorld('drift')
  world.applyModel('tabular', {
    model: { task: 'tensor', source: storedModel('breast-cancer') },
    ...small,
  })
  await world.ready('tabular')
})
after(() => world.close())

test('an edited Deployment is put right', async () => {
  const patch = [
    { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'example.invalid/other:1' },
    { op: 'replace', path: '/spec/replicas', value: 3 },
  ]
  const image = world.kubectl.get('deployment', 'tabular-stable', world.namespace)?.['spec'].template.spec
    .containers[0].image
  world.kubectl.run([
    'patch',
    'deployment',
    'tabular-stable',
    '-n',
    world.namespace,
    '--type=json',
    '-p',
    JSON.stringify(patch),
  ])
  await eventually('image and replicas are back', () => {
    const spec = world.kubectl.get('deployment', 'tabular-stable', world.namespace)?.['spec']
    return spec.replicas === 1 && spec.template.spec.containers[0].image === image
  })
  await world.ready('tabular')
})

for (const kind of [
  'service',
  'deployment',
  'poddisruptionbudget',
  'networkpolicy',
  'serviceaccount',
  'configmap',
]) {
  test(`a deleted ${kind} comes back`, async () => {
    const find = (): string[] =>
      world.kubectl.list(kind, world.namespace, modelSelector('tabular')).map((object) => object.metadata.uid)
    const [uid] = find()
    assert.ok(uid, `there is a ${kind}`)
    // kubectl would wait for ever where it misses that the one which comes back at once is another one.
    world.kubectl.run(['delete', kind, '-n', world.namespace, '-l', modelSelector('tabular'), '--wait=false'])
    await eventually(`a new ${kind} is there`, () => find().some((found) => found !== uid))
    await world.ready('tabular')
  })
}

test('a Service edited to point elsewhere is put right', async () => {
  world.kubectl.run([
    'patch',
    'service',
    'tabular',
    '-n',
    world.namespace,
    '--type=merge',
    '-p',
    JSON.stringify({ spec: { selector: { [labels.model]: 'other' } } }),
  ])
  await eventually(
    'the selector is back',
    () =>
      world.kubectl.get('service', 'tabular', world.namespace)?.['spec'].selector[labels.model] === 'tabular',
  )
})

test('fields that others own stay as they are', async () => {
  world.kubectl.run([
    'annotate',
    'deployment',
    'tabular-stable',
    '-n',
    world.namespace,
    'example.com/team=vision',
  ])
  world.patchModel('tabular', { serve: { timeoutSeconds: 25 } })
  await world.ready('tabular')
  const deployment = world.kubectl.get('deployment', 'tabular-stable', world.namespace)
  assert.equal(deployment?.metadata.annotations?.['example.com/team'], 'vision')
})

test('deleting the ModelDeployment leaves nothing behind', async () => {
  world.kubectl.run(['delete', 'modeldeployment', 'tabular', '-n', world.namespace])
  await eventually('everything it owned is gone', () => {
    const left = [
      'deployment',
      'replicaset',
      'service',
      'job',
      'persistentvolumeclaim',
      'configmap',
      'poddisruptionbudget',
      'networkpolicy',
      'serviceaccount',
      'pod',
    ]
      .flatMap((kind) => world.kubectl.list(kind, world.namespace))
      .filter((object) => !['kube-root-ca.crt', 'default'].includes(object.metadata.name))
    if (left.length > 0)
      throw new Error(left.map((object) => `${object.kind}/${object.metadata.name}`).join(', '))
    return true
  })
})
