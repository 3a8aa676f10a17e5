import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDriftReference } from '@gantry/contract/documents.ts'
import type { TensorSpec } from '../tensors/tensor.ts'
import { seededRandom } from '../testing/random.ts'
import { allFeatures, modelFeatures } from './model-features.ts'
import { createRecorder } from './recorder.ts'
import { binOf } from './tally.ts'

const spec = (name: string, datatype: TensorSpec['datatype'], shape: readonly number[]): TensorSpec =>
  ({ name, datatype, shape, symbols: [], anyRank: false }) as unknown as TensorSpec

const recorded = (
  kind: 'number' | 'category' | 'vector',
  values: readonly (number | string | number[])[],
) => {
  const recorder = createRecorder([{ name: 'x', kind }], seededRandom(1))
  for (const value of values) {
    recorder.count()
    recorder.add(0, value)
  }
  return recorder.reference()
}

test('a reference has no text of a sample, and none of its numbers to the digit', () => {
  const names = ['Ada Lovelace', 'Alan Turing', 'Grace Hopper']
  const texts = recorded(
    'category',
    Array.from({ length: 90 }, (_, at) => names[at % 3] ?? '').concat('Edsger Dijkstra'),
  )
  assert.ok(isDriftReference(texts))
  assert.equal(texts.features[0]?.values?.length, 3, 'a value of a single row has no bin of its own')
  for (const name of [...names, 'Edsger Dijkstra']) assert.ok(!JSON.stringify(texts).includes(name))
  const again = recorded(
    'category',
    Array.from({ length: 90 }, () => 'Ada Lovelace'),
  )
  assert.ok(
    !texts.features[0]?.values?.includes(again?.features[0]?.values?.[0] ?? ''),
    'no two share a salt',
  )
  const random = seededRandom(2)
  const salaries = Array.from({ length: 400 }, () => 30_000 + random() * 60_000).concat(1_234_567.89)
  const [feature] = recorded('number', salaries)?.features ?? []
  const written = new Set([...(feature?.edges ?? []), feature?.least, feature?.most])
  assert.equal(feature?.edges?.length, 9)
  assert.deepEqual(
    salaries.filter((salary) => written.has(salary)),
    [],
  )
  assert.equal(feature?.most, 1_300_000)
  assert.ok((feature?.counts ?? []).every((count) => count >= 38 && count <= 42))
})

test('edges part neighbouring numbers, however close these are', () => {
  for (const [low, high] of [
    [0, 1],
    [0.1, 0.3],
    [-3, -2],
    [1e-300, 2e-300],
    [1, 1 + Number.EPSILON],
    [-Number.MAX_VALUE, Number.MAX_VALUE],
    [5, 5.000001],
  ] as const) {
    const values = Array.from({ length: 80 }, (_, at) => (at % 2 === 0 ? low : high))
    const [feature] = recorded('number', values)?.features ?? []
    const { edges = [], least = Number.NaN, most = Number.NaN } = feature ?? {}
    assert.notEqual(binOf(edges, low), binOf(edges, high), `${low} and ${high} in ${edges}`)
    assert.ok(least <= low && most >= high, `${least} to ${most}`)
    assert.deepEqual(
      feature?.counts?.filter((count) => count > 0),
      [40, 40],
    )
  }
})

test('a vector that is not finite takes nothing from the others', () => {
  const rows = Array.from({ length: 60 }, (_, at) => [at % 2, 1])
  const [whole] = recorded('vector', rows)?.features ?? []
  const [with_] =
    recorded('vector', [...rows, [Number.NaN, 1], [1, Number.POSITIVE_INFINITY]])?.features ?? []
  assert.deepEqual(with_, whole)
  assert.equal(whole?.samples, 60)
})

test('a model of any width has a reference that its server takes', () => {
  const many = Array.from({ length: 500 }, (_, at) => spec(`in${at}`, 'FP32', [-1, 40]))
  const cases: readonly (readonly [readonly TensorSpec[], readonly TensorSpec[]])[] = [
    [many, many.map(({ name }) => spec(`out_${name}`, 'FP32', [-1, 3]))],
    [[spec('x', 'FP32', [-1, 10_000])], [spec('y', 'FP32', [-1, 10_000])]],
    [[spec('x'.repeat(300), 'FP32', [-1, 2])], [spec('y', 'FP32', [-1, 1])]],
    [[spec('x', 'FP32', [-1, 1])], [spec('x', 'FP32', [-1, 1])]],
    [[spec('a', 'FP32', [-1, 90]), spec('a.mean', 'FP32', [-1, 1])], [spec('y', 'FP32', [-1, 1])]],
  ]
  for (const [inputs, outputs] of cases) {
    const features = allFeatures(modelFeatures({ inputs, outputs } as never, undefined, Math.random))
    const names = features.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
    assert.ok(names.some((name) => /^(out|y|x)/.test(name)))
    const recorder = createRecorder(features, seededRandom(3))
    for (let row = 0; row < 60; row++) {
      recorder.count()
      for (const [at, { kind }] of features.entries())
        recorder.add(at, kind === 'number' ? row : kind === 'category' ? `${row % 3}` : [row, 1])
    }
    assert.ok(isDriftReference(recorder.reference()), names.slice(0, 3).join())
  }
})
