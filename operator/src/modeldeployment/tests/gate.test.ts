/** spec.evaluate: a new version is measured before it gets any traffic, and what served before serves on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EvaluationRequest } from '@gantry/contract/evaluation.ts'
import { components, labels } from '@gantry/contract/labels.ts'
import { readPrices } from '@gantry/evaluation/prices.ts'
import type { LiveEvent, LiveJob, LivePod } from '@gantry/kube/live.ts'
import { type Costs, noCosts } from '../../cost/world.ts'
import { type ClusterOptions, type Draft, settledCluster, testCluster } from '../../testing/cluster.ts'
import {
  data,
  type Evaluate,
  evaluations,
  failing,
  first,
  gated,
  isEvaluation,
  listed,
  madeEvaluations,
  second,
  serving,
  told,
  useSource,
} from '../../testing/gated.ts'
import { type Fared, measuring } from '../../testing/measured-versions.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { unscheduled, waits } from '../../testing/trouble.ts'

const requestOf = (job: LiveJob | undefined): EvaluationRequest => {
  const [container] = ((job as Draft)?.spec.template.spec.containers ?? []) as { args: string[] }[]
  const text = container?.args.find((arg) => arg.startsWith('--request=')) ?? ''
  return JSON.parse(text.slice('--request='.length))
}
test('a version within the limits is rolled out after it was measured beside the one that serves', async () => {
  const cluster = await gated({ minAccuracy: 0.8, maxAccuracyDrop: 0.01 }, {})
  await useSource(cluster, 2)
  assert.deepEqual(serving(cluster), [second])
  assert.equal(told(cluster, 'Ready').status, 'True')
  assert.deepEqual(told(cluster, 'Evaluated').status, 'True')
  const { evaluation, phase } = listed(cluster, second) ?? {}
  assert.equal(phase, 'Serving')
  assert.equal(evaluation?.passed, true)
  assert.equal(evaluation?.value, 0.9)
  assert.equal(evaluation?.comparison?.with, first)
  assert.equal(evaluation?.dataset.samples, 100)
  const [job] = evaluations(cluster)
  const request = requestOf(job)
  assert.deepEqual(
    request.candidates.map(({ name, folder }) => [name, folder]),
    [
      [second, `/models/${second}`],
      [first, `/models/${first}`],
    ],
  )
  assert.equal(request.compareWith, first)
  assert.deepEqual(request.recordIn, { candidate: second, folder: `/models/${second}` })
})

test('no pod gets a version before it has passed, and its Deployment is not written', async () => {
  let isMeasuring = true
  const cluster = await gated(
    { minAccuracy: 0.8 },
    {},
    {
      stuck: (pod) => (isMeasuring && isEvaluation(pod) ? { phase: 'Running' } : undefined),
    },
  )
  await useSource(cluster, 2)
  assert.deepEqual(serving(cluster), [first])
  assert.equal(told(cluster, 'Ready').reason, 'Evaluating')
  assert.match(told(cluster, 'Ready').message, /v_20261123_100001 serves meanwhile/)
  assert.equal(listed(cluster, second)?.phase, 'Evaluating')
  assert.equal(told(cluster, 'Evaluated').status, 'Unknown')
  isMeasuring = false
  await cluster.settle()
  assert.deepEqual(serving(cluster), [second])
})

interface Refusal {
  readonly limit: Partial<Evaluate>
  readonly second: Fared
  readonly reason: string
  readonly tells: RegExp
}
const refusals: readonly Refusal[] = [
  { limit: { minAccuracy: 0.85 }, second: { accuracy: 0.7 }, reason: 'AccuracyTooLow', tells: /0\.7.*0\.85/ },
  { limit: { maxAccuracyDrop: 0.01 }, second: { accuracy: 0.8 }, reason: 'AccuracyDropped', tells: /0\.1/ },
  { limit: { maxLatencyP95Ms: 50 }, second: { p95Ms: 80 }, reason: 'LatencyTooHigh', tells: /80.*50/ },
  { limit: { maxHourlyCost: '2.50' }, second: {}, reason: 'CostUnknown', tells: /cost\.enabled/ },
]
for (const { limit, second: fared, reason, tells } of refusals) {
  test(`a version beyond ${Object.keys(limit)[0]} gets no traffic, and the one before serves on untouched: ${reason}`, async () => {
    const cluster = await gated(limit, { [second]: fared })
    const before = cluster.find('Deployment')
    await useSource(cluster, 2)
    assert.deepEqual(serving(cluster), [first])
    for (const type of ['Ready', 'Evaluated', 'Stalled'])
      assert.equal(told(cluster, type).reason, reason, type)
    assert.equal(told(cluster, 'Ready').status, 'False')
    assert.match(told(cluster, 'Ready').message, tells)
    assert.match(told(cluster, 'Ready').message, new RegExp(`${first} serves on`))
    assert.equal(listed(cluster, second)?.phase, 'Failed')
    assert.equal(listed(cluster, second)?.evaluation?.passed, false)
    assert.deepEqual((cluster.find('Deployment') as Draft).spec, (before as Draft).spec)
    const events = cluster
      .all<LiveEvent>('Event')
      .filter(({ message }) => message?.startsWith(`${second} gets`))
    assert.deepEqual(
      events.map((event) => [event.reason, event.type]),
      [[reason, 'Warning']],
    )
  })
}

/** One node for 4 an hour, of which a pod asks for an eighth. */
const prices: Costs = {
  ...noCosts,
  sheet: () => {
    const read = readPrices('{currency: EUR, nodes: [{perHour: 4}]}')
    assert.ok(read.kind === 'prices')
    return { kind: 'known', prices: read.prices }
  },
  node: async (name) => ({ name, labels: {}, allocatable: { cpu: 2, memory: 64e9 } }),
}

test('a version whose pods cost more than maxHourlyCost gets no traffic; with a higher limit it does', async () => {
  const cluster = await gated({ maxHourlyCost: '0.40' }, {}, { costs: () => prices })
  await useSource(cluster, 2)
  assert.equal(told(cluster, 'Stalled').reason, 'CostTooHigh')
  assert.match(told(cluster, 'Stalled').message, /0\.5.*0\.4/)
  assert.equal(listed(cluster, second)?.evaluation?.hourlyCost, '0.5')
  assert.deepEqual(serving(cluster), [first])
  await cluster.change((spec) => {
    spec.evaluate.maxHourlyCost = '0.50'
  })
  assert.deepEqual(serving(cluster), [second])
})

test('a version is not judged while the price sheet is being read', async () => {
  let isRead = false
  const costs: Costs = { ...prices, sheet: () => (isRead ? prices.sheet() : { kind: 'pending' }) }
  const cluster = await gated({ maxHourlyCost: '2.50' }, {}, { costs: () => costs })
  await useSource(cluster, 2)
  assert.equal(told(cluster, 'Ready').reason, 'Evaluating')
  assert.deepEqual(serving(cluster), [first])
  isRead = true
  await cluster.settle()
  assert.deepEqual(serving(cluster), [second])
})

test('a first version beyond a limit is not served, and the message says what to do', async () => {
  const cluster = await settledCluster({
    model: modelDeployment({ spec: { evaluate: { ...data, minAccuracy: 0.95 } } }),
    evaluates: measuring(),
  })
  assert.deepEqual(serving(cluster), [])
  assert.equal(told(cluster, 'Stalled').reason, 'AccuracyTooLow')
  assert.match(told(cluster, 'Stalled').message, /Nothing serves.*change the limit/)
  assert.equal(cluster.find('Deployment'), undefined)
  await cluster.change((spec) => {
    spec.evaluate.minAccuracy = 0.9
  })
  assert.deepEqual(serving(cluster), [first])
  assert.equal(told(cluster, 'Ready').status, 'True')
})

test('a changed limit judges again without measuring again', async () => {
  const cluster = await gated({ minAccuracy: 0.85 }, { [second]: { accuracy: 0.7 } })
  await useSource(cluster, 2)
  const made = madeEvaluations(cluster)
  await cluster.change((spec) => {
    spec.evaluate.minAccuracy = 0.6
  })
  assert.deepEqual(serving(cluster), [second])
  assert.equal(madeEvaluations(cluster), made)
})

test('a version that has served is not measured before it serves again, whatever the limits say by then', async () => {
  const cluster = await gated({ minAccuracy: 0.8 }, {})
  await useSource(cluster, 2)
  const made = madeEvaluations(cluster)
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.evaluate.minAccuracy = 0.99
    spec.model.version = first
  })
  await cluster.settle()
  assert.deepEqual(serving(cluster), [first])
  assert.equal(told(cluster, 'Ready').status, 'True')
  assert.equal(told(cluster, 'Evaluated').reason, 'AccuracyTooLow')
  assert.match(told(cluster, 'Evaluated').message, /serves and is not taken down/)
  assert.equal(madeEvaluations(cluster), made, 'it was measured on these data when spec.evaluate was added')
})

test('a refused version does not keep the one before from coming back by its source, or a better one from being rolled out', async () => {
  const cluster = await gated({ minAccuracy: 0.85 }, { [second]: { accuracy: 0.7 } })
  const { uri = '' } = cluster.model().spec.model.source
  await useSource(cluster, 2)
  await cluster.change((spec) => {
    spec.model.source.uri = uri
  })
  assert.equal(told(cluster, 'Ready').status, 'True')
  assert.equal(listed(cluster, second)?.phase, 'Failed')
  await useSource(cluster, 3)
  assert.deepEqual(serving(cluster), ['v_20261123_100003'])
})

test('spec.evaluate on a model that serves measures what serves, and takes nothing down', async () => {
  const cluster = await gated({ minAccuracy: 0.95 }, {})
  assert.deepEqual(serving(cluster), [first])
  assert.equal(told(cluster, 'Ready').status, 'True')
  assert.equal(told(cluster, 'Evaluated').reason, 'AccuracyTooLow')
  assert.equal(listed(cluster, first)?.evaluation?.value, 0.9)
  assert.equal(listed(cluster, first)?.phase, 'Serving')
})

test('other data are measured anew while the version serves, and another number of threads is not', async () => {
  const cluster = await gated({ minAccuracy: 0.8 }, {})
  await useSource(cluster, 2)
  const made = madeEvaluations(cluster)
  const before = listed(cluster, second)?.evaluation?.measurement
  await cluster.change((spec) => {
    spec.evaluate.dataset.uri = 'https://data.example/other.jsonl'
  })
  assert.equal(madeEvaluations(cluster), made + 1)
  assert.equal(requestOf(evaluations(cluster)[0]).dataset.source, 'https://data.example/other.jsonl')
  assert.notEqual(listed(cluster, second)?.evaluation?.measurement, before)
  assert.deepEqual(serving(cluster), [second])
  await cluster.change((spec) => {
    spec.serve.threads = 2
  })
  assert.equal(madeEvaluations(cluster), made + 1)
})

test('without a limit, a measurement is recorded and keeps nothing back', async () => {
  const cluster = await gated({}, { [second]: { accuracy: 0.1 } })
  await useSource(cluster, 2)
  assert.deepEqual(serving(cluster), [second])
  assert.match(told(cluster, 'Evaluated').message, /no limit/)
})

test('data that cannot be had are a condition; they are tried again with backoff, and what served serves on', async () => {
  let isThere = false
  const options: ClusterOptions = {
    evaluates: () =>
      isThere ? undefined : failing('DatasetUnreachable', 'https://data.example does not answer.', 'backoff'),
  }
  const cluster = await settledCluster(options)
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.evaluate = { ...data, minAccuracy: 0.4 }
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  await cluster.settle(0)
  for (const type of ['Ready', 'Evaluated'])
    assert.equal(told(cluster, type).reason, 'DatasetUnreachable', type)
  assert.match(told(cluster, 'Ready').message, /does not answer\. It is tried again by itself/)
  assert.deepEqual(serving(cluster), [first])
  isThere = true
  await cluster.settle()
  assert.deepEqual(serving(cluster), [second])
  assert.equal(told(cluster, 'Ready').status, 'True')
})

test('data that do not exist stall a new version, and leave a version that serves Ready', async () => {
  const cluster = await settledCluster({
    evaluates: () => failing('DatasetNotFound', 'https://data.example/test.jsonl answered 404.', 'never'),
  })
  await cluster.change((spec) => {
    spec.evaluate = { ...data, minAccuracy: 0.8 }
  })
  assert.equal(told(cluster, 'Ready').status, 'True')
  assert.equal(told(cluster, 'Evaluated').reason, 'DatasetNotFound')
  await useSource(cluster, 2)
  assert.equal(told(cluster, 'Stalled').reason, 'DatasetNotFound')
  assert.match(
    told(cluster, 'Stalled').message,
    /answered 404\. To try again, .*kubectl -n demo delete job intents-eval-/,
  )
  assert.deepEqual(serving(cluster), [first])
})

test('data that a pod must not read are not read: a path of the pod, and a path out of its claim', async () => {
  for (const [reason, uri] of [
    ['DatasetNotAllowed', 'file:///etc/passwd'],
    ['UnsafePath', 'pvc://data/../other/test.jsonl'],
  ] as const) {
    const cluster = await gated({ minAccuracy: 0.8 }, {})
    await useSource(cluster, 2)
    const made = madeEvaluations(cluster)
    await cluster.change((spec) => {
      spec.evaluate.dataset.uri = uri
    })
    assert.equal(told(cluster, 'Evaluated').reason, reason)
    assert.equal(told(cluster, 'Ready').status, 'True')
    await useSource(cluster, 3)
    assert.equal(told(cluster, 'Stalled').reason, reason)
    assert.deepEqual(serving(cluster), [second])
    await cluster.change((spec) => {
      spec.model.version = first
    })
    assert.deepEqual(serving(cluster), [first], 'a version that has served can still come back')
    assert.equal(madeEvaluations(cluster), made)
  }
})

test('a version that does not load is not served', async () => {
  const unmeasured = { reason: 'LoadFailed', message: 'The session cannot be created.' } as const
  const cluster = await gated({ minAccuracy: 0.8 }, { [second]: { unmeasured } })
  await useSource(cluster, 2)
  assert.equal(told(cluster, 'Stalled').reason, 'LoadFailed')
  assert.match(told(cluster, 'Stalled').message, /The session cannot be created/)
  assert.deepEqual(serving(cluster), [first])
})

test('a drop cannot be judged where the version that serves has no measurement on the data', async () => {
  const unmeasured = { reason: 'LabelsMismatch', message: 'It has no label "new".' } as const
  const cluster = await gated({ maxAccuracyDrop: 0.01 }, { [first]: { unmeasured } })
  await useSource(cluster, 2)
  assert.equal(told(cluster, 'Stalled').reason, 'NotComparable')
  assert.match(told(cluster, 'Stalled').message, /v_20261123_100001.*no label/)
  assert.deepEqual(serving(cluster), [first])
})

test('a pod that cannot start gives its node to evaluations that wait, and is made again a minute later', async () => {
  let isThere = false
  const cluster = await settledCluster({
    evaluates: measuring(),
    stuck: (pod) =>
      !isThere && pod.metadata.labels?.[labels.component] === components.evaluate
        ? waits('CreateContainerConfigError', 'secret "store" not found')
        : undefined,
  })
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.evaluate = { dataset: { uri: 'https://data.example/test.jsonl', secretRef: { name: 'store' } } }
  })
  await cluster.settle(0)
  const seen = (): string =>
    JSON.stringify(['Ready', 'Stalled', 'Evaluated'].map((type) => told(cluster, type)))
  const before = seen()
  assert.equal(told(cluster, 'Evaluated').reason, 'MissingSecret')
  const { name = '-' } = evaluations(cluster)[0]?.metadata ?? {}
  const [pod] = cluster.all<LivePod>('Pod').filter(({ metadata }) => metadata.name.startsWith(name))
  assert.ok(pod)
  cluster.store.store({ ...pod, spec: { ...pod.spec, nodeName: 'node-1' } })
  const other = { ...pod.metadata, name: 'other', uid: 'uid-of-other', ownerReferences: [] }
  cluster.store.store({
    ...{ ...pod, metadata: other },
    status: unscheduled("0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules."),
  })
  cluster.advance(61_000)
  await cluster.pass()
  assert.equal(evaluations(cluster).length, 0)
  await cluster.pass()
  assert.equal(told(cluster, 'Evaluated').reason, 'MissingSecret')
  assert.equal(told(cluster, 'Ready').status, 'True')
  cluster.advance(61_000)
  for (let round = 0; round < 4; round += 1) {
    await cluster.pass()
    assert.equal(seen(), before, 'it tells the same while it rests, and when it is made again')
    if (round > 0) cluster.step()
  }
  assert.equal(evaluations(cluster).length, 1)
  isThere = true
  cluster.advance(61_000)
  await cluster.settle(0)
  assert.equal(told(cluster, 'Evaluated').reason, 'WithinLimits')
})

test('a suspended model is not measured', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.suspend = true
    spec.evaluate = { ...data, minAccuracy: 0.8 }
  })
  assert.equal(evaluations(cluster).length, 0)
  assert.equal(told(cluster, 'Evaluated').reason, 'Suspended')
})

test('an import waits until the pod of an evaluation has ended, since both write to the volume', async () => {
  let isStuck = true
  const cluster = await gated(
    { minAccuracy: 0.8 },
    {},
    {
      stuck: (pod) =>
        isStuck && pod.metadata.labels?.[labels.component] === components.evaluate
          ? { phase: 'Running' }
          : undefined,
    },
  )
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  await cluster.pass()
  await cluster.pass()
  assert.equal(cluster.all('Job').length, 0)
  assert.match(told(cluster, 'Ready').message, /Waiting for pod intents-eval-/)
  isStuck = false
  await cluster.settle()
  assert.deepEqual(serving(cluster), [second])
})

test('a version that is being measured is never pruned, and the finished evaluation stays for its log', async () => {
  const cluster = await gated(
    { minAccuracy: 0.85 },
    { [second]: { accuracy: 0.7 } },
    {
      model: modelDeployment({ spec: { versionHistoryLimit: 1 } }),
    },
  )
  await useSource(cluster, 2)
  assert.deepEqual(
    cluster.model().status?.versions?.map(({ id }) => id),
    [first, second],
  )
  assert.equal(evaluations(cluster).length, 1)
})

test('a settled model writes nothing', async () => {
  const cluster = await gated({ minAccuracy: 0.85 }, { [second]: { accuracy: 0.7 } })
  await useSource(cluster, 2)
  cluster.writes.length = 0
  await cluster.settle()
  assert.deepEqual(cluster.writes, [])
})

test('the condition Evaluated goes with spec.evaluate, and the Job with it', async () => {
  const cluster = await gated({ minAccuracy: 0.85 }, { [second]: { accuracy: 0.7 } })
  await useSource(cluster, 2)
  await cluster.change((spec) => {
    delete spec.evaluate
  })
  assert.equal(cluster.condition('Evaluated'), undefined)
  assert.deepEqual(serving(cluster), [second])
  assert.equal(cluster.find('NetworkPolicy', 'intents.evaluate'), undefined)
})

test('a measurement goes through where the watches tell late', async () => {
  const cluster = testCluster({ lag: 3, model: modelDeployment({ spec: { evaluate: data } }) })
  await cluster.settle()
  assert.deepEqual(serving(cluster), [first])
  assert.equal(madeEvaluations(cluster), 1)
})
