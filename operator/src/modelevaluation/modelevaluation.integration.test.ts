/** Evaluations on a real API server: the rules of the CRD, its defaults, and the objects and status that the operator writes. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { labels } from '@gantry/contract/labels.ts'
import { createKube } from '@gantry/kube/client.ts'
import { systemClock } from '@gantry/kube/clock.ts'
import type { LiveConfigMap, LiveJob } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { ConfigMap, Job } from '@gantry/kube/resources.ts'
import { noCosts } from '../cost/world.ts'
import { createRests } from '../evaluating/give-way.ts'
import { createInformers } from '../runtime/informers.ts'
import { refusedWrites } from '../runtime/refused-writes.ts'
import { testApi, testNamespace, withoutApiServer } from '../testing/api-server.ts'
import { silentLog, testClaims } from '../testing/claims.ts'
import { type Draft, testConfig } from '../testing/cluster.ts'
import { finish } from '../testing/importers.ts'
import { dataset, measurement } from '../testing/simulated-evaluation.ts'
import { modelEvaluationKind } from './kind.ts'
import type { ModelEvaluation } from './model-evaluation.ts'
import { reconcile } from './reconcile.ts'
import { ModelEvaluation as modelEvaluations, owned } from './resources.ts'
import { annotations } from './run.ts'

const options = { skip: withoutApiServer, timeout: 120_000 }

const candidates = [
  { name: 'small', task: 'text-classification', source: { uri: 'https://models.example/small.tar' } },
  { name: 'large', task: 'text-classification', source: { configMapRef: { name: 'large' } } },
]
const shortest = { candidates, dataset: { configMapRef: { name: 'samples' } } }

const identity = { apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelEvaluation' }

const cluster = async (context: TestContext, prefix: string) => {
  const api = await testApi()
  const namespace = await testNamespace(api, prefix)
  context.after(() => api.transport.close())
  const create = (spec: object, name = 'intents'): Promise<ModelEvaluation> =>
    api.kube.create(modelEvaluations, { ...identity, metadata: { name, namespace }, spec })
  return { api, namespace, create }
}

test('an evaluation of two fields gets the documented defaults', options, async (context) => {
  const { create } = await cluster(context, 'defaults')
  const { spec } = await create(shortest)
  const { metric, concurrencies, expectedRequestsPerHour, weights, score, timeBudget, suspend, serve } = spec
  assert.deepEqual(
    { metric, concurrencies, expectedRequestsPerHour, weights, score, timeBudget, suspend, serve },
    {
      ...{ metric: 'accuracy', concurrencies: [1, 8], expectedRequestsPerHour: 1000, score: 'normalized' },
      weights: { accuracy: 0.4, cost: 0.3, throughput: 0.3 },
      ...{ timeBudget: '10m', suspend: false, serve: { device: 'auto' } },
    },
  )
})

test('what cannot be honoured is refused by the name of its field', options, async (context) => {
  const { create } = await cluster(context, 'refused')
  const [small, large] = candidates
  const refused: readonly (readonly [what: object, sentence: RegExp])[] = [
    [{ weights: { accuracy: 0.5, cost: 0.3, throughput: 0.3 } }, /weights must sum to 1/],
    [{ weights: { accuracy: 0.9 } }, /weights must sum to 1; a weight that is left out is 0\.4/],
    [
      { weights: { accuracy: -0.2, cost: 0.6, throughput: 0.6 } },
      /weights\.accuracy.*greater than or equal to 0/,
    ],
    [{ variants: { threads: [1, 2, 3], maxRows: [1, 2, 3] } }, /more than 16 variants/],
    [{ variants: { threads: [1, 1] } }, /Duplicate value/],
    [{ objective: {} }, /objective\.minimize.*Required/],
    [
      { variants: { optimize: [{}, { quantize: 'fp16' }, { graph: 'all' }], threads: [1, 2, 3] } },
      /more than 16 variants/,
    ],
    [{ objective: { minimize: 'size', subjectTo: { accuracyDrop: -1 } } }, /accuracyDrop.*greater than/],
    [{ candidates: [{ ...small, optimize: { graph: 'none' } }] }, /optimize does nothing/],
    [
      { candidates: [{ ...small, optimize: { distill: { layers: 0.5 }, graph: 'all' } }] },
      /optimize\.distill.*no evaluation trains a student/,
    ],
    [{ variants: { optimize: [{ distill: { layers: 0.5 } }] } }, /no evaluation trains a student/],
    [{ variants: { optimize: [{ export: {} }] } }, /no evaluation exports a model/],
    [{ candidates: [small, { ...large, name: 'small' }] }, /Duplicate value/],
    [{ candidates: [] }, /at least 1/],
    [{ candidates: [{ ...small, source: {} }] }, /exactly one of uri and configMapRef/],
    [{ candidates: [{ ...small, source: { uri: 'https://x/$(A)' } }] }, /must not have/],
    [
      { candidates: [{ ...small, source: { uri: 's3://bucket/x' } }] },
      /must be https.*spec\.evaluate of a ModelDeployment/,
    ],
    [{ dataset: { uri: 'hf://datasets/a/b' } }, /must be https.*hf:\/\/ the https address of the file/],
    [{ dataset: {} }, /exactly one of uri and configMapRef/],
    [{ dataset: { uri: 'pvc://a/b', secretRef: { name: 'x' } } }, /needs a uri that begins with https/],
    [{ dataset: { uri: 'pvc://a/b', file: '../x' } }, /relative path/],
    [{ dataset: { uri: 'pvc://a/b', split: { share: 1, part: 'rest' } } }, /share.*less than 1/],
    [{ metric: 'loss' }, /metric: Unsupported value/],
    [{ metric: 'perplexity', score: 'comprehensive' }, /set spec\.score to normalized/],
    [{ concurrencies: [0] }, /concurrencies.*greater than or equal to 1/],
    [{ expectedRequestsPerHour: -1 }, /expectedRequestsPerHour/],
    [{ costModel: { basePerGb: -1 } }, /costModel\.basePerGb/],
    [
      { costModel: { basePerGb: 1, prices: { configMapRef: { name: 'p' } } } },
      /takes the place of basePerGb/,
    ],
    [{ timeBudget: '10 minutes' }, /timeBudget/],
  ]
  for (const [what, sentence] of refused)
    await assert.rejects(create({ ...shortest, ...what }), sentence, JSON.stringify(what))
  await assert.rejects(create(shortest, 'a'.repeat(47)), /at most 46/)
  await assert.rejects(create(shortest, 'a.b'), /lower-case letters/)
})

/** An operator of its own, made to pass by hand. */
const operator = async (context: TestContext, prefix: string) => {
  const { api, namespace, create } = await cluster(context, prefix)
  const writes: string[] = []
  const kube = createKube(api.transport, {
    fieldManager: labels.manager,
    onCall: ({ verb, resource }) => {
      if (!['get', 'list', 'watch'].includes(verb)) writes.push(`${verb} ${resource}`)
    },
  })
  const stop = new AbortController()
  context.after(() => stop.abort())
  const informers = createInformers({
    ...{ kube, clock: systemClock, log: silentLog, namespace, kinds: [modelEvaluationKind] },
    onKey: () => {},
  })
  void informers.run(stop.signal)
  await informers.synced
  const { cache } = informers
  const world = {
    ...{ kube, cache, config: testConfig, now: Date.now, log: silentLog, costs: noCosts },
    refusedWrites: refusedWrites(Date.now),
    rests: createRests(Date.now),
    claims: testClaims(kube, { resource: modelEvaluations }),
  }
  const isSeen = (resource: Parameters<typeof kube.get>[0], { metadata }: KubernetesObject): boolean =>
    cache.get(resource, namespace, metadata.name)?.metadata.resourceVersion === metadata.resourceVersion
  /** Waits until the watches have told everything that is there. */
  const catchUp = async (): Promise<void> => {
    for (const resource of [modelEvaluations, ...owned]) {
      const labelSelector = resource === modelEvaluations ? '' : 'app.kubernetes.io/managed-by=gantry'
      const live = await api.kube.list(resource, { namespace, labelSelector })
      while (!live.every((object) => isSeen(resource, object))) await pause(20)
    }
  }
  const pass = async () => {
    await catchUp()
    return reconcile(world, `${namespace}/intents`, stop.signal)
  }
  return { kube: api.kube, namespace, create, writes, pass }
}

const comparison = { metric: 'accuracy', difference: -0.01, interval: [-0.02, 0], pValue: 0.5, samples: 75 }

/** Lets the Job that runs report a measurement of its candidate; its log cannot be read here, where no kubelet is. */
const measure = async (kube: Parameters<typeof finish>[0], namespace: string): Promise<void> => {
  const jobs = await kube.list<LiveJob>(Job, { namespace })
  for (const job of jobs.filter(({ status }) => !status?.conditions?.length)) {
    const result = measurement(job.metadata.annotations?.[annotations.candidate] ?? '')
    const [base = ''] = result.name.split('.')
    const comparisons = result.name.endsWith('.fp16')
      ? [{ ...comparison, name: result.name, with: `${base}.as-is` }]
      : []
    const report = { sha256: 'a'.repeat(64), sizeBytes: 10, parts: 1 }
    await finish(kube, job, { outcome: 'measured', candidates: [result], dataset, comparisons, report })
  }
}

test(
  'every object and the whole status are accepted, and an evaluation at rest writes nothing',
  options,
  async (context) => {
    const { kube, namespace, create, writes, pass } = await operator(context, 'life')
    await create({
      ...shortest,
      requirements: { question_answering: false },
      serve: { threads: 2, maxRows: 8 },
    })
    for (let round = 0; round < 4; round += 1) {
      await pass()
      await measure(kube, namespace)
    }
    await pass()
    const { status } = (await kube.get<ModelEvaluation>(modelEvaluations, namespace, 'intents')) ?? {}
    assert.equal(status?.progress, '2/2', JSON.stringify(status?.conditions))
    assert.equal(status?.results?.length, 2)
    assert.equal(status?.winner, status?.results?.[0]?.name)
    assert.equal(status?.conditions?.find(({ type }) => type === 'Ready')?.status, 'True')
    const map = await kube.get<LiveConfigMap>(ConfigMap, namespace, 'intents-report')
    assert.match(JSON.parse(map?.data?.['small.json'] ?? '').missing, /log of its pod/)
    writes.length = 0
    for (let count = 0; count < 3; count += 1) assert.deepEqual(await pass(), { kind: 'settled' })
    assert.deepEqual(writes, [])
  },
)

test(
  'recipes, their Jobs and what is chosen of them are accepted, and an evaluation at rest writes nothing',
  options,
  async (context) => {
    const { kube, namespace, create, writes, pass } = await operator(context, 'recipes')
    const [small, large] = candidates
    await create({
      ...shortest,
      candidates: [small, { ...large, optimize: { prune: { method: 'structured' }, quantize: 'fp16' } }],
      variants: { optimize: [{ quantize: 'fp16' }] },
      objective: { minimize: 'size', subjectTo: { accuracyDrop: 0.05 } },
    })
    for (let round = 0; round < 6; round += 1) {
      await pass()
      await measure(kube, namespace)
    }
    await pass()
    const { status } = (await kube.get<ModelEvaluation>(modelEvaluations, namespace, 'intents')) ?? {}
    assert.equal(status?.progress, '4/4', JSON.stringify(status?.conditions))
    assert.deepEqual(status?.results?.map(({ name }) => name).toSorted(), [
      'large.as-is',
      'large.structured-0.4_fp16',
      'small.as-is',
      'small.fp16',
    ])
    assert.match(status?.chosen?.reason ?? '', /among the 3 of 4 that meet accuracyDrop 0\.05/)
    const jobs = await kube.list<LiveJob>(Job, { namespace })
    const steps = jobs.map(({ spec }) => spec?.template?.spec?.initContainers?.length ?? 0)
    assert.deepEqual(steps.toSorted(), [0, 0, 2, 2])
    writes.length = 0
    for (let count = 0; count < 3; count += 1) assert.deepEqual(await pass(), { kind: 'settled' })
    assert.deepEqual(writes, [])
  },
)

test(
  'other weights rank anew by one write of the reports and one of the status',
  options,
  async (context) => {
    const { kube, namespace, create, writes, pass } = await operator(context, 'weights')
    await create(shortest)
    for (let round = 0; round < 4; round += 1) {
      await pass()
      await measure(kube, namespace)
    }
    await pass()
    const live = (await kube.get<ModelEvaluation>(modelEvaluations, namespace, 'intents')) as Draft
    live.spec.weights = { accuracy: 1, cost: 0, throughput: 0 }
    await kube.replace(modelEvaluations, live)
    writes.length = 0
    await pass()
    assert.deepEqual(
      writes.filter((one) => !one.endsWith('events')),
      ['apply configmaps', 'apply-status modelevaluations'],
    )
  },
)
