import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SampleInputs } from '../datasets/sample.ts'
import type { Datatype, TensorSpec } from '../tensors/tensor.ts'
import { CandidateError } from './candidate-error.ts'
import { tensorsOf } from './tensor-inputs.ts'

const spec = (name: string, datatype: Datatype, ...shape: readonly number[]): TensorSpec => ({
  name,
  datatype,
  shape,
  symbols: shape.filter((length) => length < 0).map(() => ''),
})
const elements = (...values: readonly (number | string)[]): SampleInputs => ({
  kind: 'elements',
  elements: values,
})
const row = (cells: Readonly<Record<string, string>>): SampleInputs => ({
  kind: 'row',
  columns: Object.keys(cells),
  elements: Object.values(cells),
})

const found = (inputs: SampleInputs, ...specs: readonly TensorSpec[]): unknown =>
  [...tensorsOf(inputs, specs)].map(([name, { dtype, shape, data }]) => [name, dtype, shape, [...data]])

test('a list of numbers is one row of the only input', () => {
  assert.deepEqual(found(elements(1, Number.NaN), spec('x', 'FP32', -1, 2)), [
    ['x', 'FP32', [1, 2], [1, Number.NaN]],
  ])
  assert.deepEqual(found(elements(1, 2, 3), spec('x', 'INT64', 1, -1)), [
    ['x', 'INT64', [1, 3], [1n, 2n, 3n]],
  ])
  assert.deepEqual(found(elements(1, 2), spec('x', 'FP64', -1)), [['x', 'FP64', [2], [1, 2]]])
  assert.deepEqual(found(elements(1, 2, 3, 4), spec('x', 'UINT8', -1, 2, -1)), [
    ['x', 'UINT8', [1, 2, 2], [1, 2, 3, 4]],
  ])
})

test('members and columns are the inputs of their names', () => {
  const specs = [spec('age', 'FP32', -1, 1), spec('colour', 'BYTES', -1, 1)]
  const expected = [
    ['age', 'FP32', [1, 1], [7.5]],
    ['colour', 'BYTES', [1, 1], ['07']],
  ]
  const named: SampleInputs = {
    kind: 'named',
    named: new Map<string, readonly (number | string)[]>([
      ['colour', ['07']],
      ['age', [7.5]],
    ]),
  }
  assert.deepEqual(found(named, ...specs), expected)
  assert.deepEqual(found(row({ age: ' 7.5', colour: '07' }), ...specs), expected)
})

test('columns with other names are together the only input; NaN is a missing number', () => {
  assert.deepEqual(found(row({ a: '1e-1', b: 'NaN', c: '-2' }), spec('x', 'FP64', -1, 3)), [
    ['x', 'FP64', [1, 3], [0.1, Number.NaN, -2]],
  ])
  assert.deepEqual(found(row({ x: '4' }), spec('x', 'FP64', -1, 1)), [['x', 'FP64', [1, 1], [4]]])
})

const refusals: readonly (readonly [string, SampleInputs, readonly TensorSpec[], RegExp])[] = [
  [
    'too few numbers',
    elements(1),
    [spec('x', 'FP32', -1, 2)],
    /"x" has the shape \[any, 2\] and the samples give it 1 elements/,
  ],
  ['numbers that fill no row', elements(1, 2, 3), [spec('x', 'FP32', -1, 2, -1)], /gives? it 3 elements/],
  [
    'axes that nobody knows',
    elements(1, 2),
    [spec('x', 'FP32', -1, -1, -1)],
    /free axes a list of elements does not tell/,
  ],
  [
    'two inputs',
    elements(1),
    [spec('x', 'FP32', -1, 1), spec('y', 'FP32', -1, 1)],
    /has the inputs "x", "y"; give inputs as/,
  ],
  [
    'a column too much',
    row({ x: '1', y: '2' }),
    [spec('x', 'FP32', -1, 1)],
    /have the columns "y", and the model's inputs are "x"/,
  ],
  [
    'a column that is missing',
    row({ x: '1' }),
    [spec('x', 'FP32', -1, 1), spec('y', 'FP32', -1, 1)],
    /no columns for the model's inputs "y"/,
  ],
  [
    'an empty cell',
    row({ a: '1', b: '' }),
    [spec('x', 'FP32', -1, 2)],
    /element 1 of input "x" is a string, which is no FP32/,
  ],
  ['a fraction for an integer', elements(1.5), [spec('x', 'INT32', -1, 1)], /element 0 of input "x" is 1\.5/],
  [
    'texts for a tensor',
    { kind: 'members', members: { text: 'a' } },
    [spec('x', 'FP32', -1, 1)],
    /have texts or pictures/,
  ],
]

for (const [what, inputs, specs, message] of refusals)
  test(`a sample that does not fit the model is refused by the input's name: ${what}`, () => {
    assert.throws(
      () => tensorsOf(inputs, specs),
      (error) => {
        assert.ok(error instanceof CandidateError)
        assert.equal(error.reason, 'ShapeMismatch')
        assert.match(error.message, message)
        return true
      },
    )
  })
