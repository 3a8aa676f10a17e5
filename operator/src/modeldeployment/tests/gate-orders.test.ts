/** spec.evaluate where users, other programs and the cluster do things in an odd order. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EvaluationRequest } from '@gantry/contract/evaluation.ts'
import { readPrices } from '@gantry/evaluation/prices.ts'
import type { LiveJob, LivePod } from '@gantry/kube/live.ts'
import { type Costs, noCosts } from '../../cost/world.ts'
import { type ClusterOptions, type Draft, settledCluster, type TestCluster } from '../../testing/cluster.ts'
import {
  data,
  evaluations,
  first,
  gated,
  giveSource,
  isEvaluation,
  listed,
  madeEvaluations,
  second,
  serving,
  third,
  told,
  useSource,
} from '../../testing/gated.ts'
import { type Fared, measuring } from '../../testing/measured-versions.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { measurement } from '../../testing/simulated-evaluation.ts'

/** Another client clears the status, as `kubectl replace --subresource=status` and a restored backup do. */
const clearStatus = (cluster: TestCluster): void =>
  cluster.edit('ModelDeployment', (draft) => {
    draft.status = {}
  })

const requestOf = (job: LiveJob | undefined): EvaluationRequest => {
  const [container] = ((job as Draft)?.spec.template.spec.containers ?? []) as { args: string[] }[]
  return JSON.parse(container?.args.find((arg) => arg.startsWith('--request='))?.slice(10) ?? '{}')
}

/** A gate that can be stopped while it measures. */
const stoppable = async (
  limits: Parameters<typeof gated>[0],
  versions: Readonly<Record<string, Fared>> = {},
  options: ClusterOptions = {},
) => {
  let isMeasuring = false
  const stuck = (pod: LivePod) => (isMeasuring && isEvaluation(pod) ? { phase: 'Running' } : undefined)
  const cluster = await gated(limits, versions, { stuck, ...options })
  return {
    cluster,
    /** Goes on until the version is being measured, and stays there. */
    hold: async (number: number): Promise<void> => {
      isMeasuring = true
      await useSource(cluster, number)
    },
    release: async (): Promise<void> => {
      isMeasuring = false
      await cluster.settle()
    },
    /** The measurement ends before the operator looks again. */
    proceed: (): void => {
      isMeasuring = false
      while (cluster.step());
    },
  }
}

const isQuiet = async (cluster: TestCluster): Promise<void> => {
  cluster.writes.length = 0
  await cluster.settle()
  assert.deepEqual(cluster.writes, [])
}

test('a version is compared with the one that serves although the status was cleared', async () => {
  const cluster = await gated({ maxAccuracyDrop: 0.01 }, { [second]: { accuracy: 0.8 } })
  const { uri } = cluster.model().spec.model.source
  await useSource(cluster, 2)
  assert.deepEqual(serving(cluster), [first])
  clearStatus(cluster)
  await cluster.settle()
  assert.deepEqual(serving(cluster), [first])
  assert.equal(told(cluster, 'Stalled').reason, 'AccuracyDropped')
  assert.match(told(cluster, 'Stalled').message, new RegExp(`${first} serves on.*give its source again`))
  await isQuiet(cluster)
  await cluster.change((spec) => {
    spec.model.source.uri = uri
  })
  assert.deepEqual(serving(cluster), [first])
  assert.equal(told(cluster, 'Ready').status, 'True')
})

test('a version is compared with the one that serves where the status is cleared while its source is given', async () => {
  const cluster = await gated({ maxAccuracyDrop: 0.01 }, { [second]: { accuracy: 0.8 } })
  giveSource(cluster, 2)
  clearStatus(cluster)
  await cluster.settle()
  assert.deepEqual(serving(cluster), [first])
  const [job] = evaluations(cluster)
  assert.equal(requestOf(job).compareWith, first)
  assert.deepEqual(
    requestOf(job).candidates.map(({ folder }) => folder),
    [`/models/${second}`, `/models/${first}`],
  )
  assert.equal(told(cluster, 'Stalled').reason, 'AccuracyDropped')
})

/** One node for 4 an hour, of which a pod asks for an eighth. */
const pricesOf = (isThere: (node: string) => boolean): Costs => ({
  ...noCosts,
  sheet: () => {
    const read = readPrices('{currency: EUR, nodes: [{perHour: 4}]}')
    assert.ok(read.kind === 'prices')
    return { kind: 'known', prices: read.prices }
  },
  node: async (name) =>
    isThere(name)
      ? { name, labels: {}, allocatable: { cpu: 2, memory: 64e9 } }
      : { unknown: `there is no node ${name}` },
})

test('a version that serves keeps its verdict when the node where it was measured is gone', async () => {
  const gone = new Set<string>()
  const costs = pricesOf((name) => !gone.has(name))
  const cluster = await gated({ maxHourlyCost: '0.60' }, {}, { costs: () => costs })
  await useSource(cluster, 2)
  const node = listed(cluster, second)?.evaluation?.node ?? ''
  assert.notEqual(node, '')
  for (const pod of cluster.all<LivePod>('Pod'))
    cluster.store.store({ ...pod, spec: { ...pod.spec, nodeName: 'node-2' } })
  gone.add(node)
  await cluster.settle()
  assert.equal(told(cluster, 'Evaluated').reason, 'WithinLimits')
  assert.equal(listed(cluster, second)?.evaluation?.hourlyCost, '0.5')
  await isQuiet(cluster)
  await cluster.change((spec) => {
    spec.replicas = 2
  })
  assert.equal(told(cluster, 'Evaluated').reason, 'CostTooHigh')
  assert.equal(listed(cluster, second)?.evaluation?.hourlyCost, '1')
})

test('a first version is judged by another limit although the node where it was measured is gone', async () => {
  const gone = new Set<string>()
  const costs = pricesOf((name) => !gone.has(name))
  const cluster = await settledCluster({
    model: modelDeployment({ spec: { evaluate: { ...data, maxHourlyCost: '0.40' } } }),
    evaluates: measuring(),
    costs: () => costs,
  })
  assert.equal(told(cluster, 'Stalled').reason, 'CostTooHigh')
  gone.add(listed(cluster, first)?.evaluation?.node ?? '')
  await cluster.settle()
  assert.equal(told(cluster, 'Stalled').reason, 'CostTooHigh')
  await cluster.change((spec) => {
    spec.evaluate.maxHourlyCost = '0.50'
  })
  assert.deepEqual(serving(cluster), [first])
})

for (const [whose, id] of [
  ['new', second],
  ['serving', first],
] as const)
  test(`the ${whose} version is measured again where time may mend what kept it from being measured`, async () => {
    let isMended = false
    const unmeasured = { reason: 'ImportFailed', message: 'The disk failed.', retry: 'backoff' } as const
    const cluster = await gated(
      { maxAccuracyDrop: 0.01 },
      {},
      {
        evaluates: (request, attempt) =>
          measuring((one) =>
            one === id && request.candidates.length > 1 && !isMended ? { unmeasured } : {},
          )(request, attempt),
      },
    )
    giveSource(cluster, 2)
    await cluster.settle(0)
    assert.equal(told(cluster, 'Reconciling').status, 'True')
    assert.equal(told(cluster, 'Ready').reason, 'ImportFailed')
    assert.match(
      told(cluster, 'Ready').message,
      new RegExp(`${id} could not be measured: The disk failed\\. It is tried again by itself`),
    )
    const { writes } = cluster
    writes.length = 0
    await cluster.pass()
    assert.deepEqual(writes, [])
    isMended = true
    await cluster.settle()
    assert.deepEqual(serving(cluster), [second])
    assert.equal(told(cluster, 'Ready').status, 'True')
  })

test('a version that nothing asks for any more when its measurement ends is not judged by limits that are not its own', async () => {
  const costs = pricesOf(() => true)
  const { cluster, hold, proceed } = await stoppable({ maxHourlyCost: '0.60' }, {}, { costs: () => costs })
  await hold(2)
  proceed()
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.model.version = first
    spec.evaluate.metric = 'f1Macro'
    spec.evaluate.minAccuracy = 0.99
  })
  await cluster.settle()
  assert.deepEqual(serving(cluster), [first])
  const { evaluation, phase } = listed(cluster, second) ?? {}
  assert.equal(evaluation?.metric, 'accuracy', 'what was measured is kept')
  assert.equal(evaluation?.passed, undefined)
  assert.equal(phase, 'Imported')
})

test('a version that is measured waits for the prices, and the message says so', async () => {
  let isRead = false
  const known = pricesOf(() => true)
  const costs: Costs = { ...known, sheet: () => (isRead ? known.sheet() : { kind: 'pending' }) }
  const cluster = await gated({ maxHourlyCost: '2.50' }, {}, { costs: () => costs })
  await useSource(cluster, 2)
  assert.match(told(cluster, 'Ready').message, /is measured, and waits for the prices/)
  isRead = true
  await cluster.settle()
  assert.deepEqual(serving(cluster), [second])
})

test('a version whose volume is lost while it is measured is imported and measured again', async () => {
  const { cluster, hold, release } = await stoppable({ minAccuracy: 0.8 })
  await hold(2)
  cluster.store.objects.delete('PersistentVolumeClaim/demo/intents')
  for (const pod of cluster.all('Pod')) cluster.store.erase(pod)
  await release()
  const [id] = serving(cluster)
  assert.ok(id)
  assert.equal(listed(cluster, id)?.evaluation?.passed, true)
  assert.equal(told(cluster, 'Ready').status, 'True')
})

test('a model that is suspended while a version is measured goes on where it was, with what was measured', async () => {
  const { cluster, hold, release } = await stoppable({ minAccuracy: 0.8 })
  await hold(2)
  const made = madeEvaluations(cluster)
  await cluster.change((spec) => {
    spec.suspend = true
  })
  assert.equal(evaluations(cluster).length, 1, 'what runs is not stopped')
  await release()
  assert.deepEqual(serving(cluster), [first], 'nothing is rolled out')
  assert.equal(told(cluster, 'Suspended').status, 'True')
  assert.equal(madeEvaluations(cluster), made)
  await isQuiet(cluster)
  await cluster.change((spec) => {
    delete spec.suspend
  })
  assert.deepEqual(serving(cluster), [second])
  assert.equal(madeEvaluations(cluster), 0, 'it is not measured twice')
})

test('data that are replaced while a version is measured are measured instead, before it serves', async () => {
  const { cluster, hold, release } = await stoppable({ minAccuracy: 0.8 })
  await hold(2)
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.evaluate.dataset.uri = 'https://data.example/other.jsonl'
  })
  await release()
  assert.deepEqual(serving(cluster), [second])
  assert.equal(requestOf(evaluations(cluster)[0]).dataset.source, 'https://data.example/other.jsonl')
  assert.equal(evaluations(cluster).length, 1)
})

test('limits that change while a version is measured are those that it is judged by, without another measurement', async () => {
  const { cluster, hold, release } = await stoppable({ minAccuracy: 0.8 })
  await hold(2)
  const made = madeEvaluations(cluster)
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.evaluate.minAccuracy = 0.95
  })
  await release()
  assert.deepEqual(serving(cluster), [first])
  assert.equal(told(cluster, 'Stalled').reason, 'AccuracyTooLow')
  assert.equal(madeEvaluations(cluster), made)
})

test('of two sources in quick order, the last one is measured and served', async () => {
  const { cluster, hold, release } = await stoppable({ minAccuracy: 0.8, maxAccuracyDrop: 0.01 })
  await hold(2)
  giveSource(cluster, 3)
  await release()
  assert.deepEqual(serving(cluster), [third])
  assert.equal(listed(cluster, third)?.evaluation?.comparison?.with, first)
  assert.equal(evaluations(cluster).length, 1)
  await isQuiet(cluster)
})

test('a source that is taken back while it is measured is not served', async () => {
  const { cluster, hold, release } = await stoppable({ minAccuracy: 0.8 })
  const { uri = '' } = cluster.model().spec.model.source
  await hold(2)
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.model.source.uri = uri
  })
  await release()
  assert.deepEqual(serving(cluster), [first])
  assert.equal(told(cluster, 'Ready').status, 'True')
  await isQuiet(cluster)
})

test('a rollback to an id while the new version is measured serves that id at once', async () => {
  const { cluster, hold, release } = await stoppable({ minAccuracy: 0.8 })
  await useSource(cluster, 2)
  await hold(3)
  assert.deepEqual(serving(cluster), [second])
  await cluster.change((spec) => {
    spec.model.version = first
  })
  assert.deepEqual(serving(cluster), [first])
  assert.equal(told(cluster, 'Ready').status, 'True')
  await release()
  assert.deepEqual(serving(cluster), [first])
  await isQuiet(cluster)
})

test('a serving version that changes while the new one is measured is what the new one is compared with', async () => {
  const { cluster, hold, release } = await stoppable(
    { maxAccuracyDrop: 0.01 },
    { [first]: { accuracy: 0.95 } },
  )
  await hold(2)
  await cluster.change((spec) => {
    spec.model.version = first
  })
  await release()
  await cluster.change((spec) => {
    delete spec.model.version
  })
  assert.deepEqual(serving(cluster), [first])
  assert.equal(told(cluster, 'Stalled').reason, 'AccuracyDropped')
})

test('the node of a measurement is the one of its pod, whatever the report says', async () => {
  const hardware = { ...measurement('x').hardware, node: 'made-up' }
  const cluster = await gated({}, {}, { evaluates: () => ({ kind: 'candidates', of: () => ({ hardware }) }) })
  assert.equal(listed(cluster, first)?.evaluation?.node, 'node-1')
})

test('a model that is deleted while a version is measured is left alone', async () => {
  const { cluster, hold } = await stoppable({ minAccuracy: 0.8 })
  await hold(2)
  cluster.erase('ModelDeployment')
  cluster.writes.length = 0
  assert.deepEqual(await cluster.pass(), { kind: 'settled' })
  assert.deepEqual(cluster.writes, [])
})

test('a version whose folder is gone when it is measured gets no traffic', async () => {
  const unmeasured = { reason: 'SourceNotFound', message: 'Its folder is not there.' } as const
  const cluster = await gated({ minAccuracy: 0.8 }, { [second]: { unmeasured } })
  await useSource(cluster, 2)
  assert.equal(told(cluster, 'Stalled').reason, 'SourceNotFound')
  assert.deepEqual(serving(cluster), [first])
  await isQuiet(cluster)
})
