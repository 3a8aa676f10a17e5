import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { readModel } from '../onnx/read-model.ts'
import { proveFile, proveRows } from '../rows/prove.ts'
import { proveSteps } from './step-proof.ts'

const golden = (...path: string[]): string =>
  join(import.meta.dirname, '..', '..', 'golden', 'models', ...path)
const merged = ['image-to-text', 'translation-beams', 'translation-marian', 'translation-t5']
const single = ['code-generation', 'text-generation-gpt2', 'text-generation-llama']

describe('texts may share the steps', () => {
  for (const name of merged) {
    test(`of ${name}, a merged decoder, and of its encoder`, () => {
      for (const file of ['decoder_model_merged.onnx', 'encoder_model.onnx'])
        assert.deepEqual(proveSteps(golden(name, file)), { verdict: 'independent' })
    })
  }

  for (const name of single)
    test(`of ${name}`, () =>
      assert.deepEqual(proveSteps(golden(name, 'model.onnx')), { verdict: 'independent' }))
})

test('callers of raw tensors may not share a merged decoder, whose switch would have rows of them all', () => {
  assert.equal(proveFile(golden('translation-t5', 'decoder_model_merged.onnx')).verdict, 'unbatchable')
})

test('caches of the source are not read after the first step, where they hold no rows', () => {
  const model = readModel(golden('translation-t5', 'decoder_model_merged.onnx'))
  const later = proveRows(model, { switches: new Map([['use_cache_branch', 1]]) })
  assert.equal(later.verdict, 'unproven')
})
