import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allocationErrors, smallWorker } from '../testing/memory.ts'
import { hungry, identity } from '../testing/models.ts'
import { type TestServer, testServer } from '../testing/server.ts'

const infer = (server: TestServer, ...values: number[]): Promise<Response> =>
  server.post('/v2/models/m/infer', {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [values.length, 1], data: values }],
  })

const resultOf = async (response: Response): Promise<unknown> => {
  const { outputs } = (await response.json()) as { outputs: [{ data: unknown }] }
  return outputs[0].data
}

const deviceOf = async (server: TestServer): Promise<{ active: string; reason?: string }> => {
  const metadata = (await (await server.get('/v2/models/m')).json()) as {
    gantry: { device: { active: string; reason?: string } }
  }
  return metadata.gantry.device
}

const infoOf = async (server: TestServer): Promise<string | undefined> =>
  (await (await server.get('/metrics')).text()).match(/^gantry_model_info\{.*device="(\w+)"/m)?.[1]

test('a model that outgrows the GPU answers from the CPU, and metadata, metric and log say so', async () => {
  const memory = { cuda: 4, cpu: 100, text: allocationErrors[2] }
  await using server = await testServer(identity('FP32', ['batch', 1]), [], () => smallWorker(memory, 'cuda'))
  assert.deepEqual(await resultOf(await infer(server, 1, 2, 3, 4, 5, 6)), [2, 4, 6, 8, 10, 12])
  assert.equal((await deviceOf(server)).active, 'cuda')
  assert.equal(await infoOf(server), 'cuda')
  memory.cuda = 0
  assert.deepEqual(await resultOf(await infer(server, 1, 2, 3, 4, 5, 6)), [2, 4, 6, 8, 10, 12])
  const { active, reason } = await deviceOf(server)
  assert.equal(active, 'cpu')
  assert.match(reason ?? '', /a single row did not fit in the GPU's memory \(CUDA failure 2: out of memory/)
  assert.equal(await infoOf(server), 'cpu')
  const warnings = server.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)
  assert.match(warnings[0] ?? '', /memory ran short: .* at most 4 rows/)
  assert.match(warnings.at(-1) ?? '', /the model runs on the CPU from now on/)
  assert.equal((await server.get('/v2/health/ready')).status, 200)
})

test('what fits nowhere gets a retryable 503 that names the limit, its cause in the log only', async () => {
  await using server = await testServer(hungry(1))
  const response = await infer(server, 1)
  assert.equal(response.status, 503)
  assert.equal(response.headers.get('retry-after'), '1')
  const { error } = (await response.json()) as { error: string }
  assert.match(error, /not enough memory .*spec\.serve\.resources\.limits\.memory/)
  assert.doesNotMatch(error, /allocate/)
  const line = server.lines.find(({ fields }) => fields['kind'] === 'out-of-memory')
  assert.match(String(line?.fields['cause']), /Failed to allocate memory|bad_alloc/)
  assert.match(
    await (await server.get('/metrics')).text(),
    /gantry_request_errors_total\{kind="out-of-memory"\} 1/,
  )
  assert.equal((await server.get('/v2/health/live')).status, 200)
})
