import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RowMode, Task } from '@gantry/contract/server.ts'
import type { RowProof } from '../rows/proof.ts'
import { quantized } from './closeness.ts'
import { afterProbe, allowed, closenessOf } from './permission.ts'

const independent: RowProof = { verdict: 'independent' }
const because = (verdict: 'scaled' | 'unproven' | 'unbatchable'): RowProof => ({
  verdict,
  reason: `it is ${verdict}`,
})
const asked = (mode: RowMode = 'auto', task: Task = 'tensor') => ({ mode, task })

describe('requests share runs', () => {
  test('of a model whose rows are proven independent', () => {
    assert.deepEqual(allowed(independent, asked()), { rows: 'independent', batched: true })
  })

  test('on the word of the user where nothing is proven', () => {
    const { batched, reason } = allowed(because('unproven'), asked('independent'))
    assert.ok(batched)
    assert.match(reason ?? '', /it is unproven; the settings say that rows are independent/)
  })

  test('that share a scale, where their numbers are bounded: texts and pictures', () => {
    assert.equal(allowed(because('scaled'), asked('auto', 'text-classification')).batched, true)
    assert.equal(allowed(because('scaled'), asked('auto', 'image-classification')).batched, true)
    assert.equal(allowed(because('scaled'), asked('independent')).batched, true)
  })
})

test('the first node to blame is named', () => {
  const proof: RowProof = {
    verdict: 'unproven',
    reason: 'sums over the row axis',
    node: 'pool',
    operator: 'ReduceMean',
  }
  assert.match(allowed(proof, asked()).reason ?? '', /^ReduceMean 'pool' sums over the row axis; /)
})

describe('requests run one by one', () => {
  test('where nothing is proven, and the reason says what to do about it', () => {
    const { batched, reason } = allowed(because('unproven'), asked())
    assert.equal(batched, false)
    assert.match(reason ?? '', /it is unproven; .*set spec.serve.batching.rows \(--rows\) to independent/)
  })

  test('that share a scale with numbers of other callers', () => {
    assert.equal(allowed(because('scaled'), asked()).batched, false)
  })

  test('without a free axis 0, against any setting', () => {
    const { batched, reason } = allowed(because('unbatchable'), asked('independent'))
    assert.equal(batched, false)
    assert.match(reason ?? '', /^it is unbatchable; .* exported with a free first axis/)
  })

  test('when told to', () => {
    assert.equal(allowed(independent, asked('alone')).batched, false)
    assert.deepEqual(allowed(because('scaled'), asked('alone', 'fill-mask')), {
      rows: 'scaled',
      batched: false,
      reason: 'spec.serve.batching.rows (--rows) is alone; it is scaled',
    })
  })

  test('where rows were seen to meet, and who was sure of them hears it', () => {
    const meet = { kind: 'meet', reason: 'rows of output y depend on each other' } as const
    const proof = because('unproven')
    const { reason } = afterProbe(allowed(proof, asked('independent')), proof, meet)
    assert.match(reason ?? '', /says independent, which is not followed$/)
  })

  test('where rows were seen to meet, against any proof and setting', () => {
    const meet = { kind: 'meet', reason: 'rows of output y depend on each other' } as const
    for (const proof of [independent, because('unproven')]) {
      const { rows, batched, reason } = afterProbe(allowed(proof, asked('independent')), proof, meet)
      assert.deepEqual([rows, batched], ['coupled', false])
      assert.match(reason ?? '', /^rows of output y depend on each other; /)
    }
  })
})

test('a probe that could not run, or saw nothing, changes nothing', () => {
  const batching = allowed(independent, asked())
  assert.equal(afterProbe(batching, independent, { kind: 'apart' }), batching)
  assert.equal(afterProbe(batching, independent, { kind: 'failed', cause: 'no' }), batching)
})

test('graphs that compute in 8 bits may come less close', () => {
  const batching = allowed(independent, asked())
  assert.equal(closenessOf(batching, new Set(['QuantizeLinear', 'MatMul'])), quantized)
  assert.equal(closenessOf(batching, new Set(['MatMul'])).share, 0.01)
  assert.equal(
    closenessOf(allowed(because('unproven'), asked('independent')), new Set(['ArgMax'])).oddRows,
    0,
  )
})
