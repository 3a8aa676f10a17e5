import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { BatchRun } from '../batching/runners.ts'
import type { NamedTensors, Signature, Tensor } from '../tensors/tensor.ts'
import { identity, mlp, modelFolder, slow } from '../testing/models.ts'
import type { Graph } from '../testing/onnx.ts'
import { testServer } from '../testing/server.ts'
import { fp32, named } from '../testing/tensors.ts'
import { type NearSession, openQuickRuns, type QuickRunsOptions } from './quick-runs.ts'

const signatureOf = ({ inputs, outputs }: Graph): Signature => {
  const spec = ({ name, datatype, shape }: Graph['inputs'][number]) => ({
    name,
    datatype,
    shape: shape.map((length) => (typeof length === 'number' ? length : -1)),
    symbols: shape.map((length) => (typeof length === 'number' ? '' : length)),
  })
  return { inputs: inputs.map(spec), outputs: outputs.map(spec) }
}

const elsewhere: BatchRun = { outputs: named({ y: fp32([1], [7]) }), inferMs: 1 }

/** Opens `graph` with no limit but the ones that a test sets. */
const opened = async (graph: Graph, options: Partial<QuickRunsOptions> = {}) => {
  await using folder = await modelFolder(graph)
  return openQuickRuns({
    onnxPath: join(folder.dir, 'model.onnx'),
    rows: 4,
    mostMs: 10_000,
    runElsewhere: async () => elsewhere,
    nowMs: () => performance.now(),
    ...options,
  })
}

const row: NamedTensors = named({ x: fp32([1, 4], [1, 2, 3, 4]) })

/** A session that says what it was asked and does as it is told. */
const session = (run: () => Promise<NamedTensors> | NamedTensors) => {
  const calls = { released: 0, runs: 0 }
  const near: NearSession = {
    signature: signatureOf(mlp()),
    run: async () => {
      calls.runs += 1
      // Puts the run off to the next turn, as onnxruntime does.
      await new Promise((resolve) => setImmediate(resolve))
      return run()
    },
    release: async () => {
      calls.released += 1
    },
  }
  return { calls, open: async () => near }
}

describe('a small model runs on this thread', () => {
  test('with the numbers of the workers', async () => {
    await using folder = await modelFolder(mlp())
    const onnxPath = join(folder.dir, 'model.onnx')
    const quick = await openQuickRuns({
      ...{ onnxPath, rows: 4, mostMs: 10_000 },
      runElsewhere: () => assert.fail('a worker was asked'),
      nowMs: () => performance.now(),
    })
    assert.ok(quick)
    const { outputs, inferMs } = await quick.run(row, 1)
    await quick.close()
    assert.ok(inferMs > 0)

    await using away = await testServer(mlp(), ['--inline-ms', '0'])
    await using here = await testServer(mlp(), ['--inline-ms', '10'])
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 4], data: [1, 2, 3, 4] }]
    const answers = [away, here].map(async ({ post }) =>
      (await post('/v2/models/m/infer', { inputs })).text(),
    )
    const [apart, near] = await Promise.all(answers)
    assert.equal(near, apart)
    const { data } = JSON.parse(apart ?? '').outputs[0]
    assert.deepEqual([...((outputs.get('probabilities') as Tensor).data as Float32Array)], data)
  })

  test('until a run takes far too long: then the workers have it for a while', async () => {
    let nowMs = 0
    let takesMs = 0.1
    const { calls, open } = session(() => {
      nowMs += takesMs
      return row
    })
    const quick = await opened(mlp(), { open, mostMs: 0.2, nowMs: () => nowMs })
    assert.ok(quick)
    takesMs = 21
    assert.deepEqual((await quick.run(row, 1)).outputs, row)
    const { runs } = calls
    assert.equal(await quick.run(row, 1), elsewhere)
    assert.equal(calls.runs, runs)
    nowMs += 10_000
    assert.deepEqual((await quick.run(row, 1)).outputs, row)
  })

  test('but what fails is run by the workers, which know why', async () => {
    let fails = false
    const { open } = session(() => {
      if (fails) throw new Error('Failed to allocate memory')
      return row
    })
    const quick = await opened(mlp(), { open })
    assert.ok(quick)
    fails = true
    assert.equal(await quick.run(row, 1), elsewhere)
  })
})

describe('the workers run a model', () => {
  test('when a full batch of it takes too long', async () => {
    const { calls, open } = session(() => row)
    let nowMs = 0
    const slowly = await opened(mlp(), { open, mostMs: 0.2, nowMs: () => (nowMs += 0.5) })
    assert.equal(slowly, undefined)
    assert.equal(calls.released, 1)
  })

  const never = async (): Promise<NearSession> => assert.fail('it was loaded')

  test('when values may decide the size of a tensor in it', async () => {
    assert.equal(await opened(slow(1), { open: never }), undefined)
  })

  test('when an axis is free beside the first', async () => {
    assert.equal(await opened(identity('FP32')), undefined)
  })

  test('when it is large', async () => {
    const data = new Float32Array(2 ** 19)
    const large = {
      ...mlp(),
      constants: [...(mlp().constants ?? []), { name: 'much', shape: [2 ** 19], data }],
    }
    assert.equal(await opened(large, { open: never }), undefined)
  })

  test('when told to', async () => {
    assert.equal(await opened(mlp(), { open: never, mostMs: 0 }), undefined)
  })
})
