/** Candidates with a recipe: what runs before their measurement, what they are compared with, and what a recipe that fails becomes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LivePod } from '@gantry/kube/live.ts'
import type { Draft } from '../../testing/cluster.ts'
import { type EvaluationCluster, evaluationCluster } from '../../testing/evaluation-cluster.ts'
import { modelEvaluation } from '../../testing/model-evaluation.ts'
import { dataset, measurement } from '../../testing/simulated-evaluation.ts'
import type { ModelEvaluationSpec } from '../model-evaluation.ts'

const [small] = modelEvaluation().spec.candidates
const bert = { ...small, name: 'bert', labels: ['no', 'yes'] } as ModelEvaluationSpec['candidates'][number]
const spec = {
  candidates: [bert],
  variants: { optimize: [{ quantize: 'int8-dynamic' }] },
  objective: { minimize: 'size', subjectTo: { accuracyDrop: 0.05 } },
} satisfies Partial<ModelEvaluationSpec>
const int8 = 'bert.int8-dynamic'
const asItIs = 'bert.as-is'

/** Accuracies by name, which decide the drop. */
const accurate = (name: string, accuracy: number, sizeBytes = 1_000_000) => ({
  ...measurement(name),
  metrics: { accuracy },
  sizeBytes,
})

const requestIn = (container: Draft): Draft =>
  JSON.parse(container.args.find((arg: string) => arg.startsWith('--request=')).slice('--request='.length))

const jobOf = (cluster: EvaluationCluster, name: string): Draft => {
  const job = cluster.jobs().find(({ metadata }) => metadata.annotations?.['gantry.dev/candidate'] === name)
  assert.ok(job, name)
  return job
}
const podOf = (cluster: EvaluationCluster, name: string): Draft => jobOf(cluster, name).spec.template.spec
const created = (cluster: EvaluationCluster): readonly string[] =>
  cluster.writes.filter(({ verb, kind }) => verb === 'create' && kind === 'Job').map(({ name }) => name)
const reasonsOf = (cluster: EvaluationCluster, name: string): string =>
  cluster
    .status()
    .ineligible?.find((one) => one.name === name)
    ?.reasons.join(' ') ?? ''

/** The drop of `int8` below what the simulated cluster gives the model as it is. */
const dropping = (drop: number) =>
  evaluationCluster({
    evaluation: modelEvaluation(spec),
    evaluates: () => ({
      kind: 'candidates',
      of: (name) =>
        name === int8
          ? accurate(int8, (measurement(asItIs).metrics['accuracy'] ?? 0) - drop, 400_000)
          : undefined,
    }),
  })

test('samples that calibrate a recipe judge nobody, and the drop is that of paired answers in the Job of the recipe', async () => {
  const cluster = dropping(0.03)
  await cluster.settle()
  const pod = podOf(cluster, int8)
  assert.deepEqual(
    pod.initContainers.map(({ name }: Draft) => name),
    ['samples', 'optimize'],
  )
  const [samples, optimize] = pod.initContainers
  const making = requestIn(samples)
  assert.deepEqual(making.fetch, { source: 'https://models.example/small.tar.gz' })
  assert.deepEqual([making.labels, making.dataset.calibration], [['no', 'yes'], 'only'])
  assert.ok(
    optimize.args.includes('--quantize=int8-dynamic') && optimize.args.includes('--max-accuracy-drop=0.05'),
  )
  const source = ['samples', 'optimize'].map((name) => {
    const one = pod.initContainers.find((container: Draft) => container.name === name)
    return one.volumeMounts.find(({ mountPath }: Draft) => mountPath === '/evaluation-scratch').readOnly
  })
  assert.deepEqual(source, [undefined, true], 'the optimizer cannot change what it is compared with')
  const { candidates, dataset: judging, timeBudgetSeconds } = requestIn(pod.containers[0])
  assert.deepEqual(candidates, [
    {
      name: int8,
      task: bert.task,
      labels: bert.labels,
      folder: '/optimization/model',
      optimizationReport: '/optimization/report.json',
      compareWith: asItIs,
    },
    { name: asItIs, task: bert.task, labels: bert.labels, folder: making.folder, onlyCompared: true },
  ])
  assert.deepEqual([judging.calibration, timeBudgetSeconds], ['without', 1200])
  const whole = podOf(cluster, asItIs)
  assert.equal(whole.initContainers, undefined)
  assert.equal(requestIn(whole.containers[0]).dataset.calibration, 'without')
  const { winner, chosen, progress } = cluster.status()
  assert.deepEqual([winner, progress], [int8, '2/2'])
  assert.match(chosen?.reason ?? '', /among the 2 of 2 that meet accuracyDrop 0\.05/)
  cluster.writes.length = 0
  for (let n = 0; n < 3; n += 1) assert.deepEqual(await cluster.pass(), { kind: 'settled' })
  assert.deepEqual(cluster.writes, [])
})

test('a recipe that loses more than the limit is not chosen, and another limit makes the recipe anew and nothing else', async () => {
  const cluster = dropping(0.08)
  await cluster.settle()
  assert.equal(cluster.status().winner, asItIs)
  const before = created(cluster)
  cluster.edit('ModelEvaluation', (evaluation: Draft) => {
    evaluation.spec.objective.subjectTo.accuracyDrop = 0.1
  })
  await cluster.settle()
  assert.equal(created(cluster).length, before.length + 1)
  assert.equal(cluster.status().winner, int8)
})

const failedAt = (name: string, terminated: object): NonNullable<LivePod['status']> => ({
  phase: 'Failed',
  initContainerStatuses: [{ name, state: { terminated: { exitCode: 1, ...terminated } } }],
  containerStatuses: [{ name: 'evaluate', state: { waiting: { reason: 'PodInitializing' } } }],
})

/** A cluster on which the recipe's Job ends so until `mended` says otherwise. */
const broken = (status: () => NonNullable<LivePod['status']> | undefined) =>
  evaluationCluster({
    evaluation: modelEvaluation(spec),
    evaluates: ({ candidates }) => {
      const ending = candidates[0].name === int8 ? status() : undefined
      return ending && { kind: 'status', status: ending }
    },
  })

test('a recipe that the optimizer refuses is a result with its sentence, which nothing tries again until its Job is deleted', async () => {
  let isRefused = true
  const report = { outcome: 'failed', reason: 'NothingToOptimize', message: 'No layer was found.' }
  const cluster = broken(() =>
    isRefused ? failedAt('optimize', { message: JSON.stringify(report) }) : undefined,
  )
  await cluster.settle()
  assert.deepEqual([cluster.status().progress, cluster.status().winner], ['2/2', asItIs])
  assert.match(reasonsOf(cluster, int8), /NothingToOptimize: No layer was found/)
  const before = created(cluster)
  cluster.advance(24 * 60 * 60 * 1000)
  await cluster.settle()
  assert.deepEqual(created(cluster), before)
  isRefused = false
  cluster.store.erase(jobOf(cluster, int8) as never)
  await cluster.settle()
  assert.equal(created(cluster).length, before.length + 1)
  assert.equal(reasonsOf(cluster, int8), '')
})

test('a source that does not answer before a recipe is tried again, and the model as it is is measured meanwhile', async () => {
  let isDown = true
  const report = { outcome: 'failed', reason: 'SourceUnreachable', message: 'No answer.', retry: 'backoff' }
  const cluster = broken(() =>
    isDown ? failedAt('samples', { message: JSON.stringify(report) }) : undefined,
  )
  await cluster.settle(5_000)
  assert.equal(cluster.status().progress, '1/2')
  assert.equal(cluster.condition('Ready')?.reason, 'SourceUnreachable')
  isDown = false
  await cluster.settle()
  assert.equal(cluster.status().progress, '2/2')
})

test('an optimizer that is killed for its memory is a result that names the field to raise, which gives it more', async () => {
  const cluster = broken(() => failedAt('optimize', { exitCode: 137, reason: 'OOMKilled' }))
  await cluster.settle()
  assert.match(reasonsOf(cluster, int8), /limit of 4Gi .*Raise spec\.serve\.resources\.limits\.memory/)
  cluster.edit('ModelEvaluation', (evaluation: Draft) => {
    evaluation.spec.serve.resources = { limits: { memory: '9Gi' } }
  })
  await cluster.settle()
  const limits = podOf(cluster, int8).initContainers.map(({ resources }: Draft) => resources.limits.memory)
  assert.deepEqual(limits, ['9Gi', '9Gi'])
})

test('no step of a recipe asks for more than its limit, whatever spec gives', async () => {
  for (const [given, requests, limits] of [
    [{ limits: { cpu: '500m' } }, { cpu: '500m', memory: '1Gi' }, { cpu: '500m', memory: '4Gi' }],
    [{ requests: { memory: '8Gi' } }, { cpu: '1', memory: '8Gi' }, { memory: '8Gi' }],
  ] as const) {
    const serve = { ...modelEvaluation().spec.serve, resources: given }
    const cluster = evaluationCluster({ evaluation: modelEvaluation({ ...spec, serve } as never) })
    await cluster.settle()
    for (const { resources } of podOf(cluster, int8).initContainers) {
      const { 'ephemeral-storage': _, ...asked } = resources.requests
      const { 'ephemeral-storage': __, ...allowed } = resources.limits
      assert.deepEqual([asked, allowed], [requests, limits])
    }
  }
})

test('an optimizer that claims a measurement has none', async () => {
  const report = { outcome: 'measured', candidates: [accurate(int8, 1, 1)], dataset }
  const cluster = broken(() => failedAt('optimize', { message: JSON.stringify(report) }))
  await cluster.settle()
  assert.equal(cluster.status().winner, asItIs)
  assert.ok(reasonsOf(cluster, int8))
})

test('inputs are generated for a task that writes, and all samples judge', async () => {
  const writing = { ...bert, task: 'translation' } as ModelEvaluationSpec['candidates'][number]
  const cluster = evaluationCluster({
    evaluation: modelEvaluation({
      ...{ candidates: [{ ...writing, optimize: { quantize: 'fp16' } }], metric: 'exactMatch' },
    }),
  })
  await cluster.settle()
  const pod = podOf(cluster, 'bert')
  const [samples, optimize] = pod.initContainers
  assert.equal(requestIn(samples).dataset, undefined)
  assert.ok(!optimize.args.some((arg: string) => arg.startsWith('--dataset')))
  assert.equal(requestIn(pod.containers[0]).dataset.calibration, undefined)
})

test('what the API server cannot count is refused by name', async () => {
  const many = Array.from({ length: 8 }, (_, index) => index + 1)
  for (const [variants, sentence] of [
    [{ optimize: [{ quantize: 'fp16' }, { quantize: 'fp16', graph: 'none' }] }, /has the recipe fp16 twice/],
    [{ optimize: [{ quantize: 'fp16' }, { quantize: 'int4' }], threads: many }, /asks for 24 variants/],
  ] as const) {
    const cluster = evaluationCluster({ evaluation: modelEvaluation({ ...spec, variants } as never) })
    await cluster.settle()
    assert.equal(cluster.condition('Stalled')?.reason, 'SpecInvalid')
    assert.match(cluster.condition('Stalled')?.message ?? '', sentence)
    assert.deepEqual(cluster.jobs(), [])
  }
})
