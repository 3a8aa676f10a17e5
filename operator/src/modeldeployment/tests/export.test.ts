/** spec.optimize.export: a model of another library is imported as an input, becomes a graph in a Job of its own, and the graph serves. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { type ClusterOptions, type Draft, settledCluster, type TestCluster } from '../../testing/cluster.ts'
import { measuring } from '../../testing/measured-versions.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { at } from '../../testing/object-store.ts'

const [input, graph, smaller] = ['v_20261123_100001', 'v_20261123_100002', 'v_20261123_100003']
const exporterImage = 'registry.example/exporter:1'
const dataset = { uri: 'https://data.example/rows.jsonl' }

/** A model that nobody has imported yet. */
const exporting = async (
  options: ClusterOptions = {},
  optimize: Draft = { export: {} },
  evaluate?: Draft,
) => {
  const model = modelDeployment()
  Object.assign(model.spec, { optimize, ...(evaluate ? { evaluate } : {}) })
  const config = { exporterImage, ...options.config }
  return settledCluster({ model, evaluates: measuring(), ...options, config })
}
const serving = (cluster: TestCluster): readonly (string | undefined)[] =>
  cluster
    .all<LivePod>('Pod')
    .filter(({ metadata }) => metadata.labels?.[labels.component] === components.server)
    .map(({ metadata }) => metadata.labels?.[labels.version])
const jobs = (cluster: TestCluster, part: string): readonly string[] =>
  cluster.writes
    .filter(({ kind, verb, name }) => kind === 'Job' && verb === 'create' && name.includes(part))
    .map(({ name }) => name)
const podsOf = (cluster: TestCluster): readonly Draft[] =>
  cluster
    .all('Job')
    .filter(({ metadata }: Draft) => metadata.labels?.[labels.component] === components.optimize)
    .map((job) => at(job, 'spec', 'template', 'spec') as Draft)
const versionOf = (cluster: TestCluster, wanted: string | undefined) =>
  cluster.model().status?.versions?.find(({ id }) => id === wanted)
const egressOf = (cluster: TestCluster): unknown =>
  at(
    cluster.all('NetworkPolicy').find(({ metadata }) => metadata.name.endsWith('.optimize')),
    'spec',
    'egress',
  )

test('a model of another library becomes a graph in the image that has the library, and the graph serves', async () => {
  const cluster = await exporting()
  assert.deepEqual(serving(cluster), [graph])
  assert.deepEqual(versionOf(cluster, input)?.input, { format: 'scikit-learn', file: 'model.skops' })
  const { parent, optimization, input: none } = versionOf(cluster, graph) ?? {}
  assert.deepEqual(
    [parent, optimization?.recipe, none],
    [input, { export: { missingValues: true } }, undefined],
  )
  const [pod] = podsOf(cluster)
  const [step, ...others] = pod?.initContainers ?? []
  assert.deepEqual([others, step.name, step.image], [[], 'export', exporterImage])
  assert.deepEqual(step.args, [
    `--export=/models/${input}/model.skops`,
    '--output=/optimization/model',
    '--replace',
    '--report=/optimization/report.json',
    '--failure=/dev/termination-log',
  ])
  assert.ok(step.volumeMounts.every(({ mountPath, readOnly }: Draft) => mountPath !== '/models' || readOnly))
  assert.deepEqual(cluster.condition('Optimized')?.reason, 'AgreesOnGenerated')
  assert.match(cluster.condition('Optimized')?.message ?? '', /is the graph of v_20261123_100001/)
})

test('the other steps begin from the graph, with data that the export does not get', async () => {
  const optimize = { export: { missingValues: false }, quantize: 'int8-dynamic', dataset }
  const cluster = await exporting({}, optimize)
  assert.deepEqual(serving(cluster), [smaller])
  assert.deepEqual(versionOf(cluster, smaller)?.parent, graph)
  assert.deepEqual(versionOf(cluster, graph)?.optimization?.recipe, { export: { missingValues: false } })
  assert.deepEqual(versionOf(cluster, smaller)?.optimization?.recipe, { quantize: 'int8-dynamic' })
  const names = podsOf(cluster).map(({ initContainers }) => initContainers.map(({ name }: Draft) => name))
  assert.deepEqual(names, [['export'], ['samples', 'optimize']])
  assert.equal(cluster.condition('Optimized')?.reason, 'AgreesOnSamples')
  assert.notEqual(egressOf(cluster), undefined)
  // The graph serves without the other steps, and nothing is made anew.
  const made = jobs(cluster, '-').length
  await cluster.change((spec) => {
    spec.optimize = { export: { missingValues: false } }
  })
  assert.deepEqual([serving(cluster), jobs(cluster, '-').length], [[graph], made])
})

test('while a model of another library is read, the pod may call nobody', async () => {
  const running = [{ name: 'export', state: { running: {} } }]
  const stuck = ({ metadata }: LivePod) =>
    metadata.labels?.[labels.component] === components.optimize
      ? ({ phase: 'Pending', initContainerStatuses: running } as const)
      : undefined
  const cluster = await exporting({ stuck }, { export: {}, quantize: 'int8-dynamic', dataset })
  assert.equal(egressOf(cluster), undefined)
  assert.equal(versionOf(cluster, input)?.phase, 'Optimizing')
  assert.match(cluster.condition('Ready')?.message ?? '', /a graph is being made of it/)
})

test('with labelled data the limits of spec.evaluate decide about the graph, measured without its parent', async () => {
  const evaluate = { dataset, minAccuracy: 0.95 }
  const cluster = await exporting({}, { export: {} }, evaluate)
  assert.deepEqual(serving(cluster), [])
  assert.equal(cluster.condition('Stalled')?.reason, 'AccuracyTooLow')
  await cluster.change((spec) => {
    spec.evaluate.minAccuracy = 0.85
  })
  assert.deepEqual(serving(cluster), [graph])
  const [job] = cluster.all('Job').filter(({ metadata }) => metadata.name.includes('-eval-'))
  assert.ok(!JSON.stringify(job).includes(input ?? ''))
})

test('a graph that answers otherwise than allowed serves nothing, and no step begins from it', async () => {
  const agreement = { sameAnswers: 0.999, samples: 1000, library: 'scikit-learn 1.9.1' }
  const cluster = await exporting(
    { optimizes: () => ({ kind: 'agreement', agreement }) },
    { export: {}, quantize: 'int8-dynamic', maxAccuracyDrop: 0 },
  )
  assert.deepEqual([serving(cluster), jobs(cluster, '-opt-').length], [[], 1])
  const { reason, message = '' } = cluster.condition('Stalled') ?? {}
  assert.equal(reason, 'AgreementTooLow')
  assert.match(message, /0\.1 % of the answers.*those of scikit-learn 1\.9\.1, as the exporter measured them/)
})

test('without the image nothing is begun, the reason says what is missing, and what served serves on', async () => {
  const cluster = await settledCluster({ model: modelDeployment() })
  await cluster.change((spec) => {
    spec.optimize = { export: {} }
    spec.model.source.uri = 'https://models.example/churn.skops'
  })
  assert.deepEqual([serving(cluster), jobs(cluster, '-opt-')], [[input], []])
  for (const type of ['Stalled', 'Optimized'])
    assert.equal(cluster.condition(type)?.reason, 'ExporterMissing')
  assert.match(cluster.condition('Stalled')?.message ?? '', /serves on.*chart value image\.exporter/)
  assert.ok(cluster.all<Draft>('Event').some(({ reason }) => reason === 'ExporterMissing'))
  const before = cluster.writes.length
  await cluster.settle()
  assert.equal(cluster.writes.length, before)
})

test('an input is never served: neither by its id nor when the export is removed', async () => {
  const cluster = await exporting()
  await cluster.change((spec) => {
    spec.optimize = undefined
    spec.model.version = input
  })
  assert.equal(cluster.condition('Stalled')?.reason, 'ModelIncomplete')
  assert.match(cluster.condition('Stalled')?.message ?? '', /holds a model of scikit-learn and no graph/)
  assert.deepEqual(serving(cluster), [graph])
  const imports = jobs(cluster, '-import-').length
  await cluster.change((spec) => {
    spec.model.version = undefined
  })
  assert.equal(jobs(cluster, '-import-').length, imports + 1) // without --export, which the import itself refuses
})

test('a new exporter makes no graph anew that has served, or whose version of fewer bits has', async () => {
  for (const optimize of [{ export: {} }, { export: {}, quantize: 'int8-dynamic' }]) {
    const cluster = await exporting({}, optimize)
    const made = jobs(cluster, '-opt-').length
    Object.assign(cluster.world.config, { exporterImage: 'registry.example/exporter:2' })
    await cluster.settle()
    assert.equal(jobs(cluster, '-opt-').length, made)
  }
})
