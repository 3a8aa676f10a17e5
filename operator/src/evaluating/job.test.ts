/** The pod that measures: what its program is told, what it may reach, and where it may run. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isEvaluationRequest } from '@gantry/contract/documents.ts'
import { components, labels } from '@gantry/contract/labels.ts'
import type { ModelEvaluation } from '../modelevaluation/model-evaluation.ts'
import { lastingObjects } from '../modelevaluation/objects.ts'
import { candidateRun } from '../modelevaluation/run.ts'
import { type Draft, testConfig } from '../testing/cluster.ts'
import { expand } from '../testing/expansion.ts'
import { modelEvaluation } from '../testing/model-evaluation.ts'
import { evaluateJob } from './job.ts'

const jobOf = (evaluation: ModelEvaluation, start = {}, config = testConfig): Draft => {
  const [candidate] = evaluation.spec.candidates
  assert.ok(candidate)
  return evaluateJob(candidateRun(evaluation, candidate, config).run, config, { attempt: 0, ...start })
}
const podOf = (job: Draft): Draft => job.spec.template.spec

const candidate = {
  name: 'small',
  task: 'tensor' as const,
  source: { uri: 'https://models.example/small.onnx', secretRef: { name: 'model-token' } },
}

test('its request reaches the program letter by letter', () => {
  const hostile = ['$(GANTRY_SOURCE_token)', '$$(NODE_NAME)', '$', '"quoted"', 'é\n', '--report=/x']
  const job = jobOf(modelEvaluation({ candidates: [{ ...candidate, labels: hostile }] }))
  const [container] = podOf(job).containers
  const env = new Map(container.env.map(({ name }: Draft) => [name, 'SECRET'])) as Map<string, string>
  const [command, ...args] = container.args.map((arg: string) => expand(arg, env)) as string[]
  assert.equal(command, 'evaluate')
  const requests = args.filter((arg) => arg.startsWith('--request='))
  assert.equal(requests.length, 1)
  const request: unknown = JSON.parse(requests[0]?.slice('--request='.length) ?? '')
  assert.ok(isEvaluationRequest(request))
  assert.deepEqual(request.candidates[0]?.labels, hostile)
})

test('credentials of the model and of the data set come from their own Secrets, by names of their own', () => {
  const dataset = { uri: 'https://data.example/x.jsonl', secretRef: { name: 'data-token' } }
  const [container] = podOf(jobOf(modelEvaluation({ candidates: [candidate], dataset }))).containers
  const secrets = container.env
    .filter(({ valueFrom }: Draft) => valueFrom?.secretKeyRef)
    .map(
      ({ name, valueFrom }: Draft) => `${name} ${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`,
    )
  assert.deepEqual(secrets.sort(), [
    'GANTRY_DATASET_hosts data-token/hosts',
    'GANTRY_DATASET_password data-token/password',
    'GANTRY_DATASET_token data-token/token',
    'GANTRY_DATASET_username data-token/username',
    'GANTRY_SOURCE_hosts model-token/hosts',
    'GANTRY_SOURCE_password model-token/password',
    'GANTRY_SOURCE_token model-token/token',
    'GANTRY_SOURCE_username model-token/username',
  ])
})

test('a model and a data set on claims are mounted side by side, read-only', () => {
  const source = { uri: 'pvc://shared/models/small' }
  const pod = podOf(
    jobOf(
      modelEvaluation({
        candidates: [{ ...candidate, source }],
        dataset: { uri: 'pvc://shared/data', file: 'x.csv' },
      }),
    ),
  )
  const mounted = pod.containers[0].volumeMounts.filter(({ readOnly }: Draft) => readOnly)
  assert.deepEqual(
    mounted.map(({ mountPath }: Draft) => mountPath),
    ['/source', '/dataset'],
  )
  const claims = pod.volumes.filter(({ persistentVolumeClaim }: Draft) => persistentVolumeClaim?.readOnly)
  assert.equal(claims.length, 2)
})

test('its name depends on what decides the result, and not on where and when it runs', () => {
  const evaluation = modelEvaluation()
  const { name } = jobOf(evaluation).metadata
  assert.match(name, /^intents-measure-[0-9a-f]{8}$/)
  assert.equal(jobOf(evaluation, { attempt: 3, node: 'node-7', reportBytes: 5000 }).metadata.name, name)
  assert.notEqual(jobOf(modelEvaluation({ metric: 'f1Macro' })).metadata.name, name)
  const [first] = evaluation.spec.candidates
  assert.ok(first)
  const long = jobOf(modelEvaluation({}, 'a'.repeat(46)))
  assert.ok(long.metadata.name.length <= 63, 'the Job controller makes a label of it')
})

test('it waits on no clock, ends in time once it runs, and its disk has a limit', () => {
  const job = jobOf(modelEvaluation({ timeBudget: '2m' }))
  assert.equal(job.spec.activeDeadlineSeconds, undefined)
  assert.equal(podOf(job).activeDeadlineSeconds, 120 + 6 * 60 * 60)
  for (const { emptyDir } of podOf(job).volumes.filter(({ emptyDir }: Draft) => emptyDir))
    assert.ok(emptyDir.sizeLimit)
})

test('it asks for a GPU where spec.serve says so', () => {
  const limitsOf = (serve: object): Draft =>
    podOf(jobOf(modelEvaluation({ serve }))).containers[0].resources.limits
  assert.equal(limitsOf({ device: 'gpu' })['nvidia.com/gpu'], 1)
  assert.equal(limitsOf({ device: 'auto', gpu: { resource: 'amd.com/gpu', count: 2 } })['amd.com/gpu'], 2)
  assert.equal(limitsOf({ device: 'cpu', gpu: { count: 2 } })['nvidia.com/gpu'], undefined)
})

test('its policy lets it call the hosts of its sources, and accepts nothing', () => {
  const evaluation = modelEvaluation({
    candidates: [{ ...candidate, source: { uri: 'http://store.shop.svc:8080/small.onnx' } }],
    dataset: { uri: 'https://data.example/x.jsonl' },
  })
  const policy = lastingObjects(evaluation, testConfig).find(({ kind }) => kind === 'NetworkPolicy') as Draft
  assert.deepEqual(policy.spec.policyTypes, ['Ingress', 'Egress'])
  assert.equal(policy.spec.ingress, undefined)
  assert.deepEqual(policy.spec.podSelector.matchLabels, {
    [labels.evaluation]: 'intents',
    [labels.component]: components.evaluate,
  })
  const text = JSON.stringify(policy.spec.egress)
  for (const part of ['8080', '443', '"kubernetes.io/metadata.name":"shop"'])
    assert.ok(text.includes(part), part)
  const mounted = modelEvaluation({ candidates: [{ ...candidate, source: { uri: 'pvc://a/b' } }] })
  const [, closed] = lastingObjects(mounted, testConfig) as Draft[]
  assert.equal(closed.spec.egress, undefined)
})
