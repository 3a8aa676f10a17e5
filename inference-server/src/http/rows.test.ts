/** Requests that share runs, and those that may not. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Datatype } from '../tensors/tensor.ts'
import { lookup, mlp, runningTotal } from '../testing/models.ts'
import type { Graph } from '../testing/onnx.ts'
import { type TestServer, testServer } from '../testing/server.ts'

/** Long enough that requests which are sent together share a batch, if anything lets them. */
const together = ['--max-delay-ms', '50']

interface Metadata {
  readonly gantry: {
    readonly batching: { readonly rows: string; readonly batched: boolean; readonly reason?: string }
  }
}

const batchingOf = async ({ get }: TestServer): Promise<Metadata['gantry']['batching']> => {
  const { gantry } = (await (await get('/v2/models/m')).json()) as Metadata
  return gantry.batching
}

const infer = async (
  { post }: TestServer,
  [name, datatype, shape]: readonly [string, Datatype, readonly number[]],
  data: readonly number[],
): Promise<{ readonly status: number; readonly data: readonly number[] | undefined }> => {
  const response = await post('/v2/models/m/infer', { inputs: [{ name, datatype, shape, data }] })
  const { outputs } = (await response.json()) as { outputs?: { data: number[] }[] }
  return { status: response.status, data: outputs?.[0]?.data }
}

/** y = x - mean of x over all rows. */
const demeaned = (): Graph => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['n', 1] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['n', 1] }],
  constants: [{ name: 'axis', shape: [1], data: BigInt64Array.of(0n) }],
  nodes: [
    { op: 'ReduceSum', inputs: ['x', 'axis'], outputs: ['sum'] },
    { op: 'Sub', inputs: ['x', 'sum'], outputs: ['y'] },
  ],
})

/** Keeps rows above 0.5. */
const filtered = (): Graph => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['n', 1] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['kept', 1] }],
  constants: [
    { name: 'half', shape: [], data: Float32Array.of(0.5) },
    { name: 'all', shape: [1], data: BigInt64Array.of(-1n) },
  ],
  nodes: [
    { op: 'Greater', inputs: ['x', 'half'], outputs: ['above'] },
    { op: 'Reshape', inputs: ['above', 'all'], outputs: ['flat'] },
    { op: 'Compress', inputs: ['x', 'flat'], outputs: ['y'], attributes: { axis: 0 } },
  ],
})

describe('a model whose rows are proven independent', () => {
  test('says so in its metadata and metrics', async () => {
    await using server = await testServer(mlp())
    assert.deepEqual(await batchingOf(server), { rows: 'independent', batched: true })
    const metrics = await (await server.get('/metrics')).text()
    assert.match(metrics, /gantry_model_info\{.*rows="independent",batched="true".*\} 1/)
  })

  test('runs each request alone on demand', async () => {
    await using server = await testServer(mlp(), ['--rows', 'alone'])
    const { batched, reason } = await batchingOf(server)
    assert.equal(batched, false)
    assert.match(reason ?? '', /--rows\) is alone/)
  })
})

describe('a model whose rows meet', () => {
  for (const [name, graph, blamed] of [
    ['in a running total', runningTotal(), 'CumSum'],
    ['in a mean', demeaned(), 'ReduceSum'],
  ] as const) {
    test(`${name} says where, in log and metadata, and mixes no callers`, async () => {
      await using server = await testServer(graph, together)
      const { rows, batched } = await batchingOf(server)
      assert.deepEqual([rows, batched], ['unproven', false])
      const line = server.lines.find(({ message }) => message === 'requests run one by one')
      assert.equal(line?.fields['rows'], 'unproven')
      assert.match(String(line?.fields['reason']), new RegExp(`^${blamed} '`))
      const width = blamed === 'CumSum' ? 2 : 1
      const ask = (value: number) => infer(server, ['x', 'FP32', [1, width]], Array(width).fill(value))
      const alone = await ask(3)
      const answers = await Promise.all([1, 2, 3, 4].map(ask))
      assert.deepEqual(answers[2], alone)
    })
  }

  test('is not batched on the word of a user who is wrong', async () => {
    await using server = await testServer(demeaned(), [...together, '--rows', 'independent'])
    assert.deepEqual((await batchingOf(server)).rows, 'coupled')
    const line = server.lines.find(({ message }) => message === 'requests run one by one')
    assert.equal(line?.level, 'warn')
    assert.match(String(line?.fields['reason']), /says independent, which is not followed$/)
  })
})

test('a model that drops rows answers each caller as if alone', async () => {
  await using server = await testServer(filtered(), together)
  assert.equal((await batchingOf(server)).batched, false)
  const ask = (value: number) => infer(server, ['x', 'FP32', [1, 1]], [value])
  const answers = await Promise.all([0.1, 0.9, 0.2].map(ask))
  assert.deepEqual(
    answers.map(({ status, data }) => [status, data?.length]),
    [
      [200, 0],
      [200, 1],
      [200, 0],
    ],
  )
})

test('a request that cannot be computed fails by itself, though others shared its batch', async () => {
  await using server = await testServer(lookup(), together)
  assert.equal((await batchingOf(server)).batched, true)
  const ask = (index: number) => infer(server, ['index', 'INT64', [1]], [index])
  const [good, bad, other] = await Promise.all([1, 99, 3].map(ask))
  assert.notEqual(bad?.status, 200)
  assert.deepEqual([good?.data, other?.data], [[20], [40]])
})
