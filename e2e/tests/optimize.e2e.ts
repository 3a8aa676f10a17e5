/** Recipes on a cluster: a ModelEvaluation chooses one, the version of the winner is made by it, proven and served, and a worse one gets no traffic. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { modelSelector } from '../../contract/labels.ts'
import { conditionOf, eventually, type Live } from '../../local-cluster/kubectl.ts'
import { exampleFile, post, storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

let world: World
const name = 'intents'
/** Reading samples, optimizing and measuring take a busy machine some time. */
const patience = { timeoutMs: 240_000 }

const evaluate = {
  dataset: { configMapRef: { name: 'samples' } },
  ...{ concurrencies: [1], timeBudget: '60s' },
}

before(() => {
  world = openWorld('optimize')
  world.kubectl.apply({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'samples', namespace: world.namespace } },
    data: { 'samples.jsonl': exampleFile('customer-service', 'data', 'handwritten.jsonl').toString('utf8') },
  })
})
after(() => world.close())

const versionsOf = (live: Live): readonly Live[] => live['status'].versions
const messageOf = (live: Live, type: string): string =>
  live['status'].conditions.find((one: { type: string }) => one.type === type).message
const jobs = (infix: string): readonly string[] =>
  world.kubectl
    .list('job', world.namespace, modelSelector(name))
    .map(({ metadata }) => metadata.name)
    .filter((job) => job.includes(infix))
const answered = async (): Promise<void> => {
  const { status, body } = await post(`${world.url(name)}/chat`, { text: '这个锅电磁炉能用不?' })
  assert.equal(status, 200, JSON.stringify(body))
}

const evaluationName = 'search'
const evaluation = (): Live => {
  const live = world.kubectl.get('modelevaluation', evaluationName, world.namespace)
  if (!live) throw new Error('the evaluation is gone')
  return live
}

test('a ModelEvaluation makes a recipe, compares it with the model as it is on samples that did not calibrate, and chooses it', async () => {
  world.kubectl.apply({
    ...{ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelEvaluation' },
    metadata: { name: evaluationName, namespace: world.namespace },
    spec: {
      candidates: [{ name: 'bert', task: 'text-classification', source: storedModel('customer-service') }],
      dataset: { configMapRef: { name: 'samples' } },
      variants: { optimize: [{ quantize: 'int8-dynamic' }] },
      objective: { minimize: 'size', subjectTo: { accuracyDrop: 0.05 } },
      ...{ concurrencies: [1], timeBudget: '20s', serve: { resources: small.serve.resources } },
    },
  })
  const { status } = (await eventually(
    'the evaluation is Ready',
    () => {
      const live = evaluation()
      if (conditionOf(live, 'Ready')?.status === 'True') return live
      throw new Error(JSON.stringify(live['status'] ?? 'no status', null, 1))
    },
    patience,
  )) as Live & { status: Live }
  assert.equal(status['winner'], 'bert.int8-dynamic', JSON.stringify(status))
  assert.match(status['chosen'].reason, /chosen for its size among the 2 of 2 that meet accuracyDrop 0\.05/)
  assert.ok(status['dataset'].samples < status['dataset'].total, JSON.stringify(status['dataset']))
  const [best, asItIs] = status['results']
  assert.ok(best.sizeBytes < asItIs.sizeBytes / 2)
})

test('a ModelDeployment that takes the winner makes the same files by its recipe, proves them on labelled data against what was imported, and serves them', async () => {
  world.applyModel(name, {
    ...small,
    model: { task: 'text-classification', source: { evaluationRef: { name: evaluationName } } },
    evaluate,
  })
  const live = await world.condition(name, 'Optimized', 'True', 'Optimized', patience)
  await world.ready(name, patience)
  const [imported, made] = versionsOf(world.model(name))
  assert.equal(made?.['parent'], imported?.['id'])
  assert.equal(world.model(name)['status'].activeVersion, made?.['id'])
  const { winner } = world.model(name)['status']
  assert.deepEqual([winner.candidate, winner.recipe], ['bert.int8-dynamic', 'int8-dynamic'])
  assert.equal(winner.optimizedRevision, made?.['revision'])
  assert.equal(made?.['digest'], evaluation()['status'].results[0].digest)
  const { recipe, sizeBytes, comparison, agreement, passed } = made?.['optimization'] ?? {}
  assert.deepEqual(recipe, { quantize: 'int8-dynamic' })
  assert.ok(sizeBytes.after < sizeBytes.before / 2, JSON.stringify(sizeBytes))
  assert.equal(agreement.inputs, 'dataset')
  assert.equal(comparison.samples, 75)
  assert.equal(passed, true)
  assert.match(messageOf(live, 'Optimized'), /accuracy is .* its parent on the same 75 samples/)
  assert.ok(world.events(name).some(({ reason }) => (reason as unknown) === 'Optimized'))
  await answered()
})

test('a recipe of its own goes before that of the winner and begins from what was imported, and one that fails the gate leaves what serves', async () => {
  const [imported, made] = versionsOf(world.model(name))
  const importJobs = jobs('-import-')
  world.patchModel(name, {
    optimize: { prune: { method: 'l1-unstructured', ratio: 0.98 }, maxAccuracyDrop: 0 },
  })
  const live = await world.condition(name, 'Stalled', 'True', 'AccuracyDropped', patience)
  const [, , worse] = versionsOf(live)
  assert.deepEqual([worse?.['parent'], worse?.['phase']], [imported?.['id'], 'Failed'])
  assert.deepEqual(jobs('-import-'), importJobs)
  assert.equal(live['status'].activeVersion, made?.['id'])
  await answered()
})

test('without a recipe, what was imported is served', async () => {
  const [imported] = versionsOf(world.model(name))
  world.patchModel(name, {
    model: { source: { evaluationRef: null, ...storedModel('customer-service') } },
    optimize: null,
    evaluate: null,
  })
  await world.condition(name, 'Ready', 'True', undefined, patience)
  await world.ready(name, patience)
  assert.equal(world.model(name)['status'].activeVersion, imported?.['id'])
  await answered()
})
