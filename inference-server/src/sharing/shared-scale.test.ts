import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { NamedTensors, Tensor } from '../tensors/tensor.ts'
import { fp32, named } from '../testing/tensors.ts'
import { mayMoveScale } from './shared-scale.ts'

const int64 = (shape: readonly number[], values: readonly number[]): Tensor => ({
  dtype: 'INT64',
  shape,
  data: BigInt64Array.from(values, BigInt),
})

/** Two rows of two tokens, as a tokenizer makes them. */
const tokenized = (over: Readonly<Record<string, Tensor>> = {}): NamedTensors =>
  named({
    input_ids: int64([2, 2], [101, 7, 102, 0]),
    attention_mask: int64([2, 2], [1, 1, 1, 0]),
    ...over,
  })

describe('a scale that others share', () => {
  test('is moved a little at most by what a tokenizer makes', () => {
    assert.equal(mayMoveScale(tokenized()), false)
    assert.equal(mayMoveScale(tokenized({ token_type_ids: int64([2, 2], [0, 1, 0, 1]) })), false)
  })

  const unbounded: Readonly<Record<string, Tensor>> = {
    'a mask of other numbers': int64([2, 2], [1, 1, 3, 3]),
    'a mask of a row of which nothing is seen': int64([2, 2], [1, 1, 0, 0]),
    'a mask of fractions': fp32([2, 2], [1, 1, 1, 0]),
    'a mask of another rank': int64([2, 1, 2], [1, 1, 1, 0]),
  }
  for (const [what, tensor] of Object.entries(unbounded)) {
    test(`may be moved by ${what}`, () => {
      assert.equal(mayMoveScale(tokenized({ attention_mask: tensor })), true)
    })
  }

  test('may be moved by numbers that pick from no table', () => {
    assert.equal(mayMoveScale(tokenized({ ages: int64([2, 1], [1, 2]) })), true)
    assert.equal(mayMoveScale(named({ pixel_values: fp32([2, 1], [1, 2]) })), true)
  })
})
