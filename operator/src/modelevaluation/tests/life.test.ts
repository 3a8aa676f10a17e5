import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { unpackedReports } from '../../evaluating/report-log.ts'
import type { Draft } from '../../testing/cluster.ts'
import { evaluationCluster, settledEvaluation } from '../../testing/evaluation-cluster.ts'
import { modelEvaluation } from '../../testing/model-evaluation.ts'
import { measurement } from '../../testing/simulated-evaluation.ts'

const measured = (cluster: Awaited<ReturnType<typeof settledEvaluation>>): readonly string[] =>
  cluster.writes.filter(({ verb, kind }) => verb === 'create' && kind === 'Job').map(({ name }) => name)

test('candidates are measured one after another, and the best one wins', async () => {
  const cluster = evaluationCluster()
  let most = 0
  cluster.faults.after = () => {
    const running = cluster.all<LivePod>('Pod').filter(({ status }) => status?.phase !== 'Succeeded')
    most = Math.max(most, running.length)
  }
  await cluster.settle()
  assert.ok(most <= 1)
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.condition('Evaluated')?.status, 'True')
  const { winner, results = [], progress, dataset, observedGeneration } = cluster.status()
  assert.equal(progress, '3/3')
  assert.equal(results.length, 3)
  assert.equal(winner, results[0]?.name)
  assert.equal(dataset?.samples, 100)
  assert.equal(observedGeneration, 1)
})

test('an evaluation at rest writes nothing', async () => {
  const cluster = await settledEvaluation()
  cluster.writes.length = 0
  for (let n = 0; n < 3; n += 1) assert.deepEqual(await cluster.pass(), { kind: 'settled' })
  assert.deepEqual(cluster.writes, [])
})

test('the reports of all candidates can be read from one ConfigMap', async () => {
  const cluster = await settledEvaluation()
  const { binaryData, data } = cluster.reports() as Draft
  assert.deepEqual(Object.keys(binaryData).sort(), ['large.json.gz', 'small.json.gz', 'tiny.json.gz'])
  const whole = unpackedReports(Buffer.from(binaryData['large.json.gz'], 'base64'))
  const [first] = whole?.candidates ?? []
  assert.equal(first && 'measurement' in first && first.measurement.name, 'large')
  assert.match(data['report.md'], /intents/)
})

test('a changed candidate is measured anew, and the others are not', async () => {
  const cluster = await settledEvaluation()
  const before = measured(cluster)
  cluster.edit('ModelEvaluation', ({ spec }) => {
    spec.candidates[1].source.uri = 'https://models.example/larger.tar.gz'
  })
  await cluster.settle()
  assert.equal(measured(cluster).length, before.length + 1)
  assert.equal(cluster.status().progress, '3/3')
  assert.equal(cluster.jobs().length, 3, 'the Job of the former candidate is gone')
})

test('changed weights, requirements and costs rank anew without a measurement', async () => {
  const cluster = await settledEvaluation()
  const before = measured(cluster)
  const { results = [] } = cluster.status()
  cluster.edit('ModelEvaluation', ({ spec }) => {
    spec.weights = { accuracy: 0, cost: 1, throughput: 0 }
    spec.costModel = { perRequest: 0.5 }
    spec.requirements = { text_generation: true }
    spec.candidates[0].capabilities = ['text_generation']
    spec.candidates[1].capabilities = ['text_generation']
  })
  await cluster.settle()
  assert.deepEqual(measured(cluster), before)
  const status = cluster.status()
  assert.equal(status.results?.length, 2)
  assert.equal(status.results?.[0]?.cost.inference, 500)
  assert.notDeepEqual(status.results?.[0]?.score, results[0]?.score)
  assert.deepEqual(
    status.ineligible?.map(({ name }) => name),
    ['tiny'],
  )
  assert.equal(status.observedGeneration, 2)
})

test('what cannot do what is required is not measured, and its reason is told', async () => {
  const evaluation = modelEvaluation({ requirements: { translation: true } })
  const cluster = await settledEvaluation({ evaluation })
  assert.deepEqual(measured(cluster), [])
  assert.equal(cluster.status().ineligible?.length, 3)
  assert.equal(cluster.condition('Stalled')?.reason, 'NoEligibleCandidate')
})

test('another data set, metric or limit of memory measures all candidates anew', async () => {
  const cluster = await settledEvaluation()
  for (const change of [
    ({ spec }: Draft) => {
      spec.dataset = { configMapRef: { name: 'other' } }
    },
    ({ spec }: Draft) => {
      spec.serve = { resources: { limits: { memory: '8Gi' } } }
    },
  ]) {
    const before = measured(cluster).length
    cluster.edit('ModelEvaluation', change)
    await cluster.settle()
    assert.equal(measured(cluster).length, before + 3)
    assert.equal(cluster.condition('Ready')?.status, 'True')
  }
})

test('an evaluation that is changed in the middle measures what it says now', async () => {
  const cluster = evaluationCluster()
  for (let n = 0; n < 4; n += 1) {
    await cluster.pass()
    cluster.step()
  }
  assert.equal(cluster.all<LivePod>('Pod').length, 1)
  cluster.edit('ModelEvaluation', ({ spec }) => {
    spec.dataset = { configMapRef: { name: 'other' } }
  })
  await cluster.settle()
  const [pod] = cluster.all<LivePod>('Pod')
  assert.match(JSON.stringify(pod), /configmap:\/\/other/)
  assert.equal(cluster.status().progress, '3/3')
  assert.equal(cluster.jobs().length, 3)
})

test('all of a deleted evaluation goes with it', async () => {
  const cluster = await settledEvaluation()
  cluster.store.objects.delete('ModelEvaluation/demo/intents')
  while (cluster.step());
  assert.deepEqual(
    [...cluster.store.objects.values()].filter(({ kind }) => kind !== 'Event'),
    [],
  )
})

test('results outlive Jobs and pods, and a new version of the server measures nothing anew', async () => {
  const cluster = await settledEvaluation()
  const before = cluster.status()
  for (const object of [...cluster.all('Job'), ...cluster.all('Pod')]) cluster.store.erase(object)
  const renewed = {
    ...cluster.world,
    config: { ...cluster.world.config, serverImage: 'registry.example/inference-server:2' },
  }
  Object.assign(cluster.world, renewed)
  cluster.writes.length = 0
  await cluster.settle()
  assert.deepEqual(cluster.status(), before)
  assert.deepEqual(cluster.writes, [])
})

test('a suspended evaluation starts nothing, and takes in what has ended', async () => {
  const cluster = evaluationCluster()
  for (let n = 0; n < 3; n += 1) {
    await cluster.pass()
    cluster.step()
  }
  assert.equal(cluster.jobs().length, 1)
  cluster.edit('ModelEvaluation', ({ spec }) => {
    spec.suspend = true
  })
  await cluster.settle()
  assert.equal(cluster.status().progress, '1/3')
  assert.equal(cluster.condition('Ready')?.reason, 'Suspended')
  assert.equal(cluster.jobs().length, 1)
  cluster.edit('ModelEvaluation', ({ spec }) => {
    spec.suspend = false
  })
  await cluster.settle()
  assert.equal(cluster.status().progress, '3/3')
})

test('later candidates prefer the node of the first, and never share a node with another evaluation', async () => {
  const cluster = await settledEvaluation()
  const jobs = cluster.jobs().map((job) => (job as Draft).spec.template.spec.affinity)
  const preferred = jobs.filter(({ nodeAffinity }) => nodeAffinity !== undefined)
  assert.equal(preferred.length, 2)
  assert.match(JSON.stringify(preferred[0]), /node-1/)
  for (const { podAntiAffinity } of jobs) {
    const [term] = podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution
    assert.deepEqual(term.namespaceSelector, {})
    assert.equal(term.labelSelector.matchLabels[labels.component], 'evaluate')
    assert.equal(term.topologyKey, 'kubernetes.io/hostname')
  }
})

test('figures of different hardware are told as such', async () => {
  const cluster = await settledEvaluation({
    evaluates: () => ({
      kind: 'candidates',
      of: (name) =>
        name === 'large'
          ? {
              hardware: {
                ...{
                  processor: 'Another CPU',
                  cores: 8,
                  memoryBytes: 1,
                  accelerator: 'cpu',
                  onnxruntime: '1.0.0',
                },
              },
            }
          : undefined,
    }),
  })
  assert.match(cluster.condition('Ready')?.message ?? '', /different hardware/)
})

test('an evaluation that another release manages is left alone, and that is told once', async () => {
  const cluster = evaluationCluster()
  cluster.edit('ModelEvaluation', (evaluation) => {
    evaluation.status = { managedBy: 'team-b/prod' }
  })
  for (let n = 0; n < 3; n += 1) assert.equal((await cluster.pass()).kind, 'waiting')
  assert.deepEqual(
    cluster.writes.map(({ verb, kind }) => `${verb} ${kind}`),
    ['create Event'],
  )
  assert.deepEqual(cluster.jobs(), [])
})

test('variants are measured by Jobs of their own with their threads and rows, and the objective chooses one', async () => {
  const [small] = modelEvaluation().spec.candidates
  assert.ok(small)
  const spec = {
    candidates: [small],
    variants: { threads: [1, 2], maxRows: [8, 16] },
    objective: { minimize: 'latency', subjectTo: { p95Ms: 3.5 } },
  } as const
  const served: unknown[] = []
  const cluster = evaluationCluster({
    evaluation: modelEvaluation(spec),
    evaluates: ({ candidates, threads, batching }) => {
      served.push([candidates[0].name, threads, batching?.maxRows])
      const p95Ms = threads === 2 && batching?.maxRows === 8 ? 3 : 4
      const { performance } = measurement(candidates[0].name)
      return { kind: 'candidates', of: () => ({ performance: { ...performance, p95Ms } }) }
    },
  })
  await cluster.settle()
  assert.deepEqual(served, [
    ['small.t1.r8', 1, 8],
    ['small.t1.r16', 1, 16],
    ['small.t2.r8', 2, 8],
    ['small.t2.r16', 2, 16],
  ])
  const { winner, chosen, results = [], progress } = cluster.status()
  assert.deepEqual([winner, progress, results.length], ['small.t2.r8', '4/4', 4])
  assert.match(
    chosen?.reason ?? '',
    /^small\.t2\.r8 is chosen for its latency among the 1 of 4 that meet p95Ms 3\.5/,
  )
  const jobs = measured(cluster)
  cluster.edit('ModelEvaluation', (evaluation: Draft) => {
    evaluation.spec.objective.subjectTo.p95Ms = 2
  })
  await cluster.settle()
  assert.deepEqual(measured(cluster), jobs) // another limit chooses anew, and measures nothing
  assert.equal(cluster.status().winner, undefined)
  assert.equal(cluster.condition('Stalled')?.reason, 'NoEligibleCandidate')
  assert.match(cluster.condition('Ready')?.message ?? '', /none of 4 meets p95Ms 2; nearest is small\.t2\.r8/)
})
