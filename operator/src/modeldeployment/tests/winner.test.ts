/** spec.model.source.evaluationRef: the winner of a ModelEvaluation is what is imported and served. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { evaluateJob } from '../../evaluating/job.ts'
import type { ModelEvaluation } from '../../modelevaluation/model-evaluation.ts'
import { candidateRun } from '../../modelevaluation/run.ts'
import { subjectsOf } from '../../modelevaluation/subjects.ts'
import { type Draft, settledCluster, type TestCluster, testConfig } from '../../testing/cluster.ts'
import { first, isEvaluation, second, serving } from '../../testing/gated.ts'
import { measuring } from '../../testing/measured-versions.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'

const candidate = (name: string, more: object = {}) => ({
  name,
  task: 'text-classification',
  source: { uri: `https://models.example/${name}.tar.gz` },
  ...more,
})
const condition = (type: string, status: string, message = 'Any.') => ({
  ...{ type, status, reason: 'Any', message, lastTransitionTime: '2026-11-23T10:00:00Z' },
})

/** A ModelEvaluation that has ended. */
const evaluation = (winner: string | undefined, more: Draft = {}): KubernetesObject => ({
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelEvaluation',
  metadata: { name: 'which-intents', namespace: 'demo', uid: 'uid-of-which-intents', generation: 1 },
  spec: {
    ...{ candidates: [candidate('base'), candidate('small', more.candidate)], dataset: {} },
    ...more.spec,
  },
  status: {
    observedGeneration: 1,
    conditions: [condition('Ready', 'True')],
    ...(winner ? { winner, results: [{ name: 'small' }, { name: 'base' }] } : { results: [] }),
    ...more.status,
  },
})

const model = (reference: object = {}) =>
  modelDeployment({
    spec: {
      model: {
        source: { uri: undefined, evaluationRef: { name: 'which-intents', ...reference } },
      },
    },
  })
const put = async (cluster: TestCluster, object: KubernetesObject): Promise<void> => {
  cluster.store.store(object)
  await cluster.settle()
}
const sources = (cluster: TestCluster) => cluster.model().status?.versions?.map(({ source }) => source)
const ready = (cluster: TestCluster) => {
  const { status, reason, message = '' } = cluster.condition('Ready') ?? {}
  return { status, reason, message }
}
const settings = (cluster: TestCluster): Draft => {
  const [map] = cluster.all<KubernetesObject & { data: Record<string, string> }>('ConfigMap')
  return JSON.parse(map?.data['settings.json'] ?? '')
}

test('a model waits for its ModelEvaluation, then for its winner, and then serves it', async () => {
  const cluster = await settledCluster({ model: model() })
  assert.equal(ready(cluster).reason, 'EvaluationNotFound')
  assert.equal(cluster.condition('Stalled')?.status, 'True')
  await put(cluster, evaluation(undefined, { status: { conditions: [condition('Ready', 'False')] } }))
  assert.equal(ready(cluster).reason, 'WaitingForEvaluation')
  assert.equal(cluster.condition('Reconciling')?.status, 'True')
  assert.deepEqual(cluster.all('Job'), [])
  await put(cluster, evaluation('small'))
  assert.deepEqual(serving(cluster), [first])
  assert.deepEqual(sources(cluster), ['https://models.example/small.tar.gz'])
  const { winner } = cluster.model().status ?? {}
  assert.deepEqual([winner?.evaluation, winner?.candidate], ['which-intents', 'small'])
  assert.match(
    cluster.condition('Imported')?.message ?? '',
    /candidate small of ModelEvaluation which-intents/,
  )
})

test('a variant that wins is served by the source of its candidate, and a candidate may be named for its variants', async () => {
  const results = [{ name: 'small.t2' }, { name: 'small.t1' }]
  for (const reference of [{}, { candidate: 'small' }]) {
    const cluster = await settledCluster({ model: model(reference) })
    const spec = { variants: { threads: [1, 2] } }
    await put(cluster, evaluation('small.t2', { spec, status: { winner: 'small.t2', results } }))
    assert.deepEqual(serving(cluster), [first])
    assert.deepEqual(sources(cluster), ['https://models.example/small.tar.gz'])
    assert.equal(cluster.model().status?.winner?.candidate, 'small')
  }
})

test('what is made of a winner by a recipe has its classes, and keeps them when the ModelEvaluation is gone', async () => {
  const labels = ['a', 'b']
  const cluster = await settledCluster({ model: model(), evaluates: measuring() })
  await put(cluster, evaluation('small', { candidate: { labels } }))
  await cluster.change((spec) => {
    spec.optimize = { quantize: 'int8-dynamic' }
  })
  assert.deepEqual(serving(cluster), [second])
  assert.deepEqual(settings(cluster).labels, labels)
  cluster.erase('ModelEvaluation', 'which-intents')
  await cluster.settle()
  assert.deepEqual(serving(cluster), [second])
  assert.deepEqual(settings(cluster).labels, labels)
})

/**
 * What the Job of a recipe would do: the request of its samples and the options of its optimizer, but where the files are and
 * by which name messages call the dataset.
 */
const recipeIn = (pod: Draft): Draft => {
  const [samples, optimize] = pod.initContainers
  const text = samples.args.find((arg: string) => arg.startsWith('--request='))
  const { folder: _, fetch: __, ...request } = JSON.parse(text.slice('--request='.length))
  return {
    request,
    options: optimize.args.filter((arg: string) => !/^--(model|output|dataset-name)=/.test(arg)),
  }
}

const searched = {
  dataset: { configMapRef: { name: 'samples' } },
  ...{ metric: 'topK', output: 'logits' },
  variants: { optimize: [{}, { quantize: 'int8-static' }] },
  objective: { minimize: 'size', subjectTo: { accuracyDrop: 0.03 } },
}
const int8 = 'small.int8-static'
const results = [{ name: int8 }, { name: 'base.as-is' }, { name: 'small.as-is' }]
const withRecipe = (winner = int8, labels: readonly string[] = ['a', 'b']) =>
  evaluation(winner, { spec: searched, candidate: { labels }, status: { winner, results } })

test('the recipe of a variant that wins makes the version that was measured: by the same samples, aim and recipe', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, withRecipe())
  assert.deepEqual(serving(cluster), [second])
  const { winner, versions = [] } = cluster.model().status ?? {}
  assert.deepEqual([winner?.candidate, winner?.recipe], [int8, 'int8-static'])
  assert.deepEqual(versions[1]?.optimization?.recipe, { quantize: 'int8-static' })
  assert.equal(winner?.optimizedRevision, versions[1]?.revision)
  assert.equal(cluster.condition('Optimized')?.status, 'True')
  const [job] = cluster.all<KubernetesObject>('Job').filter(({ metadata }) => metadata.name.includes('-opt-'))
  const measured = withRecipe() as Draft as ModelEvaluation
  const [subject] = subjectsOf(measured).filter(({ name }) => name === int8)
  assert.ok(subject)
  const { run } = candidateRun(measured, subject, testConfig)
  const evaluating = evaluateJob(run, testConfig, { attempt: 0 }) as Draft
  assert.deepEqual(recipeIn((job as Draft).spec.template.spec), recipeIn(evaluating.spec.template.spec))
})

test('what a recipe made of a winner serves on when the ModelEvaluation is gone, and its own recipe goes before', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, withRecipe())
  cluster.erase('ModelEvaluation', 'which-intents')
  await cluster.settle()
  assert.deepEqual(serving(cluster), [second])
  assert.equal(ready(cluster).status, 'True')
  await put(cluster, withRecipe())
  assert.deepEqual(serving(cluster), [second])
  await cluster.change((spec) => {
    spec.optimize = { quantize: 'fp16' }
  })
  const recipes = cluster.model().status?.versions?.map(({ optimization }) => optimization?.recipe?.quantize)
  assert.deepEqual(recipes, [undefined, 'int8-static', 'fp16'])
  assert.equal(cluster.model().status?.winner?.recipe, undefined)
})

test('a recipe that spec gets when the ModelEvaluation is gone is followed from the source of the winner', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, withRecipe())
  cluster.erase('ModelEvaluation', 'which-intents')
  await cluster.change((spec) => {
    spec.optimize = { quantize: 'fp16' }
  })
  const made = cluster
    .model()
    .status?.versions?.map(({ optimization, parent }) => [optimization?.recipe?.quantize, parent])
  assert.deepEqual(made, [
    [undefined, undefined],
    ['int8-static', first],
    ['fp16', first],
  ])
})

test('a recipe that the gate refuses gets no traffic, and the one before serves on even when the ModelEvaluation is gone', async () => {
  const cluster = await settledCluster({
    model: model(),
    optimizes: () => ({ kind: 'agreement', agreement: { sameAnswers: 0.5 } }),
  })
  await put(cluster, withRecipe('base.as-is'))
  assert.deepEqual(serving(cluster), [first])
  await put(cluster, withRecipe())
  assert.deepEqual(serving(cluster), [first])
  assert.equal(ready(cluster).reason, 'AgreementTooLow')
  cluster.erase('ModelEvaluation', 'which-intents')
  await cluster.settle()
  assert.deepEqual(serving(cluster), [first])
})

test('a variant may be named, and one that does not exist is refused by name', async () => {
  const named = await settledCluster({ model: model({ candidate: 'small.as-is' }) })
  await put(named, withRecipe())
  assert.deepEqual(serving(named), [first])
  assert.equal(named.model().status?.winner?.recipe, undefined)
  const absent = await settledCluster({ model: model({ candidate: 'small.fp16' }) })
  await put(absent, withRecipe())
  assert.equal(ready(absent).reason, 'EvaluationNotFound')
  assert.match(ready(absent).message, /no candidate small\.fp16/)
})

test('another winner is another version', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, evaluation('small'))
  await put(cluster, evaluation('base'))
  assert.deepEqual(serving(cluster), [second])
  assert.equal(cluster.model().status?.winner?.candidate, 'base')
})

test('another winner gets no traffic before it has passed spec.evaluate', async () => {
  const cluster = await settledCluster({
    model: model(),
    evaluates: measuring((id) => ({ accuracy: id === second ? 0.5 : 0.9 })),
  })
  await put(cluster, evaluation('small'))
  await cluster.change((spec) => {
    spec.evaluate = { dataset: { uri: 'https://data.example/test.jsonl' }, minAccuracy: 0.8 }
  })
  await put(cluster, evaluation('base'))
  assert.deepEqual(serving(cluster), [first])
  assert.equal(ready(cluster).reason, 'AccuracyTooLow')
})

test('what serves goes on while the ModelEvaluation is measured again, has no winner any more, or is deleted', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, evaluation('small'))
  const pods = cluster.all('Pod').map(({ metadata }) => metadata.uid)
  const isServing = (): void => {
    assert.deepEqual(serving(cluster), [first])
    assert.equal(ready(cluster).status, 'True')
    assert.deepEqual(
      cluster.all('Pod').map(({ metadata }) => metadata.uid),
      pods,
    )
  }
  await put(cluster, evaluation('base', { status: { observedGeneration: 0 } }))
  isServing()
  await put(cluster, evaluation(undefined))
  isServing()
  cluster.erase('ModelEvaluation', 'which-intents')
  await cluster.settle()
  isServing()
  assert.match(
    ready(cluster).message,
    /candidate small of ModelEvaluation which-intents, which names none now/,
  )
  cluster.writes.length = 0
  await cluster.settle()
  assert.deepEqual(cluster.writes, [])
})

test('a candidate that is named is served although another one has won', async () => {
  const cluster = await settledCluster({ model: model({ candidate: 'base' }) })
  await put(cluster, evaluation('small'))
  assert.deepEqual(sources(cluster), ['https://models.example/base.tar.gz'])
})

test('a candidate that is named has to exist and to be eligible', async () => {
  const cluster = await settledCluster({ model: model({ candidate: 'huge' }) })
  await put(cluster, evaluation('small'))
  assert.equal(ready(cluster).reason, 'EvaluationNotFound')
  assert.match(ready(cluster).message, /no candidate huge \(there are: base, small\)/)
  const ineligible = [{ name: 'base', reasons: ['cannot translate: translation is required'] }]
  await put(cluster, evaluation('small', { status: { results: [{ name: 'small' }], ineligible } }))
  await cluster.change((spec) => {
    spec.model.source.evaluationRef.candidate = 'base'
  })
  assert.equal(ready(cluster).reason, 'NoWinner')
  assert.match(ready(cluster).message, /cannot translate/)
})

test('an evaluation that ended without a winner stalls a model that has nothing of it', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, evaluation(undefined))
  assert.equal(cluster.condition('Stalled')?.reason, 'NoWinner')
})

test('a winner of another task is not served', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, evaluation('small', { candidate: { task: 'tensor' } }))
  assert.equal(ready(cluster).reason, 'TaskMismatch')
  assert.match(ready(cluster).message, /Set spec\.model\.task to tensor/)
  assert.deepEqual(serving(cluster), [])
})

test('a winner is served with its own labels, also when the ModelEvaluation is gone; those in spec go first', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, evaluation('small', { candidate: { labels: ['a', 'b'] } }))
  assert.deepEqual(settings(cluster).labels, ['a', 'b'])
  cluster.erase('ModelEvaluation', 'which-intents')
  await cluster.settle()
  assert.deepEqual(settings(cluster).labels, ['a', 'b'])
  await cluster.change((spec) => {
    spec.model.labels = ['x', 'y']
  })
  assert.deepEqual(settings(cluster).labels, ['x', 'y'])
})

test('goes back to a version by its id while another one has won, or the ModelEvaluation is gone', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, evaluation('small'))
  await put(cluster, evaluation('base'))
  cluster.erase('ModelEvaluation', 'which-intents')
  await cluster.change((spec) => {
    spec.model.version = first
  })
  assert.deepEqual(serving(cluster), [first])
  assert.equal(ready(cluster).status, 'True')
})

test('another label waits for the ModelEvaluation that is gone, and what serves goes on', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, evaluation('small'))
  cluster.erase('ModelEvaluation', 'which-intents')
  await cluster.change((spec) => {
    spec.model.version = 'december'
  })
  assert.equal(ready(cluster).reason, 'EvaluationNotFound')
  assert.deepEqual(serving(cluster), [first])
})

test('a winner whose source changes is served as before until it has won again, and then as it is', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, evaluation('small'))
  const changed = { source: { uri: 'https://models.example/small-2.tar.gz' } }
  const again: Draft = evaluation('small', { candidate: changed })
  again.metadata.generation = 2
  await put(cluster, again)
  assert.deepEqual(serving(cluster), [first])
  again.status = {
    ...again.status,
    observedGeneration: 2,
    results: [],
    conditions: [condition('Ready', 'False')],
  }
  await put(cluster, structuredClone(again))
  assert.deepEqual(serving(cluster), [first])
  assert.equal(ready(cluster).status, 'True')
  again.status = { ...(evaluation('small')['status'] as object), observedGeneration: 2 }
  await put(cluster, structuredClone(again))
  assert.deepEqual(serving(cluster), [second])
  assert.deepEqual(sources(cluster)?.at(-1), 'https://models.example/small-2.tar.gz')
})

test('a winner that comes back is the version that was served before, without another import', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, evaluation('small'))
  await put(cluster, evaluation('base'))
  await put(cluster, evaluation('small'))
  assert.deepEqual(serving(cluster), [first])
  assert.equal(sources(cluster)?.length, 2)
})

test('what serves goes on while the ModelEvaluation is suspended or stalled, and what it says is told to a model that has nothing', async () => {
  for (const [type, says] of [
    ['Ready', 'spec.suspend is true.'],
    ['Stalled', 'Line 3 is broken.'],
  ] as const) {
    const conditions = [
      condition('Ready', 'False', says),
      ...(type === 'Stalled' ? [condition('Stalled', 'True', says)] : []),
    ]
    const cluster = await settledCluster({ model: model() })
    await put(cluster, evaluation(undefined, { status: { conditions } }))
    assert.equal(ready(cluster).reason, 'WaitingForEvaluation')
    if (type === 'Stalled') assert.match(ready(cluster).message, /It says: Line 3 is broken\./)
    await put(cluster, evaluation('small'))
    await put(cluster, evaluation(undefined, { status: { conditions } }))
    assert.deepEqual(serving(cluster), [first])
    assert.equal(ready(cluster).status, 'True')
  }
})

test('a candidate that is taken out of the ModelEvaluation serves on', async () => {
  const cluster = await settledCluster({ model: model({ candidate: 'small' }) })
  await put(cluster, evaluation('base'))
  const without: Draft = evaluation('base')
  without.spec.candidates.pop()
  await put(cluster, without)
  assert.deepEqual(serving(cluster), [first])
  assert.equal(ready(cluster).status, 'True')
  cluster.writes.length = 0
  await cluster.settle()
  assert.deepEqual(cluster.writes, [])
})

test('another ModelEvaluation that is not there yet takes nothing down', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, evaluation('small'))
  await cluster.change((spec) => {
    spec.model.source.evaluationRef = { name: 'other' }
  })
  assert.deepEqual(serving(cluster), [first])
  assert.equal(ready(cluster).reason, 'EvaluationNotFound')
})

test('a winner changes while the one before is measured: only the last one gets traffic, once it has passed', async () => {
  let isMeasuring = false
  const cluster = await settledCluster({
    model: model(),
    evaluates: measuring(),
    stuck: (pod) => (isMeasuring && isEvaluation(pod) ? { phase: 'Running' } : undefined),
  })
  await put(cluster, evaluation('small'))
  await cluster.change((spec) => {
    spec.evaluate = { dataset: { uri: 'https://data.example/test.jsonl' }, maxAccuracyDrop: 0.01 }
  })
  isMeasuring = true
  await put(cluster, evaluation('base'))
  assert.deepEqual(serving(cluster), [first])
  await put(cluster, evaluation('small'))
  isMeasuring = false
  await cluster.settle()
  assert.deepEqual(serving(cluster), [first])
  assert.equal(ready(cluster).status, 'True')
  cluster.erase('ModelEvaluation', 'which-intents')
  await cluster.settle()
  assert.deepEqual(serving(cluster), [first])
})

test('a winner serves on although the status of its model is cleared after the ModelEvaluation is gone', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, evaluation('small'))
  cluster.erase('ModelEvaluation', 'which-intents')
  cluster.edit('ModelDeployment', (draft) => {
    draft.status = {}
  })
  await cluster.settle()
  assert.deepEqual(serving(cluster), [first])
  assert.equal(ready(cluster).reason, 'EvaluationNotFound')
})

test('a winner with labels of its own is not measured again when its ModelEvaluation is gone', async () => {
  const cluster = await settledCluster({ model: model(), evaluates: measuring() })
  await put(cluster, evaluation('small', { candidate: { labels: ['a', 'b'] } }))
  await cluster.change((spec) => {
    spec.evaluate = { dataset: { uri: 'https://data.example/test.jsonl' }, minAccuracy: 0.8 }
  })
  const measured = cluster.model().status?.versions?.[0]?.evaluation?.measurement
  assert.notEqual(measured, undefined)
  cluster.writes.length = 0
  cluster.erase('ModelEvaluation', 'which-intents')
  await cluster.settle()
  assert.equal(cluster.model().status?.versions?.[0]?.evaluation?.measurement, measured)
  assert.deepEqual(
    cluster.writes.filter(({ kind }) => kind === 'Job'),
    [],
  )
})

test('a version keeps the labels of its own candidate when the model goes back to it after another one has won', async () => {
  const cluster = await settledCluster({ model: model() })
  await put(cluster, evaluation('small', { candidate: { labels: ['a', 'b'] } }))
  await put(cluster, evaluation('base', { candidate: { labels: ['a', 'b'] } }))
  assert.equal(settings(cluster).labels, undefined, 'the other candidate names none')
  await cluster.change((spec) => {
    spec.model.version = first
  })
  assert.deepEqual(serving(cluster), [first])
  assert.deepEqual(settings(cluster).labels, ['a', 'b'])
  await cluster.change((spec) => {
    spec.model.version = second
  })
  assert.equal(settings(cluster).labels, undefined)
})

test('a winner keeps its labels where its ModelEvaluation is deleted while it is measured', async () => {
  let isMeasuring = true
  const cluster = await settledCluster({
    model: modelDeployment({
      spec: {
        evaluate: { dataset: { uri: 'https://data.example/test.jsonl' } },
        model: { source: { uri: undefined, evaluationRef: { name: 'which-intents' } } },
      },
    }),
    evaluates: measuring(),
    stuck: (pod) => (isMeasuring && isEvaluation(pod) ? { phase: 'Running' } : undefined),
  })
  await put(cluster, evaluation('small', { candidate: { labels: ['a', 'b'] } }))
  cluster.erase('ModelEvaluation', 'which-intents')
  isMeasuring = false
  await cluster.settle()
  assert.deepEqual(serving(cluster), [first])
  assert.deepEqual(settings(cluster).labels, ['a', 'b'])
})
