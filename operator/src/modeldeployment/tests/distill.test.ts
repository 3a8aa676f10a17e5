/** spec.optimize.distill: the Job of every recipe, in the image that has PyTorch, where the installation names one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { type ClusterOptions, type Draft, settledCluster, type TestCluster } from '../../testing/cluster.ts'
import { measuring } from '../../testing/measured-versions.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { at } from '../../testing/object-store.ts'

const imported = 'v_20261123_100001'
const student = 'v_20261123_100002'
const trainerImage = 'registry.example/trainer:1'
const dataset = { uri: 'https://data.example/messages.jsonl' }
const distill = { layers: 0.5 }

/** A model that serves as it was imported, and is to have a student then. */
const gettingStudent = async (options: ClusterOptions, optimize: Draft = { distill, dataset }) => {
  const cluster = await settledCluster({ model: modelDeployment(), evaluates: measuring(), ...options })
  await cluster.change((spec) => {
    spec.optimize = optimize
  })
  return cluster
}
const serving = (cluster: TestCluster): readonly (string | undefined)[] =>
  cluster
    .all<LivePod>('Pod')
    .filter(({ metadata }) => metadata.labels?.[labels.component] === components.server)
    .map(({ metadata }) => metadata.labels?.[labels.version])
const jobsMade = (cluster: TestCluster): number =>
  cluster.writes.filter(
    ({ kind, verb, name }) => kind === 'Job' && verb === 'create' && name.includes('-opt-'),
  ).length
const podOf = (cluster: TestCluster): Draft => {
  const isOurs = ({ metadata }: Draft) => metadata.labels?.[labels.component] === components.optimize
  return at(cluster.all('Job').findLast(isOurs), 'spec', 'template', 'spec')
}
const stepOf = (cluster: TestCluster): Draft =>
  podOf(cluster).initContainers.find(({ name }: Draft) => name === 'optimize')

test('a student is trained in the image with PyTorch, and serves once its answers agree', async () => {
  const cluster = await gettingStudent({ config: { trainerImage } })
  assert.deepEqual(serving(cluster), [student])
  const [version] = cluster.model().status?.versions?.filter(({ id }) => id === student) ?? []
  const recipe = { layers: 0.5, width: 1, epochs: 60, seconds: 1800, seed: 0 }
  assert.deepEqual([version?.parent, version?.optimization?.recipe.distill], [imported, recipe])
  assert.equal(cluster.condition('Optimized')?.reason, 'AgreesOnSamples')
  const { args: reading } = podOf(cluster).initContainers.find(({ name }: Draft) => name === 'samples')
  assert.match(reading.join(' '), /"trains":true/)
  const { image, args } = stepOf(cluster)
  assert.equal(image, trainerImage)
  assert.deepEqual(
    args.filter((arg: string) => arg.startsWith('--distill')),
    ['--distill=layers:0.5', '--distill-epochs=60', '--distill-seconds=1800', '--distill-seed=0'],
  )
})

test('the steps after a student run in the same container, and other recipes in the image of the optimizer', async () => {
  const optimize = { distill: { layers: 0.5, width: 0.75, seconds: 60 }, quantize: 'int8-dynamic', dataset }
  const both = stepOf(await gettingStudent({ config: { trainerImage } }, optimize))
  assert.equal(both.image, trainerImage)
  for (const arg of ['--distill=layers:0.5,width:0.75', '--quantize=int8-dynamic'])
    assert.ok(both.args.includes(arg), arg)
  const { image } = stepOf(await gettingStudent({ config: { trainerImage } }, { quantize: 'int8-dynamic' }))
  assert.equal(image, 'registry.example/optimizer:1')
})

test('without an image with PyTorch no Job begins, the model serves on, and the message names the chart value', async () => {
  const cluster = await gettingStudent({})
  for (const type of ['Stalled', 'Optimized']) assert.equal(cluster.condition(type)?.reason, 'TrainerMissing')
  assert.match(
    cluster.condition('Stalled')?.message ?? '',
    /v_20261123_100001 serves on.*set the chart value image\.trainer/,
  )
  assert.ok(
    cluster.all<Draft>('Event').some(({ reason, type }) => `${reason} ${type}` === 'TrainerMissing Warning'),
  )
  assert.deepEqual([jobsMade(cluster), serving(cluster)], [0, [imported]])
  const writes = cluster.writes.length
  await cluster.settle()
  assert.equal(cluster.writes.length, writes)
  Object.assign(cluster.world.config, { trainerImage })
  await cluster.settle()
  assert.deepEqual([jobsMade(cluster), serving(cluster)], [1, [student]])
})

test('a student that serves needs no image any more, and another training makes another one', async () => {
  const cluster = await gettingStudent({ config: { trainerImage } })
  Object.assign(cluster.world.config, { trainerImage: undefined })
  await cluster.settle()
  assert.deepEqual([serving(cluster), cluster.condition('Ready')?.status], [[student], 'True'])
  Object.assign(cluster.world.config, { trainerImage })
  const changes: readonly ((optimize: Draft) => void)[] = [
    (optimize) => Object.assign(optimize.distill, { epochs: 60, seed: 0 }), // the defaults
    (optimize) => Object.assign(optimize.distill, { seed: 1 }),
    (optimize) => Object.assign(optimize.distill, { seconds: 60 }),
    (optimize) => Object.assign(optimize, { maxAccuracyDrop: 0.005 }),
  ]
  const jobs: number[] = []
  for (const change of changes) {
    await cluster.change(({ optimize }) => change(optimize))
    jobs.push(jobsMade(cluster))
  }
  assert.deepEqual(jobs, [1, 2, 3, 3])
})

test('the pod may take as long as the training beside its other steps, and has memory for PyTorch', async () => {
  const plain = podOf(await gettingStudent({}, { quantize: 'fp16', dataset }))
  const trains = await gettingStudent(
    { config: { trainerImage } },
    { distill: { ...distill, seconds: 86_400 }, dataset },
  )
  assert.equal(podOf(trains).activeDeadlineSeconds, plain.activeDeadlineSeconds + 86_400)
  const { requests, limits } = stepOf(trains).resources
  assert.deepEqual([requests.memory, limits.memory], ['1567Mi', '4173Mi'])
})

test('the message says that a student is being trained', async () => {
  const stuck: ClusterOptions['stuck'] = (pod) =>
    pod.metadata.labels?.[labels.component] === components.optimize
      ? { phase: 'Pending', initContainerStatuses: [{ name: 'optimize', state: { running: {} } }] }
      : undefined
  const cluster = await gettingStudent({ config: { trainerImage }, stuck })
  assert.match(
    cluster.condition('Ready')?.message ?? '',
    /a student of it is being trained; v_20261123_100001 serves meanwhile/,
  )
})
