import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphOf } from '../testing/onnx-graph.ts'
import { inputScope } from './inputs.ts'
import { createNumbers } from './numbers.ts'

/** Lengths of the mask beside ids of [batch, sequence] and a past of [batch, past], as text. */
const maskLengths = (axis: string): string | undefined => {
  const numbers = createNumbers()
  const inputs = { ids: ['batch', 'sequence'], past: ['batch', 'past'], mask: ['batch', axis] }
  const scope = inputScope(graphOf({ inputs, nodes: [], outputs: [] }), numbers, new Map())
  assert.notEqual(typeof scope, 'string')
  if (typeof scope === 'string') return undefined
  return scope.states
    .get('mask')
    ?.lengths?.map((length) => numbers.text(length))
    .join(' ')
}

test('takes an axis that is called a sum of other axes to be as long as these together', () => {
  assert.equal(maskLengths('past + sequence'), 'N past+sequence')
  assert.equal(maskLengths('past + 1'), 'N 1+past')
})

test('takes a sum with a name that no axis but the first has for a name like any other', () => {
  assert.equal(maskLengths('past + other'), 'N past + other')
  assert.equal(maskLengths('batch + sequence'), 'N batch + sequence')
})
