/** Two graphs are run on the same inputs, in bounded time, and what cannot be compared is said. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sampleNames } from '@gantry/contract/optimizing.ts'
import { readModel } from '../onnx/read-model.ts'
import { readThresholds } from '../onnx/tree-thresholds.ts'
import { writeTensors } from '../samples/tensor-file.ts'
import { openSession, runSession, signatureOf } from '../sessions/session.ts'
import type { Tensor } from '../tensors/tensor.ts'
import { mlp, shifted, slow } from '../testing/models.ts'
import { type Graph, onnxFile } from '../testing/onnx.ts'
import { compareGraphs } from './compare.ts'
import { inputGenerator } from './generated-inputs.ts'
import { comparePair } from './graph-pair.ts'
import type { GraphPair } from './messages.ts'
import { judgingRows } from './sample-file.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-agreement-'))
})
after(() => rm(folder, { recursive: true }))

const golden = (name: string): string => fileURLToPath(new URL(`../../golden/${name}`, import.meta.url))
let graphs = 0
const written = async (graph: Graph): Promise<string> => {
  const path = join(folder, `${graphs++}.onnx`)
  await writeFile(path, onnxFile(graph))
  return path
}
const pairOf = async (one: Graph | string, other: Graph | string = one): Promise<GraphPair> => {
  const path = (graph: Graph | string) => (typeof graph === 'string' ? golden(graph) : written(graph))
  return { before: await path(one), after: await path(other), samples: undefined, seed: 7, budgetMs: 60_000 }
}
const never = new AbortController().signal
const openGraph = async (path: string) => {
  const session = await openSession(path, 1, 'cpu')
  return { session, signature: signatureOf(session, path) }
}

/** A file of samples with one row each, but for the first sample, which has two. */
const sampleFile = async (rows: readonly number[]): Promise<string> => {
  const path = join(folder, 'samples.safetensors')
  const tensors = new Map<string, Tensor>(
    rows.map((value, row) => [
      `${String(row).padStart(sampleNames.digits, '0')}/x`,
      { dtype: 'FP32', shape: [1, 1], data: Float32Array.of(value) },
    ]),
  )
  const numbers = BigInt64Array.from(rows, (_, row) => BigInt(Math.max(0, row - 1)))
  tensors.set(sampleNames.samples, { dtype: 'INT64', shape: [rows.length], data: numbers })
  await writeTensors(path, tensors, { [sampleNames.metadata.format]: '1' })
  return path
}

test('on the samples of a data set, those are run that did not calibrate', async () => {
  const rows = Array.from({ length: 9 }, (_, row) => 1000 + row)
  const pair = { ...(await pairOf(shifted(0), shifted(1))), samples: await sampleFile(rows) }
  const answer = await comparePair(pair)
  assert.ok(answer.kind === 'compared', JSON.stringify(answer))
  const { inputs, largestDifference, sameAnswers } = answer.agreement
  assert.deepEqual([inputs, largestDifference, sameAnswers], ['dataset', 1, 1])
  const judging = judgingRows([0, 0, 1, 2, 3, 4, 5, 6, 7])
  assert.equal(answer.agreement.samples, judging.length)
  assert.equal(new Set(judging.map((row) => Math.max(0, row - 1))).size, 4)
})

test('a single sample judges, too, and equal numbers are divided equally', () => {
  assert.deepEqual(judgingRows([0]), [0])
  // A test of the optimizer (test_dataset.py) has the same six.
  assert.deepEqual(judgingRows([...Array(12).keys()]), [0, 1, 7, 2, 6, 5])
  assert.deepEqual(judgingRows([3, 4, 5, 6]), judgingRows([3, 4, 5, 6]))
  const half = judgingRows(Array.from({ length: 1000 }, (_, index) => index))
  assert.equal(half.length, 500)
  const odd = half.filter((row) => row % 2 === 1).length
  assert.ok(odd > 200 && odd < 300, `${odd} of 500 are odd`)
})

test('inputs are generated for graphs of all kinds', async () => {
  for (const name of [
    'models/translation-marian/encoder_model.onnx',
    'models/token-classification-xlm-roberta/model.onnx',
    'tabular/xgboost-three.onnx',
    'tabular/sklearn-pipeline-names.onnx',
    'tabular/catboost-names.onnx',
    'quantized/digits-cnn-fp16.onnx',
  ]) {
    const answer = await comparePair(await pairOf(name))
    assert.equal(answer.kind === 'compared' && answer.agreement.sameAnswers, 1, JSON.stringify(answer))
  }
})

test('a network that was really quantized answers nearly as before, and another network does not', async () => {
  const near = await comparePair(
    await pairOf('quantized/digits-cnn-fp16.onnx', 'quantized/digits-cnn-int8-dynamic.onnx'),
  )
  assert.ok(near.kind === 'compared' && near.agreement.sameAnswers > 0.8, JSON.stringify(near))
  assert.ok(near.agreement.largestDifference > 0)
  const { constants = [], ...rest } = mlp()
  const others = constants.map((one) =>
    one.name === 'w2'
      ? { ...one, data: Float32Array.from({ length: 192 }, (_, index) => (index % 3) - 1) }
      : one,
  )
  const far = await comparePair(await pairOf(mlp(), { ...rest, constants: others }))
  assert.ok(far.kind === 'compared' && far.agreement.sameAnswers < 0.9, JSON.stringify(far))
})

/** Sums what it is given: a past, and what comes now. */
const summed = (past: 'Identity' | 'Neg'): Graph => ({
  inputs: [
    { name: 'x', datatype: 'FP32', shape: ['batch', 'sequence_length'] },
    { name: 'past', datatype: 'FP32', shape: ['batch', 'past_sequence_length'] },
  ],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', 1] }],
  constants: [{ name: 'last', shape: [1], data: BigInt64Array.of(1n) }],
  nodes: [
    { op: past, inputs: ['past'], outputs: ['kept'] },
    { op: 'Concat', inputs: ['kept', 'x'], outputs: ['all'], attributes: { axis: 1 } },
    { op: 'ReduceSum', inputs: ['all', 'last'], outputs: ['y'] },
  ],
})

test('half of the generated inputs of a decoder go on from a past', async () => {
  const answer = await comparePair(await pairOf(summed('Identity'), summed('Neg')))
  const { sameAnswers = 1 } = answer.kind === 'compared' ? answer.agreement : {}
  assert.ok(sameAnswers >= 0.5 && sameAnswers < 0.6, JSON.stringify(answer))
  for (const model of ['translation-marian/decoder_model_merged.onnx', 'text-generation-gpt2/model.onnx']) {
    const path = golden(`models/${model}`)
    const { session, signature } = await openGraph(path)
    const known = { model: readModel(path), thresholds: readThresholds(path) }
    const inputs = inputGenerator(known, signature, 7)(12, 12, true)
    const cached = inputs.get('use_cache_branch')
    const shape = [...inputs].find(([name]) => name.endsWith('0.key') || name.endsWith('0.decoder.key'))?.[1]
      .shape
    assert.deepEqual([shape?.[2], inputs.get('input_ids')?.shape, cached?.data[0] ?? 1], [11, [1, 1], 1])
    assert.ok((await runSession(session, inputs)).has('logits'))
  }
})

test('inputs that would fill the memory are refused by name', async () => {
  const values = (name: string) => [{ name, datatype: 'FP32' as const, shape: [2 ** 40, 4] }]
  const nodes = [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }]
  const answer = await comparePair(await pairOf({ inputs: values('x'), outputs: values('y'), nodes }))
  assert.deepEqual(answer, {
    kind: 'unknown',
    why: 'no inputs can be generated that its parent answers',
    detail: 'the graph takes 32.0 TiB as x, which is too much to generate',
  })
})

test('a graph that does not say what it takes is not compared, and its words are kept apart', async () => {
  const answer = await comparePair(await pairOf('tabular/sklearn-texts.onnx'))
  assert.deepEqual(answer, {
    kind: 'unknown',
    why: 'no inputs can be generated that its parent answers',
    detail: 'the graph takes texts as text, and does not say which',
  })
})

test('a file that no runtime loads is refused where it is the new one', async () => {
  const pair = await pairOf(shifted(0))
  const broken = join(folder, 'broken.onnx')
  await writeFile(broken, 'no graph')
  assert.equal((await comparePair({ ...pair, after: broken })).kind, 'refused')
  assert.equal((await comparePair({ ...pair, before: broken })).kind, 'unknown')
})

test('graphs that take too long are ended, and nothing is proven', async () => {
  const pair = { ...(await pairOf(slow(3000))), budgetMs: 50 }
  const answer = await compareGraphs(pair, never, 1500)
  assert.ok(answer.kind === 'unknown', JSON.stringify(answer))
  assert.match(answer.why, /took more than|both answered only/)
})

test('an import that is interrupted ends the process', async () => {
  const interrupted = new AbortController()
  const comparing = compareGraphs(await pairOf(slow(3000)), interrupted.signal)
  setTimeout(() => interrupted.abort(), 300)
  await assert.rejects(comparing, { name: 'AbortError' })
})
