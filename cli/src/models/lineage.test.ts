import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Model, ModelVersion } from '../cluster/resources.ts'
import { plain } from '../terminal/style.ts'
import { lineageOf } from './lineage.ts'
import { lineagePage } from './lineage-page.ts'

const hex = (digit: string): string => `sha256:${digit.repeat(64)}`
const asked = { uid: 'uid-1', generation: 3, namespace: 'shop', name: 'm' }

const imported: ModelVersion = {
  ...{
    id: 'v_1',
    label: '1.4',
    revision: 'a',
    source: 'hf://acme/intents',
    digest: hex('1'),
    sizeBytes: 2048,
  },
  ...{ createdAt: '2026-11-23T10:15:00Z', phase: 'Imported', sourceRevision: 'c0ffee', requestedBy: asked },
  tools: { gantry: '0.1.0', onnxruntime: '1.30.0' },
  signature: { key: hex('2'), files: 4, digest: hex('3') },
}
const optimized: ModelVersion = {
  ...{ id: 'v_2', revision: 'b', source: 'hf://acme/intents', digest: hex('4'), sizeBytes: 1024 },
  ...{ createdAt: '2026-11-23T10:20:00Z', phase: 'Serving', parent: 'v_1', requestedBy: asked },
  tools: { gantry: '0.1.0', onnxruntime: '1.30.0', optimizer: '0.1.0' },
  optimization: {
    recipe: { quantize: 'int8-dynamic' },
    sizeBytes: { before: 2048, after: 1024 },
    agreement: {
      inputs: 'dataset',
      samples: 200,
      sameAnswers: 0.995,
      largestDifference: 0.1,
      meanDifference: 0.01,
    },
  },
  evaluation: {
    ...{ measurement: 'm', metric: 'accuracy', value: 0.91, metrics: {}, p95Ms: 2, throughputPerSecond: 100 },
    ...{ passed: true, message: 'accuracy is within its limits', evaluatedAt: '2026-11-23T10:21:00Z' },
    dataset: { source: 'pvc://data/test.csv', digest: hex('5'), samples: 200 },
  } as NonNullable<ModelVersion['evaluation']>,
  rollout: [
    { at: '2026-11-23T10:22:00Z', what: 'Canary' },
    { at: '2026-11-23T11:22:00Z', what: 'Serving', why: 'It was tried beside the one before.' },
  ],
}
const model = (versions: readonly ModelVersion[], change: Partial<Model['status']> = {}): Model => ({
  ...{ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelDeployment' },
  metadata: { name: 'm', namespace: 'shop', uid: 'uid-1', generation: 3 },
  spec: { model: { task: 'tensor', source: { uri: 'hf://acme/intents' } } },
  status: { activeVersion: 'v_2', readyReplicas: 2, versions: [...versions], ...change },
})
const page = (of: Model, version?: string): string =>
  lineagePage(lineageOf(of, version), 'm', { style: plain, columns: 200 }).join('\n')

test('a page shows the chain from the source to what serves now', () => {
  const text = page(model([imported, optimized]))
  const expected = [
    'It serves now, on 2 pods.',
    'v_1 (1.4), from which it was made',
    'hf://acme/intents',
    'c0ffee',
    `verified: 4 files, by the key ${hex('2')}`,
    hex('3'),
    hex('1'),
    'shop/m, generation 3, uid uid-1',
    'Gantry 0.1.0, onnxruntime 1.30.0',
    'v_2',
    'quantize int8-dynamic',
    '99.5 % same answers on 200 dataset inputs',
    hex('4'),
    'onnxruntime 1.30.0, optimizer 0.1.0',
    'accuracy 0.91 on pvc://data/test.csv; accuracy is within its limits',
    hex('5'),
    '2026-11-23T10:22:00Z  Canary',
    '2026-11-23T11:22:00Z  Serving',
  ]
  let from = 0
  for (const part of expected) {
    const at = text.indexOf(part, from)
    assert.notEqual(at, -1, `${part} is missing, or in another place, in:\n${text}`)
    from = at + part.length
  }
  assert.doesNotMatch(text, /To look at/)
})

test('which key a version is encrypted under is shown', () => {
  assert.match(
    page(model([{ ...imported, encryptionKey: '2026-11' }, optimized])),
    /encrypted +under the key 2026-11\n/,
  )
  assert.doesNotMatch(page(model([imported, optimized])), /encrypted/)
})

test('what is not recorded, not signed, or asked for by another object is said', () => {
  const { signature: _, requestedBy: __, tools: ___, sourceRevision: ____, ...old } = imported
  const text = page(model([old], { activeVersion: 'v_1' }))
  assert.match(text, /revision +not recorded/)
  assert.match(text, /signature +none/)
  assert.match(text, /Nobody signed v_1/)
  assert.match(text, /did not record who asked for it/)
  const other = { ...imported, requestedBy: { ...asked, uid: 'uid-0' } }
  assert.match(
    page(model([other], { activeVersion: 'v_1' })),
    /asked for by an object that is not this one: shop\/m, uid uid-0/,
  )
})

test('a version whose files were changed on the volume is told first', () => {
  const message = 'the files of v_2 are not those that were imported'
  const stalled = {
    type: 'Stalled',
    status: 'True',
    reason: 'DigestMismatch',
    message,
    lastTransitionTime: '',
  }
  const { now } = lineageOf(model([imported, optimized], { conditions: [stalled as never] }), undefined)
  assert.equal(now.damage, message)
})

test('another version is chosen by id or label, and one that serves is not this one', () => {
  assert.match(page(model([imported, optimized]), '1.4'), /It does not serve now; v_2 does\./)
  assert.deepEqual(
    lineageOf(model([imported, optimized]), 'v_2').chain.map(({ id }) => id),
    ['v_1', 'v_2'],
  )
  assert.throws(() => lineageOf(model([imported]), 'v_9'), /has no version v_9/)
  assert.throws(
    () => lineageOf(model([], { activeVersion: undefined as never }), undefined),
    /no version on its volume/,
  )
})

test('a parent that is gone, and parents in a circle, end the chain', () => {
  const alone = lineageOf(model([optimized]), undefined)
  assert.equal(alone.lostParent, 'v_1')
  assert.match(alone.remarks.join(), /The parent v_1 is not in the status any more/)
  const circle = lineageOf(model([{ ...imported, parent: 'v_2' }, optimized]), undefined)
  assert.equal(circle.lostParent, undefined)
  assert.deepEqual(
    circle.chain.map(({ id }) => id),
    ['v_1', 'v_2'],
  )
})
