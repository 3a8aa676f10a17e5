/** What the chart's admission policies leave to the operator's account in the name of a ModelEvaluation. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { skipWithoutApiServer, testKubectl } from '../e2e/test-cluster.ts'
import { eventually } from '../local-cluster/kubectl.ts'
import { evaluateJob } from '../operator/src/evaluating/job.ts'
import type { ModelEvaluation } from '../operator/src/modelevaluation/model-evaluation.ts'
import { lastingObjects } from '../operator/src/modelevaluation/objects.ts'
import { candidateRun } from '../operator/src/modelevaluation/run.ts'
import { subjectsOf } from '../operator/src/modelevaluation/subjects.ts'
import { accountConfig, type Draft, operatorAccount } from './testing/operator-account.ts'
import { buildTools } from './tools.ts'

const system = 'evaluation-admission-system'
const namespace = 'evaluation-admission'
const kubectl = testKubectl()
const config = {
  ...accountConfig(system),
  imports: {
    ...accountConfig(system).imports,
    proxy: { https: 'http://proxy.example:80', http: 'http://proxy.example:3128', noProxy: ['.svc'] },
    caBundle: { configMap: 'company-ca', key: 'ca.crt' },
  },
}
const account = operatorAccount(system, [
  '--set',
  'imports.proxy.https=http://proxy.example:80/,imports.proxy.http=http://proxy.example:3128',
])
const { attempt } = account

const spec = {
  candidates: [
    {
      ...{ name: 'downloaded', task: 'text-classification' },
      source: { uri: 'https://models.example/a.tar.gz', secretRef: { name: 'model-token' } },
    },
    { name: 'mounted', task: 'tensor', source: { uri: 'pvc://models/mounted' } },
    { name: 'small', task: 'tensor', source: { configMapRef: { name: 'small' } } },
  ],
  variants: { optimize: [{}, { quantize: 'int8-static', graph: 'all' }] },
  objective: { minimize: 'size', subjectTo: { accuracyDrop: 0.05 } },
  dataset: { uri: 'https://data.example/samples.jsonl', secretRef: { name: 'data-token' } },
  serve: { device: 'gpu', gpu: { resource: 'nvidia.com/gpu', count: 1 } },
}

const podOf = (object: Draft): Draft => object.spec.template.spec
const containerOf = (object: Draft): Draft => podOf(object).containers[0]
const stepOf = (object: Draft, name: string): Draft =>
  podOf(object).initContainers.find((one: Draft) => one.name === name)
const mountOf = (step: Draft, path: string): Draft =>
  step.volumeMounts.find(({ mountPath }: Draft) => mountPath === path)

type Misuse = readonly [what: string, change: (object: Draft) => void, sentence: RegExp]

/** What a thief of the account's token might want of the steps before a measurement. */
const stepMisuses: readonly Misuse[] = [
  ['another image', (one) => (stepOf(one, 'optimize').image = 'evil.example/miner'), /run the image/],
  ['another command of the server', (one) => (stepOf(one, 'samples').args = ['serve']), /run the image/],
  [
    'the source for the optimizer to write to',
    (one) => delete mountOf(stepOf(one, 'optimize'), '/evaluation-scratch').readOnly,
    /only those that read samples for a ModelEvaluation to its source/,
  ],
  [
    'the samples for the optimizer to write to',
    (one) => delete mountOf(stepOf(one, 'optimize'), '/samples').readOnly,
    /steps of optimizations write to no volume/,
  ],
  [
    'the data for the optimizer',
    (one) => stepOf(one, 'optimize').volumeMounts.push({ name: 'samples', mountPath: '/dataset' }),
    /steps of optimizations write to no volume/,
  ],
  [
    'the credentials of the data for the optimizer',
    (one) =>
      stepOf(one, 'optimize').env.push({
        name: 'GANTRY_DATASET_token',
        valueFrom: { secretKeyRef: { name: 'data-token', key: 'token' } },
      }),
    /only the variables that their programs read/,
  ],
  [
    'the credentials of the source for the optimizer',
    (one) =>
      stepOf(one, 'optimize').env.push({
        name: 'GANTRY_SOURCE_token',
        valueFrom: { secretKeyRef: { name: 'model-token', key: 'token' } },
      }),
    /only the variables that their programs read/,
  ],
  [
    'another key of a Secret',
    (one) =>
      stepOf(one, 'samples').env.push({
        name: 'GANTRY_SOURCE_root',
        valueFrom: { secretKeyRef: { name: 'payments', key: 'root' } },
      }),
    /only the variables that their programs read/,
  ],
  ['a sidecar', (one) => (stepOf(one, 'samples').restartPolicy = 'Always'), /run once/],
]

describe('the admission policies for evaluations', { skip: skipWithoutApiServer }, () => {
  let evaluation: ModelEvaluation
  const objects = (): readonly Draft[] => [
    ...(structuredClone(lastingObjects(evaluation, config)) as Draft[]),
    ...subjectsOf(evaluation).map(
      (subject) =>
        evaluateJob(candidateRun(evaluation, subject, config).run, config, {
          ...{ attempt: 0, node: 'node-1', reportBytes: 2048 },
        }) as Draft,
    ),
  ]
  const objectOf = (kind: string): Draft => structuredClone(objects().find((one) => one.kind === kind))
  /** The Job of a candidate that is downloaded and made smaller. */
  const recipeJob = (): Draft =>
    structuredClone(objects().find((one) => one.kind === 'Job' && podOf(one).initContainers))

  before(async () => {
    await buildTools(['helm'])
    for (const name of [system, namespace])
      kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    kubectl.apply(...account.policies())
    const identity = { apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelEvaluation' }
    kubectl.apply({ ...identity, metadata: { name: 'intents', namespace }, spec })
    evaluation = kubectl.get('modelevaluation', 'intents', namespace) as unknown as ModelEvaluation
    for (const [kind, spoil] of [
      ['NetworkPolicy', (one: Draft) => delete one.metadata.ownerReferences],
      ['Job', (one: Draft) => Object.assign(containerOf(one), { image: 'other' })],
      ['ServiceAccount', (one: Draft) => Object.assign(one, { automountServiceAccountToken: true })],
    ] as const) {
      const object = objectOf(kind)
      spoil(object)
      await eventually(
        `the policies look at each ${kind}`,
        () => /denied request/.test(attempt(object).output),
        { timeoutMs: 60_000, intervalMs: 100 },
      )
    }
  })

  test('admit everything that is made for an evaluation', () => {
    for (const object of objects()) {
      const { ok, output } = attempt(object)
      assert.ok(ok, output)
    }
  })

  for (const [kind, what, change, sentence] of [
    [
      'Job',
      'a server',
      (one: Draft) => (containerOf(one).args[0] = 'serve'),
      /those of a ModelEvaluation only evaluate/,
    ],
    [
      'Job',
      'another image',
      (one: Draft) => (containerOf(one).image = 'evil.example/miner'),
      /run the image/,
    ],
    [
      'Job',
      'the account of a model of the same name',
      (one: Draft) => (podOf(one).serviceAccountName = 'intents'),
      /run as the ServiceAccount/,
    ],
    [
      'Job',
      'another key of a Secret',
      (one: Draft) =>
        containerOf(one).env.push({
          name: 'GANTRY_DATASET_token',
          valueFrom: { secretKeyRef: { name: 'payments', key: 'root-password' } },
        }),
      /only the keys of a source/,
    ],
    [
      'Job',
      'a folder of its node',
      (one: Draft) => podOf(one).volumes.push({ name: 'dataset', hostPath: { path: '/' } }),
      /claims, ConfigMaps, Secrets, empty folders and the image of their source only/,
    ],
    ['NetworkPolicy', 'every pod', (one: Draft) => (one.spec.podSelector = {}), /select the pods of their/],
    [
      'NetworkPolicy',
      'the pods of a model',
      (one: Draft) => (one.spec.podSelector = { matchLabels: { 'gantry.dev/model': 'intents' } }),
      /select the pods of their/,
    ],
    [
      'ServiceAccount',
      'a name that is not its own',
      (one: Draft) => (one.metadata.name = 'default'),
      /name begins with the name of their/,
    ],
  ] as const)
    test(`refuse a ${kind} with ${what}`, () => {
      const object = objectOf(kind)
      change(object) // as it is, the tests above had it admitted
      assert.match(attempt(object).output, sentence)
    })

  for (const [what, change, sentence] of stepMisuses)
    test(`refuse the Job of a recipe with ${what}`, () => {
      const object = recipeJob()
      change(object)
      assert.match(attempt(object).output, sentence)
    })

  test('let the operator read logs, write the status of an evaluation, and change nothing else of it', () => {
    const may = (...args: readonly string[]): boolean =>
      account.tryRun(['auth', 'can-i', ...args, '-n', namespace]).ok
    assert.ok(may('get', 'pods', '--subresource=log'))
    assert.ok(may('patch', 'modelevaluations.gantry.dev', '--subresource=status'))
    for (const verb of ['create', 'patch', 'update', 'delete'])
      assert.ok(!may(verb, 'modelevaluations.gantry.dev'), verb)
  })
})
