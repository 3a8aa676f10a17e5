import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openSession, runSession } from '../sessions/session.ts'
import type { Tensor } from '../tensors/tensor.ts'
import { seededRandom } from '../testing/random.ts'
import { folderServer, type TestServer } from '../testing/server.ts'
import { forest } from '../testing/trees.ts'

let dir = ''
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gantry-forest-'))
  await writeFile(join(dir, 'model.onnx'), forest(100, 3))
})
after(() => rm(dir, { recursive: true }))

const random = seededRandom(7)
const rowsOf = (count: number): Tensor => ({
  dtype: 'FP32',
  shape: [count, 4],
  data: Float32Array.from({ length: count * 4 }, () => random() * 2 - 1),
})

const asked = async (server: TestServer, { shape, data }: Tensor): Promise<Float32Array> => {
  const inputs = [{ name: 'x', datatype: 'FP32', shape, data: [...(data as Float32Array)] }]
  const response = await server.post('/v2/models/m/infer', { inputs })
  const { outputs } = (await response.json()) as { outputs: { name: string; data: number[] }[] }
  return Float32Array.from(outputs.find(({ name }) => name === 'scores')?.data ?? [])
}

const batchingOf = async (server: TestServer): Promise<{ batched: boolean; reason?: string }> => {
  const response = await server.get('/v2/models/m')
  return ((await response.json()) as { gantry: { batching: { batched: boolean; reason?: string } } }).gantry
    .batching
}

test('a model with so many trees that every request runs alone says so, and what would change it', async () => {
  await using server = await folderServer(dir, ['--threads', '2'])
  const { batched, reason } = await batchingOf(server)
  assert.equal(batched, false)
  assert.match(reason ?? '', /so many trees .* with one thread/)
  await using single = await folderServer(dir, ['--threads', '1'])
  assert.equal((await batchingOf(single)).batched, true)
})

for (const [where, args] of [
  ['beside HTTP', ['--inline-ms', '10']],
  ['in a worker', ['--inline-ms', '0']],
] as const)
  test(`with trees, every request of a crowd gets what it gets alone and whole, ${where}`, async () => {
    const sizes = [1, 60, 2, 1, 50, 3, 33, 1, 32, 8, 1, 200, 2, 1, 1, 5]
    const requests = sizes.map(rowsOf)
    const session = await openSession(join(dir, 'model.onnx'), 2, 'cpu')
    const alone: unknown[] = []
    for (const x of requests) {
      const outputs = await runSession(session, new Map([['x', { ...x, data: x.data.slice() } as Tensor]]))
      alone.push((outputs.get('scores') as Tensor).data)
    }
    await session.release()
    await using server = await folderServer(dir, ['--threads', '2', ...args])
    assert.deepEqual(await Promise.all(requests.map((x) => asked(server, x))), alone)
  })
