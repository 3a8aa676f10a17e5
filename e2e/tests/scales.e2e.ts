import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually, type Live } from '../../local-cluster/kubectl.ts'
import { slowAdder } from '../adder.ts'
import { infer, post, startLoad, storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

let world: World
before(async () => {
  world = openWorld('scales')
  world.applyModel('tabular', {
    model: { task: 'tensor', source: storedModel('breast-cancer') },
    autoscaling: {
      maxReplicas: 2,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
        },
      ],
      // The default waits five minutes before it scales in.
      behavior: { scaleDown: { stabilizationWindowSeconds: 10 } },
    },
    ...small,
  })
  world.kubectl.apply({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'slow', namespace: world.namespace } },
    binaryData: { 'model.onnx': slowAdder(1).toString('base64') },
  })
  const target = { type: 'AverageValue', averageValue: '2' }
  world.applyModel('queued', {
    model: { task: 'tensor', source: { configMapRef: { name: 'slow' } } },
    autoscaling: {
      maxReplicas: 2,
      metrics: [{ type: 'Pods', pods: { metric: { name: 'gantry_queue_length' }, target } }],
    },
    ...small,
  })
  await Promise.all([world.ready('tabular'), world.ready('queued')])
})
after(() => world.close())

const desired = (): number =>
  world.kubectl.get('deployment', 'tabular-stable', world.namespace)?.['spec'].replicas

test('the autoscaler adds a pod under load, and takes it away after', async () => {
  const url = world.url('tabular')
  // A few callers are far more than 60 % of 50m, and leave the machine to the other tests.
  const stop = startLoad(4, () => infer(url, 'tabular'))
  try {
    await eventually('two pods are desired', () => desired() === 2, { timeoutMs: 240_000 })
    await eventually('two pods are ready', () => world.model('tabular')['status'].readyReplicas === 2, {
      timeoutMs: 120_000,
    })
  } finally {
    const { failures, sent } = await stop()
    assert.deepEqual(failures, [], `of ${sent} requests`)
  }
  await eventually('one pod is desired again', () => desired() === 1, { timeoutMs: 300_000 })
})

test('the operator leaves the replica count to the autoscaler', () => {
  const managers = JSON.parse(
    world.kubectl.run([
      'get',
      'deployment',
      'tabular-stable',
      '-n',
      world.namespace,
      '-o',
      'json',
      '--show-managed-fields',
    ]),
  ).metadata.managedFields as { manager: string; fieldsV1: Record<string, Record<string, unknown>> }[]
  const ours = managers.find((entry) => entry.manager === 'gantry')
  assert.ok(ours)
  assert.equal(ours.fieldsV1['f:spec']?.['f:replicas'], undefined)
})

test('replicas instead of autoscaling removes the autoscaler', async () => {
  world.kubectl.run([
    'patch',
    'modeldeployment',
    'tabular',
    '-n',
    world.namespace,
    '--type=json',
    '-p',
    '[{"op":"remove","path":"/spec/autoscaling"},{"op":"add","path":"/spec/replicas","value":2}]',
  ])
  await eventually('the autoscaler is gone', () => !world.kubectl.get('hpa', 'tabular', world.namespace))
  await eventually('two pods are desired', () => desired() === 2)
  await world.ready('tabular')
})

test('kubectl scale sets the replicas of a ModelDeployment', async () => {
  world.kubectl.run(['scale', 'modeldeployment', 'tabular', '-n', world.namespace, '--replicas=1'])
  await eventually('one pod is desired', () => desired() === 1)
})

test('requests that wait in a model add a pod, by the metric that Gantry serves', async () => {
  const url = `${world.url('queued')}/v2/models/queued/infer`
  const body = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }] }
  const autoscaler = (): Live['status'] => world.kubectl.get('hpa', 'queued', world.namespace)?.['status']
  await eventually('one pod is enough, by a metric that was read', () => {
    const { desiredReplicas, currentMetrics } = autoscaler() ?? {}
    return desiredReplicas === 1 && currentMetrics?.[0]?.pods?.current.averageValue === '0'
  })
  const stop = startLoad(12, () => post(url, body))
  try {
    await eventually(
      'two pods are desired',
      () => {
        const status = autoscaler()
        if (status?.desiredReplicas === 2) return true
        throw new Error(JSON.stringify(status?.conditions))
      },
      { timeoutMs: 120_000 },
    )
  } finally {
    const { failures, sent } = await stop()
    assert.deepEqual(failures, [], `of ${sent} requests`)
  }
})
