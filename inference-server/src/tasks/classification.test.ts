import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StartError } from '../failures/errors.ts'
import type { Signature, TensorSpec } from '../tensors/tensor.ts'
import { bytes, fp32, named } from '../testing/tensors.ts'
import { classificationHead, classificationResult, prediction } from './classification.ts'
import { argmax, softmax } from './softmax.ts'

const output = (name: string, classes: number, datatype: TensorSpec['datatype'] = 'FP32'): TensorSpec => ({
  name,
  datatype,
  shape: [-1, classes],
  symbols: ['rows', ''],
})

const signature = (...outputs: TensorSpec[]): Signature => ({ inputs: [], outputs })

const logits = (...rows: number[][]) =>
  named({
    logits: {
      dtype: 'FP32',
      shape: [rows.length, rows[0]?.length ?? 0],
      data: Float32Array.from(rows.flat()),
    },
  })

/** Reads results as a request with these parameters does. */
const classifier = (
  known: Signature,
  labels: readonly string[] | undefined,
  { config = {}, parameters = {} }: { readonly config?: object; readonly parameters?: object } = {},
) =>
  classificationHead(known, { config: config as Record<string, unknown> }, labels).read(
    parameters as Record<string, unknown>,
    (name) => name,
  )

describe('softmax', () => {
  test('each row adds up to 1, for logits of any size', () => {
    const probabilities = softmax([1000, 1001, -1000, -1001], 2)
    assert.ok(Math.abs(Number(probabilities[1]) - 0.7310586) < 1e-6)
    assert.ok(Math.abs(Number(probabilities[2]) - 0.7310586) < 1e-6)
  })

  test('argmax takes the first of equals', () => {
    assert.equal(argmax([1, 3, 3, 2]), 1)
  })
})

describe('results', () => {
  test('name the likeliest label', () => {
    const classify = classifier(signature(output('logits', 2)), ['no', 'yes'])
    const result = classify(logits([0, Math.log(3)]))
    assert.deepEqual([result.label, result.score.toFixed(4)], ['yes', '0.7500'])
  })

  test('classes of one name add up', () => {
    const classify = classifier(signature(output('logits', 4)), ['a', 'b', '未知', '未知'])
    const { label, probabilities } = prediction(classify(logits([0, 0, 5, 5])))
    assert.equal(label, '未知')
    assert.deepEqual([...probabilities.keys()], ['a', 'b', '未知'])
    assert.ok(Number(probabilities.get('未知')) > 0.98)
  })

  test('without labels the classes are numbered', () => {
    const classify = classifier(signature(output('logits', 2)), undefined)
    assert.equal(classify(logits([0, 1])).label, 'LABEL_1')
  })

  test('are probabilities of one class of all, of each by itself, or scores, as in transformers', () => {
    const known = signature(output('logits', 2))
    const scored = (config: object, parameters: object) =>
      [...classifier(known, undefined, { config, parameters })(logits([0, Math.log(3)])).probabilities].map(
        (value) => value.toFixed(4),
      )
    assert.deepEqual(scored({}, {}), ['0.2500', '0.7500'])
    assert.deepEqual(scored({}, { function_to_apply: 'sigmoid' }), ['0.5000', '0.7500'])
    assert.deepEqual(scored({}, { function_to_apply: 'none' }), ['0.0000', '1.0986'])
    assert.deepEqual(scored({ problem_type: 'multi_label_classification' }, {}), ['0.5000', '0.7500'])
    assert.deepEqual(scored({ problem_type: 'regression' }, {}), ['0.0000', '1.0986'])
    const one = classifier(signature(output('logits', 1)), undefined)
    assert.equal(one(logits([0])).score, 0.5)
    assert.throws(() => scored({}, { function_to_apply: 'relu' }), /function_to_apply has to be one of/)
  })

  test('an output called probabilities does not go through softmax again', () => {
    const known = signature(output('label', 1, 'INT64'), output('probabilities', 2))
    const classify = classifier(known, undefined)
    const data = Float32Array.of(0.25, 0.75)
    const result = classify(named({ probabilities: { dtype: 'FP32', shape: [1, 2], data } }))
    assert.equal(result.score, 0.75)
  })

  test('as tensors they are label, score and probabilities', () => {
    const classify = classifier(signature(output('logits', 2)), ['no', 'yes'])
    const tensors = classificationResult(classify(logits([3, 3]))).tensors()
    assert.deepEqual(
      [...tensors],
      [
        ['label', bytes([1], ['no'])],
        ['score', fp32([1], [0.5])],
        ['probabilities', fp32([1, 2], [0.5, 0.5])],
      ],
    )
  })
})

describe('a model that does not fit is refused', () => {
  const refused = (
    known: Signature,
    config: Record<string, unknown>,
    labels: string[] | undefined,
    message: RegExp,
  ) =>
    assert.throws(
      () => classificationHead(known, { config }, labels),
      (error: unknown) => error instanceof StartError && message.test(error.message),
    )

  test('without an output of scores', () => {
    refused(
      signature(output('ids', 4, 'INT64')),
      {},
      undefined,
      /only ids INT64 \[-1, 4\]; serve it as task tensor/,
    )
  })

  test('with fewer labels than classes', () => {
    const message = /1 label is given, but output logits has 4; give one for each class/
    refused(signature(output('logits', 4)), {}, ['a'], message)
    // Where the graph leaves the number of classes open, the warm-up tells.
    const { check } = classificationHead(signature(output('logits', -1)), { config: {} }, ['a'])
    assert.throws(() => check(logits([0, 1, 2, 3])), message)
    check(logits([0]))
  })

  test('with more labels than classes', () => {
    refused(
      signature(output('logits', 2)),
      {},
      ['a', 'b', 'c'],
      /3 labels are given, but output logits has 2/,
    )
  })
})
