import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { StartError } from '../failures/errors.ts'
import { readEvaluation } from './evaluation-file.ts'
import { requestOf } from './file-request.ts'

type Json = Readonly<Record<string, unknown>>

const candidate = { name: 'one', task: 'tensor', source: { uri: 'model' } }
const dataset = { uri: 'data/heldout.jsonl' }

const object = (spec: Json = {}, more: Json = {}): Json => ({
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelEvaluation',
  metadata: { name: 'trial' },
  spec: { candidates: [candidate], dataset, ...spec },
  ...more,
})

const problems = (given: unknown): string => {
  try {
    readEvaluation(JSON.stringify(given), 'evaluation.yaml')
    return ''
  } catch (error) {
    assert.ok(error instanceof StartError && error.exitCode === 2, String(error))
    return error.message
  }
}

test('a file with nothing but candidates and data gets the defaults of the CRD', () => {
  const { spec } = readEvaluation(JSON.stringify(object()), 'evaluation.yaml')
  assert.equal(spec.metric, 'accuracy')
  assert.deepEqual(spec.weights, { accuracy: 0.4, cost: 0.3, throughput: 0.3 })
  assert.deepEqual(requestOf(spec, '/here/evaluation.yaml'), {
    candidates: [{ name: 'one', task: 'tensor', source: 'file:///here/model' }],
    dataset: { source: 'file:///here/data/heldout.jsonl' },
    metric: 'accuracy',
    concurrencies: [1, 8],
    device: 'auto',
    timeBudgetSeconds: 600,
  })
})

test('the evaluations of the examples are such files', async () => {
  const files = ['breast-cancer', 'chest-xray', 'customer-service'].map((one) => `${one}/evaluation.yaml`)
  for (const example of [...files, 'customer-service/variants.yaml']) {
    const path = join(import.meta.dirname, '../../../examples', example)
    assert.ok(readEvaluation(await readFile(path, 'utf8'), path).spec.candidates.length > 0)
  }
})

test('a candidate that lacks what is required is not measured', () => {
  const translator = { ...candidate, name: 'two', task: 'translation' }
  const spec = { candidates: [candidate, translator], requirements: { translation: true } }
  const { spec: read } = readEvaluation(JSON.stringify(object(spec)), 'evaluation.yaml')
  assert.deepEqual(
    requestOf(read, '/here/evaluation.yaml')?.candidates.map(({ name }) => name),
    ['two'],
  )
})

test('what is wrong is named by its field, every problem at once', () => {
  const wrong: readonly (readonly [given: unknown, said: string])[] = [
    [[], 'it holds no object'],
    [object({}, { kind: 'Model' }), 'kind must be ModelEvaluation'],
    [object({}, { apiVersion: 'v1' }), 'apiVersion must be gantry.dev/v1alpha1'],
    [object({}, { metadata: {} }), 'metadata.name becomes part of the names of Jobs'],
    [object({ metrik: 'accuracy' }), 'spec.metrik is not known'],
    [object({ metric: 'precision' }), 'spec.metric must be one of accuracy, topK'],
    [object({ candidates: [] }), 'spec.candidates must NOT have fewer than 1 items'],
    [
      object({ candidates: [{ ...candidate, task: 'chess' }] }),
      'spec.candidates[0].task must be one of tensor',
    ],
    [object({ candidates: [{ name: 'one', task: 'tensor' }] }), 'spec.candidates[0].source is missing'],
    [object({ candidates: [candidate, candidate] }), 'spec.candidates has the name one twice'],
    [object({ concurrencies: [1, 1] }), 'spec.concurrencies has a number twice'],
    [object({ concurrencies: [0] }), 'spec.concurrencies[0] must be >= 1'],
    [object({ weights: { accuracy: 0.5 } }), 'spec.weights sum to 1.1 and must sum to 1'],
    [
      object({ weights: { accuracy: -0.4, cost: 0.7, throughput: 0.7 } }),
      'spec.weights.accuracy must be >= 0',
    ],
    [object({ costModel: { perRequest: -1 } }), 'spec.costModel.perRequest must be >= 0'],
    [
      object({ dataset: { ...dataset, split: { share: 1, part: 'rest' } } }),
      'spec.dataset.split.share must be < 1',
    ],
    [object({ dataset: { ...dataset, file: '../x' } }), 'spec.dataset.file must be a relative path'],
    [object({ dataset: {} }), 'spec.dataset needs exactly one of uri and configMapRef'],
    [object({ dataset: { configMapRef: { name: 'data' } } }), 'spec.dataset.configMapRef needs a cluster'],
    [object({ dataset: { uri: 'pvc://claim/x' } }), 'spec.dataset.uri is on a claim, which needs a cluster'],
    [object({ dataset: { uri: 's3://bucket/x' } }), 'spec.dataset.uri must be a path, https://HOST/PATH'],
    [
      object({ dataset: { uri: 'https://host/x', secretRef: { name: 's' } } }),
      'spec.dataset.secretRef needs a cluster',
    ],
    [object({ dataset: { ...dataset, sha256: 'abc' } }), 'spec.dataset.sha256 must be 64 lower-case'],
    [object({ timeBudget: '10' }), 'spec.timeBudget must match pattern'],
    [object({ suspend: true }), 'spec.suspend is true'],
    [
      object({ candidates: [{ ...candidate, source: { uri: 'model', file: 'model.pb' } }] }),
      'spec.candidates[0].source.file must be the relative path of a .onnx file',
    ],
  ]
  for (const [given, said] of wrong) {
    const found = problems(given)
    assert.ok(found.includes(said), `"${said}" is not in: ${found}`)
  }
  const two = problems(object({ metric: 'precision', metrik: 1 }))
  assert.ok(two.includes('spec.metrik is not known') && two.includes('spec.metric must be one of'))
})

test('recipes, variants and an objective are read, and what contradicts itself in them is refused by its field', () => {
  const good = object({
    candidates: [{ ...candidate, optimize: { quantize: 'int8-dynamic' } }],
    variants: { optimize: [{}, { prune: { method: 'structured' } }], threads: [1, 2], maxRows: [8] },
    objective: { minimize: 'cost', subjectTo: { p95Ms: 5, accuracyDrop: 0 } },
  })
  assert.equal(problems(good), '')
  const wrong: readonly (readonly [given: Json, said: string])[] = [
    [
      object({ candidates: [{ ...candidate, optimize: { graph: 'none' } }] }),
      'spec.candidates[0].optimize does nothing',
    ],
    [
      object({ variants: { optimize: [{ prune: { method: 'l1-unstructured', heads: true } }] } }),
      'spec.variants.optimize[0].prune.heads takes attention heads away',
    ],
    [
      object({ candidates: [{ ...candidate, optimize: { distill: { layers: 0.5 } } }] }),
      'spec.candidates[0].optimize.distill: no evaluation trains a student',
    ],
    [
      object({ candidates: [{ ...candidate, optimize: { export: {} } }] }),
      'spec.candidates[0].optimize.export: no evaluation exports a model',
    ],
    [
      object({ variants: { optimize: [{ distill: { layers: 0.5 } }] } }),
      'spec.variants.optimize[0].distill: no evaluation trains a student',
    ],
    [object({ variants: { optimize: [{}, {}] } }), 'spec.variants.optimize has the recipe as-is twice'],
    [object({ variants: { threads: [2, 2] } }), 'spec.variants has a number twice'],
    [
      object({ variants: { optimize: [{ quantise: 'int4' }] } }),
      'spec.variants.optimize[0].quantise is not known',
    ],
    [
      object({ objective: { minimize: 'time' } }),
      'spec.objective.minimize must be one of cost, latency, size',
    ],
    [
      object({ objective: { minimize: 'size', subjectTo: { p95Ms: 0 } } }),
      'spec.objective.subjectTo.p95Ms must be > 0',
    ],
  ]
  for (const [given, said] of wrong) {
    const found = problems(given)
    assert.ok(found.includes(said), `"${said}" is not in: ${found}`)
  }
})
