/** What scales a model: spec, an autoscaler, or KEDA. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { type ClusterOptions, type Draft, settledCluster, type TestCluster } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { noScalingApis, type ScalingApis } from '../scaling/apis.ts'

const triggers = [
  { type: 'prometheus', metadata: { serverAddress: 'http://p:9090', query: 'q', threshold: '4' } },
]
const withKeda = { minReplicas: 1, maxReplicas: 6, keda: { triggers } }
const byCpu = { minReplicas: 1, maxReplicas: 6 }

const cluster = (autoscaling: Draft, options: Omit<ClusterOptions, 'model'> = {}): Promise<TestCluster> =>
  settledCluster({
    scaling: () => ({ ...noScalingApis, keda: 'served' }),
    ...options,
    model: modelDeployment({ spec: { autoscaling } }),
  })

const stable = ({ find }: TestCluster): Draft => find('Deployment')
const scalers = ({ all }: TestCluster): readonly string[] =>
  ['HorizontalPodAutoscaler', 'ScaledObject'].filter((kind) => all(kind).length > 0)

/** The user changes what scales the model; after each pass there is one scaler at most. */
const switchTo = async (one: TestCluster, change: (spec: Draft) => void): Promise<void> => {
  one.edit('ModelDeployment', (draft) => change(draft.spec), 'intents')
  for (let pass = 0; pass < 4; pass += 1) {
    await one.pass()
    assert.ok(scalers(one).length <= 1, scalers(one).join(' and '))
  }
}

const keda = (spec: Draft): void => {
  spec.autoscaling = withKeda
}
const cpu = (spec: Draft): void => {
  spec.autoscaling = byCpu
}

test('with triggers of KEDA there is a ScaledObject and no autoscaler of ours, and drift is put right', async () => {
  const one = await cluster({ ...withKeda, behavior: { scaleDown: { policies: [] } } })
  assert.deepEqual(scalers(one), ['ScaledObject'])
  assert.deepEqual((one.find('ScaledObject') as Draft).spec, {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'intents-stable' },
    ...{ minReplicaCount: 1, maxReplicaCount: 6, triggers },
    advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown: { policies: [] } } } },
  })
  assert.equal(one.condition('Degraded')?.reason, 'NotDegraded')
  one.edit('ScaledObject', (draft) => {
    draft.spec.maxReplicaCount = 60
  })
  await one.settle()
  assert.equal((one.find('ScaledObject') as Draft).spec.maxReplicaCount, 6)
  const { length } = one.writes
  await one.pass()
  assert.equal(one.writes.length, length, 'a settled model is not written')
})

test('from an autoscaler to KEDA and back, two never scale at once and no pod is lost', async () => {
  const one = await cluster(byCpu)
  one.edit('Deployment', (draft) => {
    draft.spec.replicas = 5
  })
  await one.settle()
  await switchTo(one, keda)
  assert.deepEqual(scalers(one), ['ScaledObject'])
  assert.equal(stable(one).spec.replicas, 5)

  await switchTo(one, cpu)
  assert.deepEqual(scalers(one), ['ScaledObject'], 'KEDA has not let it go')
  assert.equal(one.condition('Degraded')?.reason, 'KedaEnding')
  one.erase('ScaledObject')
  await one.settle()
  assert.deepEqual(scalers(one), ['HorizontalPodAutoscaler'])
  assert.equal(stable(one).spec.replicas, 5)
  assert.equal(one.condition('Degraded')?.reason, 'NotDegraded')
})

test('from KEDA to a fixed number, the number is set once KEDA has let the model go', async () => {
  const one = await cluster(withKeda)
  one.edit('Deployment', (draft) => {
    draft.spec.replicas = 5
  })
  await switchTo(one, (spec) => {
    delete spec.autoscaling
    spec.replicas = 3
  })
  assert.equal(stable(one).spec.replicas, 5)
  one.erase('ScaledObject')
  await one.settle()
  assert.deepEqual(scalers(one), [])
  assert.equal(stable(one).spec.replicas, 3)
})

for (const [name, apis, sentence] of [
  ['is not used', 'off', /have the chart value keda\.enabled set/],
  ['is not there', 'absent', /no ScaledObject of keda\.sh\/v1alpha1: install KEDA/],
] as const)
  test(`where KEDA ${name}, a model says so and is scaled as before`, async () => {
    let present: ScalingApis['keda'] = apis
    const one = await cluster(byCpu, { scaling: () => ({ ...noScalingApis, keda: present }) })
    await one.change(keda)
    assert.deepEqual(scalers(one), ['HorizontalPodAutoscaler'])
    assert.equal(one.condition('Degraded')?.reason, 'KedaMissing')
    assert.match(one.condition('Degraded')?.message ?? '', sentence)
    assert.equal(one.condition('Ready')?.status, 'True')
    present = 'served'
    await switchTo(one, () => {})
    assert.deepEqual(scalers(one), ['ScaledObject'])
  })

test('a TriggerAuthentication that is not listed is refused by name', async () => {
  const named = (name: string, kind?: string) => ({
    ...withKeda,
    keda: { triggers: [{ ...triggers[0], authenticationRef: { name, ...(kind ? { kind } : {}) } }] },
  })
  const config = { triggerAuthentications: ['prometheus', 'cluster/aws'] }
  for (const [autoscaling, reason] of [
    [named('prometheus'), 'NotDegraded'],
    [named('aws', 'ClusterTriggerAuthentication'), 'NotDegraded'],
    [named('aws'), 'TriggerNotAllowed'],
    [named('prometheus', 'ClusterTriggerAuthentication'), 'TriggerNotAllowed'],
  ] as const) {
    const one = await cluster(autoscaling, { config })
    assert.equal(one.condition('Degraded')?.reason, reason)
    assert.deepEqual(scalers(one), reason === 'NotDegraded' ? ['ScaledObject'] : [])
  }
})

test('what KEDA says of its ScaledObject is said of the model', async () => {
  const one = await cluster(withKeda)
  one.edit('ScaledObject', (draft) => {
    draft.status = { conditions: [{ type: 'Ready', status: 'False', reason: 'x', message: 'no scaler foo' }] }
  })
  await one.settle()
  assert.match(
    one.condition('Degraded')?.message ?? '',
    /KEDA does not scale by ScaledObject intents: no scaler foo/,
  )
})

const byQueue = (name: string) => ({
  ...byCpu,
  metrics: [
    { type: 'Pods', pods: { metric: { name }, target: { type: 'AverageValue', averageValue: '4' } } },
  ],
})

test('a metric of ours that nothing tells is said with what to set', async () => {
  for (const [name, customMetrics, sentence] of [
    [
      'gantry_queue_length',
      { kind: 'off', isThereAnother: false },
      /Have the chart value customMetrics\.enabled set/,
    ],
    [
      'gantry_queue_length',
      { kind: 'unreachable', message: 'It leads to Service a/b.' },
      /leads to Service a\/b/,
    ],
    ['gantry_queue', { kind: 'ours' }, /asks for gantry_queue of pods, and there are gantry_queue_length, /],
    ['gantry_queue_length', { kind: 'ours' }, undefined],
    ['gantry_queue_length', { kind: 'off', isThereAnother: true }, undefined],
    ['requests_per_minute', { kind: 'off', isThereAnother: false }, undefined],
  ] as const) {
    const one = await cluster(byQueue(name), { scaling: () => ({ customMetrics, keda: 'off' }) })
    const { reason, message = '' } = one.condition('Degraded') ?? {}
    assert.equal(reason, sentence ? 'ScalingMetricMissing' : 'NotDegraded')
    assert.match(message, sentence ?? /./)
    assert.deepEqual(scalers(one), ['HorizontalPodAutoscaler'])
  }
})

test('a tolerance that the cluster drops is told', async () => {
  const one = await cluster({ ...byCpu, behavior: { scaleUp: { tolerance: '500m' } } })
  assert.equal(one.condition('Degraded')?.reason, 'NotDegraded')
  const live = one.find('HorizontalPodAutoscaler') as KubernetesObject
  const apply = one.world.kube.apply
  Object.assign(one.world.kube, {
    apply: async (...args: Parameters<typeof apply>) => {
      const stored = (await apply(...args)) as Draft
      if (stored.kind !== live.kind) return stored
      const dropped = structuredClone(stored)
      delete dropped.spec.behavior.scaleUp.tolerance
      return one.store.store(dropped)
    },
  })
  one.erase('HorizontalPodAutoscaler')
  await one.settle(10_000)
  assert.equal(one.condition('Degraded')?.reason, 'ToleranceUnsupported')
  assert.equal(one.condition('Ready')?.status, 'True')
  const { length } = one.writes
  await one.pass()
  await one.pass()
  assert.equal(one.writes.length, length, 'passes do not repeat the write')
})
